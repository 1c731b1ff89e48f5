#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>

// Arithmetic on the sums of blocks and of rows, which are few: multipliers of lib/accumulate with SoftAdder's bits, sooner.

namespace halfulp::kernel {

/// By the CPU. Pre: the default floating-point environment; of NaNs not the bits.
struct SingleAdder {
    /// a + b in binary32, to nearest even; all four take and return codes.
    std::uint64_t add(std::uint64_t a, std::uint64_t b) const { return code(number(a) + number(b)); }
    /// a - b.
    std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return code(number(a) - number(b)); }
    /// a * b.
    std::uint64_t mul(std::uint64_t a, std::uint64_t b) const { return code(number(a) * number(b)); }
    /// a * b + c, rounded once.
    std::uint64_t fma(std::uint64_t a, std::uint64_t b, std::uint64_t c) const {
        return code(std::fma(number(a), number(b), number(c)));
    }

  private:
    static float number(std::uint64_t code) { return std::bit_cast<float>(static_cast<std::uint32_t>(code)); }
    static std::uint64_t code(float x) { return std::bit_cast<std::uint32_t>(x); }
};

/// By the narrow engine, whatever the CPU's environment.
struct HalfAdder {
    /// a + b in binary16, to nearest even; all four take and return codes.
    std::uint64_t add(std::uint64_t a, std::uint64_t b) const { return narrow::add<binary16>(a, b).code; }
    /// a - b.
    std::uint64_t sub(std::uint64_t a, std::uint64_t b) const { return narrow::sub<binary16>(a, b).code; }
    /// a * b.
    std::uint64_t mul(std::uint64_t a, std::uint64_t b) const { return narrow::mul<binary16>(a, b).code; }
    /// a * b + c, rounded once.
    std::uint64_t fma(std::uint64_t a, std::uint64_t b, std::uint64_t c) const {
        return narrow::fma<binary16>(a, b, c).code;
    }
};

}  // namespace halfulp::kernel
