#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include <halfulp/lib/accumulate/accumulator.hpp>
#include <halfulp/lib/plan/grid.hpp>

// Adders that walk an order of lib/accumulate before anything is rounded: what each addition will meet, and how often each
// term is rounded. Their codes are not those of a format.

namespace halfulp::plan {

/// What is known beforehand of the roundings of one result.
struct Roundings {
    double variance = 0;  ///< of errors whose sign is not known: the sum of their mean squares
    double squares = 0;   ///< of errors that are known
    double drift = 0;     ///< the sum of these: near the root of their squares, unless they go one way
    double largest = 0;   ///< magnitude that a running sum reaches

    /// Of the sum of all errors, were they independent.
    double mean_square() const { return variance + squares; }
};

/// Adds codes of binary64. A running sum is on the grid of its binade, so that the smaller operand, as far as it is off that grid,
/// decides the error. The sign of the error is known where that operand is below one unit: it is rounded to nothing, where the
/// sum stagnates, or to a unit. Larger ones may meet a tie, or a sum of another binade.
class TraceAdder {
  public:
    TraceAdder(const Grid& grid, Roundings& seen) : grid_(&grid), seen_(&seen) {}  ///< notes what it sees there

    /// The sum, as binary64 has it; its rounding on the grid is noted.
    std::uint64_t add(std::uint64_t a, std::uint64_t b) const {
        const double x = number(a), y = number(b), result = x + y, unit = grid_->unit(result);
        const bool x_is_smaller = std::abs(x) < std::abs(y);
        // Into the next binade, onto its grid.
        const bool fits = grid_->unit(x_is_smaller ? y : x) < unit && is_multiple(result, unit);
        if (!fits) see(grid_->nearest(x_is_smaller ? x : y), unit);  // a sum has been rounded itself
        return reached(result);
    }
    std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return add(a, code(-number(b))); }  ///< a + (-b)
    /// The product is on no grid.
    std::uint64_t fma(std::uint64_t a, std::uint64_t b, std::uint64_t c) const {
        const double product = number(a) * number(b), sum = number(c), result = sum + product;
        const double unit = grid_->unit(result);
        see(product, unit);
        if (std::abs(sum) < std::abs(product)) seen_->variance += square(offset(sum, unit));
        return reached(result);
    }
    /// Rounded by itself.
    std::uint64_t mul(std::uint64_t a, std::uint64_t b) const {
        const double product = number(a) * number(b);
        see(product, grid_->unit(product));
        return reached(product);
    }

    /// Notes a running sum.
    std::uint64_t reached(double result) const {
        seen_->largest = std::max(seen_->largest, std::abs(result));
        return code(result);
    }
    /// A rounding of which no more is known than the size of what is rounded.
    void round(double x) const { seen_->variance += square(grid_->unit(x)) / 12; }
    const Grid& grid() const { return *grid_; }  ///< of the format that sums

  private:
    static double number(std::uint64_t code) { return std::bit_cast<double>(code); }
    static std::uint64_t code(double number) { return std::bit_cast<std::uint64_t>(number); }
    static double square(double x) { return x * x; }
    static double offset(double x, double unit) { return std::nearbyint(x / unit) * unit - x; }

    void see(double term, double unit) const {
        const double error = offset(term, unit);
        if (std::abs(term) >= unit) {
            seen_->variance += square(error);
        } else {
            seen_->squares += square(error);
            seen_->drift += error;
        }
    }

    const Grid* grid_;
    Roundings* seen_;
};

/// Counts roundings. A code is one more than the most that any term below it went through; 0 is the empty sum, and adding
/// to it is exact.
struct DepthAdder {
    static constexpr std::uint64_t term = 1;  ///< the code of a stored number

    /// one deeper than the deeper one
    std::uint64_t add(std::uint64_t a, std::uint64_t b) const { return a == 0 || b == 0 ? a + b : std::max(a, b) + 1; }
    std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return add(a, b); }  ///< as add
    /// a stored number, rounded once more
    std::uint64_t mul(std::uint64_t, std::uint64_t) const { return term + 1; }
    /// c, or the product, and one rounding
    std::uint64_t fma(std::uint64_t, std::uint64_t, std::uint64_t c) const { return std::max(term, c) + 1; }
};

}  // namespace halfulp::plan

namespace halfulp {

/// The errors of all additions but the last are taken off the terms after them, which are rounded for it, as far as they
/// themselves have no place for what another one left.
template <>
class Kahan<plan::TraceAdder> {
  public:
    explicit Kahan(const plan::TraceAdder& adder) : adder_(adder) {}  ///< of sums that start from 0
    /// One term; what rounding it for the compensation costs is noted.
    void add(std::uint64_t x) {
        const double term = adder_.grid().nearest(std::bit_cast<double>(x));
        if (term == 0) return;
        sum_ += std::bit_cast<double>(x);
        finest_ = std::min(finest_, plan::last_place(term));
        if (rounded_ && adder_.grid().unit(term) > finest_) adder_.round(term);
        rounded_ = rounded_ || !plan::is_multiple(term, adder_.grid().unit(sum_));
        adder_.reached(sum_);
    }
    void add(const Product& x) { add(adder_.mul(x.a, x.b)); }  ///< the product, rounded
    /// Rounded in the end, if it is off the grid.
    std::uint64_t sum() const {
        if (rounded_ && !plan::is_multiple(sum_, adder_.grid().unit(sum_))) adder_.round(sum_);
        return std::bit_cast<std::uint64_t>(sum_);
    }

  private:
    plan::TraceAdder adder_;
    double sum_ = 0, finest_ = INFINITY;  ///< the last place of any term
    bool rounded_ = false;
};

/// A compensated sum is no deeper than its terms: kahan_share_of has what it adds.
template <>
class Kahan<plan::DepthAdder> {
  public:
    explicit Kahan(const plan::DepthAdder& adder) : adder_(adder) {}  ///< of sums that start empty
    void add(std::uint64_t x) { deepest_ = std::max(deepest_, x); }   ///< no deeper than the deepest
    void add(const Product& x) { add(adder_.mul(x.a, x.b)); }         ///< the product, rounded
    std::uint64_t sum() const { return deepest_; }                    ///< the deepest term

  private:
    plan::DepthAdder adder_;
    std::uint64_t deepest_ = 0;
};

/// It rounds products itself.
template <class A>
requires std::same_as<A, plan::TraceAdder> || std::same_as<A, plan::DepthAdder>
class Kahan<RoundsProducts<A>> : public Kahan<A> {
  public:
    /// of the same adder, without the rounding of products
    explicit Kahan(const RoundsProducts<A>& adder) : Kahan<A>(adder.by) {}
};

}  // namespace halfulp
