#pragma once

#include <cstdint>

#include <halfulp/softfloat/exact.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::conditioning {

/// Random numbers one after another, the same on every machine.
class Draw {
  public:
    explicit Draw(std::uint64_t seed) : seed_(seed) {}  ///< the same numbers for the same seed

    /// In [0, 1), of 53 bits.
    double uniform() { return static_cast<double>(bits() >> 11) * 0x1p-53; }
    /// In [-1, 1).
    double symmetric() { return 2 * uniform() - 1; }
    /// Twelve uniform numbers less 6 (Irwin and Hall), as lib/workload has them: variance 1, close to normal, and the
    /// same bits with every library.
    double normal() {
        double sum = -6;
        for (int i = 0; i < 12; ++i) sum += uniform();
        return sum;
    }
    /// Below n, by Lemire's product: uniform but for n in 2^64. Pre: n > 0.
    std::uint64_t below(std::uint64_t n) { return static_cast<std::uint64_t>(u128{bits()} * n >> 64); }

  private:
    std::uint64_t bits() { return random_bits(seed_, index_++); }

    std::uint64_t seed_, index_ = 0;
};

}  // namespace halfulp::conditioning
