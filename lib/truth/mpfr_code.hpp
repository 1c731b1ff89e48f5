#pragma once

#include <mpfr.h>

#include <cstdint>

#include <halfulp/softfloat/format.hpp>

// Codes as MPFR's numbers. Taken apart and put together here: no decoder and no encoder of softfloat takes part.

namespace halfulp::truth {

bool is_nan(const Format& f, std::uint64_t code);

/// IEEE 754-2019, 6.2.1: the quiet bit is clear, in a format that has more than one NaN.
bool is_signaling_nan(const Format& f, std::uint64_t code);

/// The code, or the zero of its sign if it is a subnormal number.
std::uint64_t without_subnormal(const Format& f, std::uint64_t code);

/// Pre: x has f's precision at least.
void set_code(mpfr_ptr x, const Format& f, std::uint64_t code);

/// The magnitude of a number of at most f's precision and on its grid, counted on beyond the largest one as if the
/// exponent were unbounded; some magnitude beyond it where 64 bits do not reach. Changes x.
std::uint64_t magnitude_of(const Format& f, mpfr_ptr x);

}  // namespace halfulp::truth
