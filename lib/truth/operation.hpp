#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace halfulp::truth {

/// The operations that IEEE 754-2019, 5.4.1, wants correctly rounded: what an oracle can be asked for.
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

}  // namespace halfulp::truth
