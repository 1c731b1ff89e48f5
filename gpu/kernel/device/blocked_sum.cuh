#pragma once

#include <cstdint>

#include <halfulp/gpu/kernel/device/mma.cuh>
#include <halfulp/gpu/kernel/device/reduce.cuh>

namespace halfulp::device {

/// All partial sums of n terms by matrix instructions of 16-bit elements, by one warp; blocked_sum.cu says how. `one`
/// is the code of 1.
template <class Mma, class D>
__device__ void blocked_sum(const std::uint16_t* x, D* y, std::uint32_t n, std::uint32_t one) {
    constexpr unsigned depth = 8 * Mma::b_words, numbers = 4;
    const unsigned g = lane() / 4, t = lane() % 4;
    const std::uint32_t ones[2] = {one | one << 16, one | one << 16};
    D sum = {};
    for (std::uint32_t start = 0; start < n; start += depth) {
        const auto term = [=](unsigned row, unsigned k) -> std::uint32_t {
            return k <= row && start + k < n ? x[start + k] : 0;
        };
        std::uint32_t prefixes[Mma::a_words];
#pragma unroll
        for (unsigned i = 0; i < Mma::a_words; ++i) {
            const unsigned row = g + i % 2 * 8, k = 2 * t + i / 2 * 8;
            prefixes[i] = term(row, k) | term(row, k + 1) << 16;
        }
        typename Mma::Word sums[Mma::d_words] = {};
#pragma unroll
        for (unsigned i = 0; i < numbers; ++i) set_number<Mma>(sums, i, sum);
        Mma::multiply_add(sums, prefixes, ones);
#pragma unroll
        for (unsigned i = 0; i < depth / 8; ++i) {
            const std::uint32_t row = g + 8 * i;
            if (t == 0 && start + row < n) y[start + row] = number_of<Mma>(sums, 2 * i);
        }
        constexpr unsigned last_row = 28, last_number = 2 * (depth / 8 - 1);  // of row depth - 1, column 0
        sum = number_from<D>(shuffle_from(word_of(number_of<Mma>(sums, last_number)), last_row));
    }
}

}  // namespace halfulp::device
