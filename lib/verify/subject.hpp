#pragma once

#include <string_view>
#include <variant>

#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/operation.hpp>

namespace halfulp {

/// What is verified: an operation or an elementary function, on codes of one format with the result rounded to another.
struct Subject {
    std::variant<Operation, Elementary> function;
    Format from, to;

    bool is_elementary() const { return std::holds_alternative<Elementary>(function); }
    bool is(Operation operation) const { return function == std::variant<Operation, Elementary>(operation); }
    bool is(OperationKind kind) const { return !is_elementary() && kind_of(operation()) == kind; }
    Operation operation() const { return std::get<Operation>(function); }     ///< Pre: it is one
    Elementary elementary() const { return std::get<Elementary>(function); }  ///< Pre: it is one

    std::string_view name() const {
        return is_elementary() ? elementary_functions[static_cast<std::size_t>(elementary())].name
                               : name_of(operation());
    }
    unsigned operands() const { return is_elementary() ? 1 : row_of(operation()).operands; }
};

}  // namespace halfulp
