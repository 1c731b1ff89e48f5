#pragma once

#include <concepts>
#include <cstdint>

#include <halfulp/lib/accumulate/adder.hpp>

// What takes terms one after another and holds their sum. Each starts from 0, whose code is 0. A term is a code or, where
// the adder multiplies, a product of two: the plain sum takes it fused, the others round it first.

namespace halfulp {

/// A term of a dot product.
struct Product {
    std::uint64_t a, b;  ///< codes of the factors
};

template <class A>
concept Accumulator = requires(A accumulator, const A& held, std::uint64_t term) {
    accumulator.add(term);
    { held.sum() } -> std::same_as<std::uint64_t>;
};

/// sum + x, rounded.
template <Adder A>
class Plain {
  public:
    constexpr explicit Plain(const A& adder) : adder_(adder) {}          ///< of sums that start from +0
    constexpr void add(std::uint64_t x) { sum_ = adder_.add(sum_, x); }  ///< one rounded addition
    /// by a fused multiply-add
    constexpr void add(const Product& x) requires(Multiplier<A>) { sum_ = adder_.fma(x.a, x.b, sum_); }
    constexpr std::uint64_t sum() const { return sum_; }  ///< of what was added

  private:
    A adder_;
    std::uint64_t sum_ = 0;
};

/// What the sum took of a term beyond the term itself is taken off the next one (Kahan, CACM 8(1), 1965).
template <Adder A>
class Kahan {
  public:
    constexpr explicit Kahan(const A& adder) : adder_(adder) {}  ///< of sums that start from +0
    /// One term, less what the addition before it lost.
    constexpr void add(std::uint64_t x) {
        const std::uint64_t wanted = adder_.sub(x, excess_), next = adder_.add(sum_, wanted);
        excess_ = adder_.sub(adder_.sub(next, sum_), wanted);
        sum_ = next;
    }
    /// the product, rounded
    constexpr void add(const Product& x) requires(Multiplier<A>) { add(adder_.mul(x.a, x.b)); }
    constexpr std::uint64_t sum() const { return sum_; }  ///< of what was added

  private:
    A adder_;
    std::uint64_t sum_ = 0, excess_ = 0;
};

/// A rounded sum and what the rounding took from it.
struct SumAndError {
    std::uint64_t sum, error;  ///< sum + error is the exact sum, unless it overflows
};

/// sum + error = a + b exactly, to nearest and without overflow, whichever is larger (Knuth, TAOCP 2, 4.2.2, theorem B).
template <Adder A>
constexpr SumAndError two_sum(const A& adder, std::uint64_t a, std::uint64_t b) {
    const std::uint64_t sum = adder.add(a, b);
    const std::uint64_t of_b = adder.sub(sum, a), of_a = adder.sub(sum, of_b);
    return {sum, adder.add(adder.sub(a, of_a), adder.sub(b, of_b))};
}

/// The errors of all additions, summed beside the sum and added to it at the end.
template <Adder A>
class TwoSum {
  public:
    constexpr explicit TwoSum(const A& adder) : adder_(adder) {}  ///< of sums that start from +0
    /// One term; what the addition loses is summed apart.
    constexpr void add(std::uint64_t x) {
        const SumAndError next = two_sum(adder_, sum_, x);
        sum_ = next.sum;
        errors_ = adder_.add(errors_, next.error);
    }
    /// the product, rounded
    constexpr void add(const Product& x) requires(Multiplier<A>) { add(adder_.mul(x.a, x.b)); }
    /// of what was added, and of what was lost
    constexpr std::uint64_t sum() const { return adder_.add(sum_, errors_); }

  private:
    A adder_;
    std::uint64_t sum_ = 0, errors_ = 0;
};

}  // namespace halfulp
