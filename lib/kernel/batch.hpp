#pragma once

#include <cstdint>

#include <halfulp/softfloat/random.hpp>

namespace halfulp::kernel {

/// Where the random bits of Rounding::Stochastic come from, 32 for each element: element i is rounded as with
/// Env::random = draw(draws, i). Env::random itself is not read.
struct Draws {
    std::uint64_t seed = 0;   ///< of random_bits
    std::uint64_t first = 0;  ///< index of element 0: an array may be cut into pieces
};

/// In the upper half, as Stochastic reads the leading bits first. Two elements share the 64 bits of one index.
constexpr std::uint64_t draw(const Draws& draws, std::uint64_t i) {
    const std::uint64_t index = draws.first + i, both = random_bits(draws.seed, index / 2);
    return index % 2 == 0 ? both << 32 : both & 0xFFFFFFFF00000000;
}

}  // namespace halfulp::kernel
