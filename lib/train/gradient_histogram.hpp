#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>

#include <halfulp/softfloat/format.hpp>

// How large gradients are, as far as loss scaling has to know: what 2^k flushes and overflows is told before anything is
// trained.

namespace halfulp::train {

/// Counts of binary32 magnitudes by their exponent. Powers of two are counted apart: half of a format's least number is a tie,
/// which becomes 0, and all above it does not.
class GradientHistogram {
  public:
    static constexpr int least_exponent = -149, most_exponent = 127;  ///< of binary32, with subnormal numbers

    /// Counts those that are neither 0 nor NaN nor infinite.
    void add(std::span<const float> gradients);
    /// Counts what the other one has counted.
    void add(const GradientHistogram& other);

    std::uint64_t numbers() const { return numbers_; }  ///< neither 0 nor NaN nor infinite
    float largest() const { return largest_; }          ///< magnitude of those
    /// Of magnitudes in [2^exponent, 2^(exponent + 1)).
    std::uint64_t count(int exponent) const;

    /// How many of them, times 2^k, a format rounds to 0: those of magnitude at most half its least number.
    std::uint64_t flushed(const Format& f, int k) const;
    /// flushed() as a share of numbers(); 0 if there are none.
    double flushed_share(const Format& f, int k) const;
    /// Whether one of them, times 2^k, becomes infinite: from half a unit above the format's largest number on.
    bool overflows(const Format& f, int k) const;

  private:
    static constexpr std::size_t exponents = most_exponent - least_exponent + 1;
    std::array<std::uint64_t, exponents> powers_{}, others_{};
    std::uint64_t numbers_ = 0;
    float largest_ = 0;
};

/// The factors 2^first to 2^last, numbers of binary32, of which none overflows and each flushes at most a share; none if last < first.
struct ScaleAdvice {
    int first, last;  ///< exponents of the least and of the greatest factor
    /// 2^best leaves a factor of two to spare below an overflow, and if it can, no more than the share.
    int best;
    double flushed_unscaled, flushed_at_best;  ///< shares of the numbers: by a factor of 1; of 2^best

    bool possible() const { return first <= last; }  ///< is there such a factor?
};

/// Pre: 0 <= share < 1; there is a number.
ScaleAdvice advise(const Format& f, const GradientHistogram& gradients, double share);

}  // namespace halfulp::train
