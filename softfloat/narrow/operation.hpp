#pragma once

#include <halfulp/softfloat/narrow.hpp>
#include <halfulp/softfloat/operation.hpp>

namespace halfulp::narrow {

/// An arithmetic operation on codes of F: what halfulp::compute delivers. Pre: one of arithmetic_operations.
template <Format F>
requires(is_narrow(F)) [[nodiscard]] constexpr Rounded compute(Operation operation, const Operands& codes,
                                                               const Env& env = {}) {
    const auto& [a, b, c] = codes;
    switch (operation) {
        case Operation::Add: return add<F>(a, b, env);
        case Operation::Sub: return sub<F>(a, b, env);
        case Operation::Mul: return mul<F>(a, b, env);
        case Operation::Div: return div<F>(a, b, env);
        case Operation::Sqrt: return sqrt<F>(a, env);
        case Operation::Fma: return fma<F>(a, b, c, env);
        default: __builtin_unreachable();
    }
}

}  // namespace halfulp::narrow
