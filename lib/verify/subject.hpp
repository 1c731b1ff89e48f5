#pragma once

#include <string_view>
#include <variant>

#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/operation.hpp>

namespace halfulp {

/// What is verified: an operation or an elementary function, on codes of one format with the result rounded to another.
struct Subject {
    std::variant<Operation, Elementary> function;  ///< what is computed
    Format from, to;                               ///< of the operands; of the result

    bool is_elementary() const { return std::holds_alternative<Elementary>(function); }  ///< else it is an operation
    /// Is it this operation?
    bool is(Operation operation) const { return function == std::variant<Operation, Elementary>(operation); }
    /// Is it an operation of this kind?
    bool is(OperationKind kind) const { return !is_elementary() && kind_of(operation()) == kind; }
    Operation operation() const { return std::get<Operation>(function); }     ///< Pre: it is one
    Elementary elementary() const { return std::get<Elementary>(function); }  ///< Pre: it is one

    /// As the program takes it.
    std::string_view name() const {
        return is_elementary() ? elementary_functions[static_cast<std::size_t>(elementary())].name
                               : name_of(operation());
    }
    /// How many the function takes, 1 to 3.
    unsigned operands() const { return is_elementary() ? 1 : row_of(operation()).operands; }
};

}  // namespace halfulp
