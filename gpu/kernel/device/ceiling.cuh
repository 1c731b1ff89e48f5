#pragma once

#include <cstddef>
#include <cstdint>

#include <halfulp/gpu/kernel/device/probe.cuh>

namespace halfulp::device {

/// One instruction after another on a tile, each on what the one before it left; a warp a tile, 4 tiles a block. What a
/// warp waits for is hidden by the others that a multiprocessor has room for. Pre: turns < 2^31.
template <class Mma, class A, class B, class D>
__device__ void chain(const A* a, const B* b, const D* c, D* d, std::uint32_t turns) {
    constexpr std::size_t tiles_of_block = 4;
    constexpr unsigned instructions_of_turn = 16;  // so that counting the turns costs next to nothing
    // ptxas does not know that it is 0. Where fp8 has no instruction (sm_90, sm_100) it would compute a b once, and add that.
    const std::uint32_t nothing = turns >> 31;
    on_tile<Mma>(block_index() * tiles_of_block + warp(), a, b, c, d,
                 [=](typename Mma::Word* sums, const std::uint32_t* a_words, std::uint32_t* b_words) {
#pragma unroll 1
                     for (std::uint32_t turn = 0; turn < turns; ++turn)
#pragma unroll
                         for (unsigned i = 0; i < instructions_of_turn; ++i) {
                             b_words[0] += nothing;
                             Mma::multiply_add(sums, a_words, b_words);
                         }
                 });
}

}  // namespace halfulp::device
