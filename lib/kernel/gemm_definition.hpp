#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <halfulp/lib/kernel/gemm_policy.hpp>
#include <halfulp/softfloat/compute.hpp>

// What gemm.hpp computes, by the emulator.

namespace halfulp::kernel {

/// a * b in the policy's format of accumulation.
constexpr Operand gemm_product(const GemmPolicy& policy, const Operand& a, const Operand& b) {
    return {policy.accumulate, compute(Operation::Mul, policy.accumulate, std::array{a, b}).code};
}

/// a * b + c in the policy's format of accumulation.
constexpr Operand gemm_sum(const GemmPolicy& policy, const Operand& a, const Operand& b, const Operand& c) {
    const Format& f = policy.accumulate;
    if (policy.fused) return {f, compute(Operation::Fma, f, std::array{a, b, c}).code};
    return {f, compute(Operation::Add, f, std::array{gemm_product(policy, a, b), c}).code};
}

/// An element of C from its old code, a row of A and a column of B, functions from k to codes.
constexpr std::uint64_t gemm_element(const GemmPolicy& policy, std::size_t steps, const auto& a, const auto& b,
                                     std::uint64_t old, std::uint64_t alpha, std::uint64_t beta) {
    const Format& f = policy.accumulate;
    const auto is_zero = [&](std::uint64_t code) { return (code & f.magnitude_mask()) == 0; };
    const auto stored = [&](const Operand& x) {
        return compute(Operation::Convert, policy.result, std::array{x}).code;
    };
    const auto scaled = [&] { return gemm_product(policy, {f, beta}, {policy.result, old}); };
    if (steps == 0 || is_zero(alpha)) return is_zero(beta) ? 0 : stored(scaled());
    Operand sum{f, 0};
    for (std::size_t k = 0; k < steps; ++k) sum = gemm_sum(policy, {policy.storage, a(k)}, {policy.storage, b(k)}, sum);
    if (is_zero(beta)) return stored(gemm_product(policy, {f, alpha}, sum));
    return stored(gemm_sum(policy, {f, alpha}, sum, scaled()));
}

}  // namespace halfulp::kernel
