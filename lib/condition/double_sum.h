#pragma once

#include <bit>
#include <cstdint>

#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/exact_sum.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp::conditioning {

/// An exact sum of binary64 numbers and products of two. Pre: finite numbers.
class DoubleSum {
  public:
    void add(double x) { sum_.add(exact(x)); }                           ///< one number
    void add(double x, double y) { sum_.add(mul(exact(x), exact(y))); }  ///< The exact product x y.

    /// Rounded once, to nearest even.
    double value() const { return std::bit_cast<double>(round_pack(binary64, sum_.value()).code); }

  private:
    static Exact exact(double x) { return decode(binary64, std::bit_cast<std::uint64_t>(x)); }

    ExactSum sum_;
};

}  // namespace halfulp::conditioning
