#pragma once

#include <cstdint>

#include <halfulp/softfloat/random.hpp>
#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp::property {

/// The hash of a table of results: 64 bits that depend on every one of them and on their order. Whoever computes the
/// same table in the same order publishes the same hash. FNV-1a on 64-bit words, mixed by SplitMix64's finaliser.
class TableHash {
  public:
    constexpr void add(std::uint64_t word) {
        hash_ ^= word;
        hash_ *= 0x100000001b3;
        hash_ ^= hash_ >> 29;  // a multiplication alone moves nothing downwards
    }
    /// A result: its code, and its exceptions as five bits and one.
    constexpr void add(const Rounded& r) {
        const Status& s = r.status;
        const auto bit = [](bool raised, int place) { return std::uint64_t{raised} << place; };
        add(r.code);
        add(bit(s.inexact, 0) | bit(s.underflow, 1) | bit(s.overflow, 2) | bit(s.divide_by_zero, 3) |
            bit(s.invalid, 4) | bit(s.input_denormal, 5));
    }
    constexpr std::uint64_t value() const { return mixed_bits(hash_); }

  private:
    std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace halfulp::property
