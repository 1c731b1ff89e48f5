#pragma once

#include <cstddef>
#include <cstdint>

#include <halfulp/gpu/kernel/device/mma.cuh>

namespace halfulp::device {

/// d = c, after multiply_add(d, a, b) on a lane's words, of a tile, by one warp. Pre: every array begins at a multiple of
/// 4 bytes.
template <class Mma, class A, class B, class D, class MultiplyAdd>
__device__ void on_tile(std::size_t tile, const A* a, const B* b, const D* c, D* d, MultiplyAdd multiply_add) {
    constexpr std::size_t rows = Mma::a_words == 1 ? 8 : 16, columns = 8;
    constexpr std::size_t words = 4 * Mma::b_words;  // of a row along k
    const unsigned g = lane() / 4, t = lane() % 4;

    std::uint32_t a_words[Mma::a_words], b_words[Mma::b_words];
#pragma unroll
    for (unsigned i = 0; i < Mma::a_words; ++i)
        a_words[i] =
            reinterpret_cast<const std::uint32_t*>(a)[(tile * rows + g + 8 * (i % 2)) * words + t + 4 * (i / 2)];
#pragma unroll
    for (unsigned i = 0; i < Mma::b_words; ++i)
        b_words[i] = reinterpret_cast<const std::uint32_t*>(b)[(tile * columns + g) * words + t + 4 * i];

    constexpr unsigned numbers = rows / 4;  // of D a lane
    typename Mma::Word sums[Mma::d_words] = {};
#pragma unroll
    for (unsigned i = 0; i < numbers; ++i)
        set_number<Mma>(sums, i, c[(tile * rows + g + i / 2 * 8) * columns + 2 * t + i % 2]);
    multiply_add(sums, a_words, b_words);
#pragma unroll
    for (unsigned i = 0; i < numbers; ++i)
        d[(tile * rows + g + i / 2 * 8) * columns + 2 * t + i % 2] = number_of<Mma>(sums, i);
}

/// One instruction on tile block_index().
template <class Mma, class A, class B, class D>
__device__ void probe(const A* a, const B* b, const D* c, D* d) {
    on_tile<Mma>(block_index(), a, b, c, d, Mma::multiply_add);
}

}  // namespace halfulp::device
