#pragma once

#include <map>
#include <string_view>

#include <halfulp/gpu/ptx/wanted.h>
#include <halfulp/gpu/ptx/module.hpp>

namespace halfulp::ptx {

/// The spaces of a module's variables whose address is known before it runs, by their names.
using Spaces = std::map<std::string_view, Space>;

/// Holds operands of an instruction against what its row wants there, and adds them to its arguments. Throws InputError,
/// which says what was expected.
class OperandCheck {
  public:
    /// all live as long
    OperandCheck(const Spaces& variables, const Function& function, Instruction& x)
        : variables_(variables), function_(function), x_(x) {}

    void operand(const Wanted& wanted, const Operand& x);  ///< One operand, with what its word allows around it.
    /// One value, without braces. Result and predicate of some instructions may be discarded.
    void scalar(const Wanted& wanted, const Operand& x, const Type& type, bool may_be_discarded);
    /// The elements of a vector, not all of them discarded.
    void elements(const Wanted& wanted, const Operand& x, const Type& type);

  private:
    Type type_of(std::string_view name) const;
    std::size_t count_of(std::string_view count) const;
    void pair(const Wanted& wanted, const Operand& x, const Type& type);
    void address(const Wanted& wanted, const Operand& x);
    void address_of_variable(const Operand& x, Space space) const;
    void special(const Operand& x, const Type& type) const;
    void symbol(const Operand& x, const Type& type) const;
    void registered(const Wanted& wanted, const Operand& x, const Type& type) const;
    void real(const Operand& x, const Type& type) const;
    Space space_of(const Operand& x) const;

    const Spaces& variables_;
    const Function& function_;
    Instruction& x_;
};

}  // namespace halfulp::ptx
