#pragma once

#include <cstdint>

namespace halfulp {

/// A bijection of 64 bits that lets every bit of x change every bit of the result with probability near 1/2: the
/// finaliser of SplitMix64 (Steele, Lea & Flood 2014, "Fast Splittable Pseudorandom Number Generators"; Stafford's
/// variant 13).
constexpr std::uint64_t mixed_bits(std::uint64_t x) {
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
    x = (x ^ x >> 27) * 0x94d049bb133111eb;
    return x ^ x >> 31;
}

/// The index-th 64 random bits of a seed: what Env::random takes. Counter-based: no state, hence the same bits in any
/// order, on any number of threads, and on host and device. It is the index-th output of a SplitMix64 generator that
/// was seeded with mixed_bits(seed), so that neighbouring seeds do not deliver each other's sequences shifted.
/// For stochastic rounding, not for cryptography.
constexpr std::uint64_t random_bits(std::uint64_t seed, std::uint64_t index) {
    constexpr std::uint64_t golden_ratio = 0x9e3779b97f4a7c15;  // 2^64 / 1.618..., made odd
    return mixed_bits(mixed_bits(seed) + (index + 1) * golden_ratio);
}

}  // namespace halfulp
