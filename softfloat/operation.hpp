#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/decode.hpp>

namespace halfulp {

/// The operations that IEEE 754-2019, 5.4.1, wants correctly rounded.
enum class Operation : std::uint8_t { Add, Sub, Mul, Div, Sqrt, Fma };

/// Codes, first to last; an operation reads as many as it has operands.
using Operands = std::array<std::uint64_t, 3>;

/// A row for each enumerator, in their order.
struct NamedOperation {
    std::string_view name;
    Operation operation;
    unsigned operands;
};

inline constexpr std::array operations = {
    NamedOperation{"add", Operation::Add, 2},   NamedOperation{"sub", Operation::Sub, 2},
    NamedOperation{"mul", Operation::Mul, 2},   NamedOperation{"div", Operation::Div, 2},
    NamedOperation{"sqrt", Operation::Sqrt, 1}, NamedOperation{"fma", Operation::Fma, 3},
};

/// The operation on codes of f: exact or sticky, not rounded yet.
constexpr Sticky result_of(Operation operation, const Format& f, const Operands& operands) {
    const auto operand = [&](std::size_t i) { return decode(f, operands[i]); };
    switch (operation) {
        case Operation::Add: return add(operand(0), operand(1));
        case Operation::Sub: return sub(operand(0), operand(1));
        case Operation::Mul: return mul(operand(0), operand(1));
        case Operation::Div: return div(operand(0), operand(1));
        case Operation::Sqrt: return sqrt(operand(0));
        case Operation::Fma: return fma(operand(0), operand(1), operand(2));
    }
    __builtin_unreachable();
}

}  // namespace halfulp
