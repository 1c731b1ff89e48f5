#pragma once

#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/narrow.hpp>

namespace halfulp::narrow {

/// halfulp::compute for codes of F: the arithmetic operations by the narrow engine, all others by the exact one.
template <Format F>
requires(is_narrow(F)) [[nodiscard]] constexpr Rounded
    compute(Operation operation, const Operands& codes, const Env& env = {}) {
    const auto& [a, b, c] = codes;
    switch (operation) {
        case Operation::Add: return add<F>(a, b, env);
        case Operation::Sub: return sub<F>(a, b, env);
        case Operation::Mul: return mul<F>(a, b, env);
        case Operation::Div: return div<F>(a, b, env);
        case Operation::Sqrt: return sqrt<F>(a, env);
        case Operation::Fma: return fma<F>(a, b, c, env);
        default: return halfulp::compute(operation, F, codes, env);
    }
}

}  // namespace halfulp::narrow
