#pragma once

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <cstdint>

#include <halfulp/softfloat/exact.hpp>

namespace halfulp {

/// A whole number of at most 6144 bits with the two operations that text needs: times and divided by a small number.
class BigUnsigned {
  public:
    constexpr BigUnsigned() = default;
    /// The same number.
    constexpr explicit BigUnsigned(u128 x) {
        for (; x != 0; x >>= 32) limbs_[size_++] = static_cast<std::uint32_t>(x);
    }

    constexpr bool is_zero() const { return size_ == 0; }  ///< is it 0?
    /// Bits up to the leading one; 0 of zero.
    constexpr int bit_width() const {
        if (is_zero()) return 0;
        return 32 * static_cast<int>(size_ - 1) + static_cast<int>(std::bit_width(limbs_[size_ - 1]));
    }
    /// Pre: bit_width() <= 128.
    constexpr u128 to_u128() const {
        assert(bit_width() <= 128);
        u128 x = 0;
        for (std::size_t i = size_; i-- > 0;) x = x << 32 | limbs_[i];
        return x;
    }

    /// *this * factor + summand.
    constexpr void multiply_add(std::uint32_t factor, std::uint32_t summand) {
        std::uint64_t carry = summand;
        for (std::size_t i = 0; i < size_; ++i) {
            carry += std::uint64_t{limbs_[i]} * factor;
            limbs_[i] = static_cast<std::uint32_t>(carry);
            carry >>= 32;
        }
        if (carry == 0) return;
        assert(size_ < limbs_.size());
        limbs_[size_++] = static_cast<std::uint32_t>(carry);
    }

    /// Becomes the quotient, returns the remainder.
    constexpr std::uint32_t divide(std::uint32_t divisor) {
        std::uint64_t rest = 0;
        for (std::size_t i = size_; i-- > 0;) {
            rest = rest << 32 | limbs_[i];
            limbs_[i] = static_cast<std::uint32_t>(rest / divisor);
            rest %= divisor;
        }
        while (size_ > 0 && limbs_[size_ - 1] == 0) --size_;
        return static_cast<std::uint32_t>(rest);
    }

    /// Times base^exponent. Pre: 0 <= exponent; the product fits.
    constexpr void multiply_by_power(std::uint32_t base, int exponent) {
        const Power most = largest_power(base);
        for (; exponent >= most.exponent; exponent -= most.exponent) multiply_add(most.value, 0);
        for (; exponent > 0; --exponent) multiply_add(base, 0);
    }

    /// Becomes the quotient, returns whether a remainder is left. Dividing step by step is dividing at once:
    /// floor(floor(x / a) / b) = floor(x / ab), and ab divides x just when every step leaves remainder 0.
    constexpr bool divide_by_power(std::uint32_t base, int exponent) {
        const Power most = largest_power(base);
        bool rest = false;
        for (; exponent >= most.exponent; exponent -= most.exponent) rest |= divide(most.value) != 0;
        for (; exponent > 0; --exponent) rest |= divide(base) != 0;
        return rest;
    }

  private:
    struct Power {
        std::uint32_t value;
        int exponent;
    };
    /// Of base, the largest power that fits a limb.
    static constexpr Power largest_power(std::uint32_t base) {
        Power power{base, 1};
        while (power.value <= UINT32_MAX / base) power = {power.value * base, power.exponent + 1};
        return power;
    }

    std::array<std::uint32_t, 192> limbs_{};  // least significant first
    std::size_t size_ = 0;                    // how many are in use; the last of them is not 0
};

}  // namespace halfulp
