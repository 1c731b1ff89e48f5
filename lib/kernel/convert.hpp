#pragma once

#include <cstdint>
#include <span>

#include <halfulp/lib/kernel/batch.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/format.hpp>

// Conversions of many numbers at once, between binary32 and narrower formats or int8: the SIMD twin of softfloat's convert
// and to_integer, with the same codes and the same flags on every CPU, whatever the length and however many threads. To
// widen is exact, so that two of them, by way of binary32, convert between any two of these types, rounded once.
//
// The functions take the formats whose codes fit the type of the span, of at most 22 bits of precision and in range of
// binary32: either the leading bits of its codes, or with no number below 2^-94, or without zero; of the table all
// but binary64 and binary32. They return the flags of all elements together, and those of each one in `each` unless
// that is empty. Every NaN result is Format::nan_code(): of the NaN policies batches know IeeeDefault alone, and
// refuse another Env::nan; which NaN x86, Arm, RISC-V or CUDA deliver, halfulp::compute and halfulp::convert say of
// one element. The spans have one length, and do not overlap. What breaks a rule throws std::invalid_argument, before
// anything is written.

namespace halfulp::kernel {

/// binary32 to codes, each rounded once.
Status narrow(const Format& to, std::span<const float> from, std::span<std::uint8_t> codes, const Env& env = {},
              std::span<Status> each = {}, const Draws& draws = {}, unsigned threads = 1);
/// To codes in words of 16 bits.
Status narrow(const Format& to, std::span<const float> from, std::span<std::uint16_t> codes, const Env& env = {},
              std::span<Status> each = {}, const Draws& draws = {}, unsigned threads = 1);
/// For the 19 bits of tf32.
Status narrow(const Format& to, std::span<const float> from, std::span<std::uint32_t> codes, const Env& env = {},
              std::span<Status> each = {}, const Draws& draws = {}, unsigned threads = 1);

/// binary32 to integers: what int8 lacks becomes the end of its range, and NaN 0, with invalid and without inexact
/// (OutOfRange::Saturate). Of env it takes the rounding and flush_inputs.
Status narrow(std::span<const float> from, std::span<std::int8_t> to, const Env& env = {}, std::span<Status> each = {},
              const Draws& draws = {}, unsigned threads = 1);

/// Codes to binary32, exactly, unless env flushes outputs that are subnormal there. Bits above the format's width are ignored.
Status widen(const Format& from, std::span<const std::uint8_t> codes, std::span<float> to, const Env& env = {},
             std::span<Status> each = {}, unsigned threads = 1);
/// From codes in words of 16 bits.
Status widen(const Format& from, std::span<const std::uint16_t> codes, std::span<float> to, const Env& env = {},
             std::span<Status> each = {}, unsigned threads = 1);
/// From the 19 bits of tf32.
Status widen(const Format& from, std::span<const std::uint32_t> codes, std::span<float> to, const Env& env = {},
             std::span<Status> each = {}, unsigned threads = 1);
/// Integers to binary32, exactly.
void widen(std::span<const std::int8_t> from, std::span<float> to, unsigned threads = 1);

}  // namespace halfulp::kernel
