#pragma once

#include <cstddef>
#include <cstdint>

#include <halfulp/gpu/kernel/device/arithmetic.cuh>

namespace halfulp::device {

/// Every step of the solution of n systems of two equations; elimination.cu says which.
template <class F>
__device__ void eliminate(const typename F::Code* systems, typename F::Code* runs, std::uint32_t n) {
    for_each(n, [=](std::size_t i) {
        const auto* const x = systems + 6 * i;
        auto* const y = runs + 9 * i;
        const auto a11 = x[0], a12 = x[1], a21 = x[2], a22 = x[3], c1 = x[4], c2 = x[5];
        const auto m = y[0] = F::div(a21, a11);
        const auto t = y[1] = F::mul(m, a12);
        const auto u22 = y[2] = F::sub(a22, t);
        const auto s = y[3] = F::mul(m, c1);
        const auto y2 = y[4] = F::sub(c2, s);
        const auto x2 = y[5] = F::div(y2, u22);
        const auto v = y[6] = F::mul(a12, x2);
        const auto w = y[7] = F::sub(c1, v);
        y[8] = F::div(w, a11);
    });
}

}  // namespace halfulp::device
