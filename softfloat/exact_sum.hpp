#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>

#include <halfulp/softfloat/arithmetic.hpp>

namespace halfulp {

/// A sum of any number of terms, exactly: a fixed-point number as wide as the products of binary64 numbers reach
/// (Kulisch's long accumulator), so that adding is integer addition and the order of terms does not matter. value() is
/// rounded once: a dot product of n terms is n products and one rounding.
class ExactSum {
  public:
    /// Pre: a number x is a multiple of 2^-2148 and below 2^2048, as a product of two binary64 numbers is; at most 2^60
    /// terms.
    constexpr void add(const Exact& x) {
        raised_ = raised_ | x.raised;
        nan_ |= x.kind == Kind::NaN;
        if (x.kind == Kind::Inf) (x.negative ? negative_infinity_ : positive_infinity_) = true;
        if (x.kind == Kind::Zero) (x.negative ? negative_zero_ : positive_zero_) = true;
        if (x.kind == Kind::Cancelled || x.kind == Kind::Finite) numbers_ = true;
        if (x.kind == Kind::Finite) add_number(x);
    }

    /// What a chain of exact additions would leave: inf - inf is invalid, zeros of one sign keep it, the sum of opposite
    /// numbers is a zero whose sign the rounding chooses. Without terms +0.
    constexpr Sticky value() const {
        if (nan_ || (positive_infinity_ && negative_infinity_)) {
            const bool opposite = !nan_;
            return Exact::nan(opposite ? raised_ | invalid : raised_);
        }
        if (positive_infinity_ || negative_infinity_) return Exact::inf(negative_infinity_, raised_);
        if (!numbers_ && !(positive_zero_ && negative_zero_)) return Exact::zero(negative_zero_);
        return number();
    }

  private:
    static constexpr int least_exponent = -2148;
    static constexpr std::size_t size = 67;         // (2148 + 2048 + 60 + sign) / 64, rounded up
    using Limbs = std::array<std::uint64_t, size>;  // two's complement, least significant first

    /// To the limbs from `first` on, up to the end of the carry.
    static constexpr void add_at(Limbs& limbs, std::size_t first, std::uint64_t summand) {
        for (std::size_t i = first; summand != 0 && i < size; ++i) {
            limbs[i] += summand;
            summand = limbs[i] < summand ? 1 : 0;
        }
    }
    static constexpr void subtract_at(Limbs& limbs, std::size_t first, std::uint64_t subtrahend) {
        for (std::size_t i = first; subtrahend != 0 && i < size; ++i) {
            const bool borrow = limbs[i] < subtrahend;
            limbs[i] -= subtrahend;
            subtrahend = borrow ? 1 : 0;
        }
    }

    constexpr void add_number(const Exact& x) {
        // Trailing zeros may reach below the least exponent, and are dropped there.
        const int below = std::max(0, least_exponent - x.exp);
        assert(below < 128 && x.sig >> below << below == x.sig && x.top() < 2048);
        const u128 sig = x.sig >> below;
        const int at = x.exp + below - least_exponent, shift = at % 64;
        const auto first = static_cast<std::size_t>(at / 64);
        const u128 high = shift == 0 ? 0 : sig >> (128 - shift), low = sig << shift;
        for (const auto& [limb, bits] : {std::pair{std::size_t{0}, static_cast<std::uint64_t>(low)},
                                         std::pair{std::size_t{1}, static_cast<std::uint64_t>(low >> 64)},
                                         std::pair{std::size_t{2}, static_cast<std::uint64_t>(high)}}) {
            if (x.negative)
                subtract_at(limbs_, first + limb, bits);
            else
                add_at(limbs_, first + limb, bits);
        }
    }

    /// The leading 128 bits or more, and whether there are others.
    constexpr Sticky number() const {
        const bool negative = limbs_.back() >> 63 != 0;
        Limbs magnitude = limbs_;
        if (negative) {
            for (std::uint64_t& limb : magnitude) limb = ~limb;
            add_at(magnitude, 0, 1);
        }
        std::size_t last = size;
        while (last > 0 && magnitude[last - 1] == 0) --last;
        if (last == 0) return Exact{.kind = Kind::Cancelled};
        const auto limb = [&](std::size_t from_last) { return last > from_last ? magnitude[last - 1 - from_last] : 0; };
        const int up = 64 - bit_width(limb(0));
        const u128 leading = (u128{limb(0)} << 64 | limb(1)) << up | (up == 0 ? 0 : limb(2) >> (64 - up));
        bool more = limb(2) << up != 0;
        for (std::size_t i = 3; i < last; ++i) more |= limb(i) != 0;
        const int exp = least_exponent + 64 * (static_cast<int>(last) - 2) - up;
        return {Exact::finite(negative, exp, leading), more};
    }

    Limbs limbs_{};
    Status raised_ = {};
    bool nan_ = false, positive_infinity_ = false, negative_infinity_ = false;
    bool numbers_ = false, positive_zero_ = false, negative_zero_ = false;
};

}  // namespace halfulp
