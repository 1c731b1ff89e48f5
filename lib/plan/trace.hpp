#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>

#include <halfulp/lib/plan/grid.hpp>

// Adders that walk an order of lib/accumulate before anything is rounded: what each addition will meet, and how often each
// term is rounded. Their codes are not those of a format.

namespace halfulp::plan {

/// What is known beforehand of the roundings of one result.
struct Roundings {
    double variance = 0;  ///< of those whose error is anywhere within half a unit: unit^2 / 12 each
    double squares = 0;   ///< of the errors that the terms alone decide
    double drift = 0;     ///< the sum of these: near the root of their squares, unless they go one way
    double largest = 0;   ///< magnitude that a running sum reaches

    /// Mean square of the sum of all errors, were they independent.
    double mean_square() const { return variance + squares; }
};

/// Adds codes of binary64. A running sum is on the grid of its binade, so that an operand below one unit of it decides its
/// rounding alone: to the nearest multiple of the unit, which is nothing at all where the sum stagnates. Other errors are
/// taken for uniform, and there are none where the smaller operand is a multiple of the unit: the larger one is on the grid,
/// unless it is a product that is not rounded by itself.
class TraceAdder {
  public:
    TraceAdder(const Grid& grid, Roundings& seen) : grid_(&grid), seen_(&seen) {}

    std::uint64_t add(std::uint64_t a, std::uint64_t b) const {
        const double x = number(a), y = number(b), smaller = std::abs(x) < std::abs(y) ? x : y;
        return rounded(x + y, smaller, is_multiple(smaller, grid_->unit(x + y)));
    }
    std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return add(a, code(-number(b))); }
    std::uint64_t fma(std::uint64_t a, std::uint64_t b, std::uint64_t c) const {
        const double product = number(a) * number(b), sum = number(c), unit = grid_->unit(sum + product);
        const bool sum_is_on_grid = std::abs(sum) >= std::abs(product) || is_multiple(sum, unit);
        return rounded(sum + product, product, sum_is_on_grid && is_multiple(product, unit));
    }
    /// Rounded by itself.
    std::uint64_t mul(std::uint64_t a, std::uint64_t b) const {
        const double product = number(a) * number(b);
        return rounded(product, product, is_multiple(product, grid_->unit(product)));
    }

  private:
    static double number(std::uint64_t code) { return std::bit_cast<double>(code); }
    static std::uint64_t code(double number) { return std::bit_cast<std::uint64_t>(number); }

    std::uint64_t rounded(double result, double term, bool is_exact) const {
        const double unit = grid_->unit(result);
        seen_->largest = std::max(seen_->largest, std::abs(result));
        if (!is_exact && std::abs(term) < unit) {
            const double error = std::nearbyint(term / unit) * unit - term;
            seen_->squares += error * error;
            seen_->drift += error;
        } else if (!is_exact) {
            seen_->variance += unit * unit / 12;
        }
        return code(result);
    }

    const Grid* grid_;
    Roundings* seen_;
};

/// Counts roundings. A code is one more than the most that any term below it went through; 0 is the empty sum, and adding
/// to it is exact.
struct DepthAdder {
    static constexpr std::uint64_t term = 1;  ///< the code of a stored number

    std::uint64_t add(std::uint64_t a, std::uint64_t b) const { return a == 0 || b == 0 ? a + b : std::max(a, b) + 1; }
    std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return add(a, b); }
    std::uint64_t mul(std::uint64_t, std::uint64_t) const { return term + 1; }
    std::uint64_t fma(std::uint64_t, std::uint64_t, std::uint64_t c) const { return std::max(term, c) + 1; }
};

}  // namespace halfulp::plan
