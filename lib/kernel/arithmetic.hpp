#pragma once

#include <cstdint>
#include <span>

#include <halfulp/lib/kernel/batch.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>

// Arithmetic on many numbers at once: each result is the exact one rounded once, with the same codes and the same flags
// as softfloat's, on every CPU, whatever the length.
//
// The functions take the signed formats with subnormal numbers, of at most 16 bits and a precision of at most 11,
// whose numbers lie within binary32; of the table these are binary16, bfloat16 and all narrower ones but e8m0. Bits
// above a format's width are ignored. They return the flags of all elements together, and those of each one in `each`
// unless that is empty. Every NaN result is Format::nan_code(): of the NaN policies batches know IeeeDefault alone,
// and refuse another Env::nan; which NaN x86, Arm, RISC-V or CUDA deliver, halfulp::compute and halfulp::convert say
// of one element. The spans have one length; the results may replace an operand, and else overlap nothing. What breaks
// a rule throws std::invalid_argument, before anything is written. The floating-point environment of the caller takes
// no part, and is left as it was.

namespace halfulp::kernel {

/// An operand: codes of the operation's format, one an element.
using Codes = std::span<const std::uint16_t>;

/// a + b, rounded once.
Status add(const Format& f, Codes a, Codes b, std::span<std::uint16_t> results, const Env& env = {},
           std::span<Status> each = {}, const Draws& draws = {});
/// a - b, rounded once.
Status sub(const Format& f, Codes a, Codes b, std::span<std::uint16_t> results, const Env& env = {},
           std::span<Status> each = {}, const Draws& draws = {});
/// a * b, rounded once.
Status mul(const Format& f, Codes a, Codes b, std::span<std::uint16_t> results, const Env& env = {},
           std::span<Status> each = {}, const Draws& draws = {});
/// a / b, rounded once.
Status div(const Format& f, Codes a, Codes b, std::span<std::uint16_t> results, const Env& env = {},
           std::span<Status> each = {}, const Draws& draws = {});
/// The square root of a, rounded once.
Status sqrt(const Format& f, Codes a, std::span<std::uint16_t> results, const Env& env = {},
            std::span<Status> each = {}, const Draws& draws = {});
/// a * b + c, rounded once.
Status fma(const Format& f, Codes a, Codes b, Codes c, std::span<std::uint16_t> results, const Env& env = {},
           std::span<Status> each = {}, const Draws& draws = {});

/// One of these operations, reading as many of the operands as it has.
Status compute(Operation operation, const Format& f, Codes a, Codes b, Codes c, std::span<std::uint16_t> results,
               const Env& env = {}, std::span<Status> each = {}, const Draws& draws = {});

}  // namespace halfulp::kernel
