#pragma once

#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/exact.hpp>

namespace halfulp::truth {

/// The 128 leading bits of function(x), and whether there are more, by MPFR. exp, log, tanh, erf, rsqrt and recip are
/// its own functions, rounded toward zero; sigmoid and gelu are enclosed by directed roundings of exp and erfc in ever
/// more bits, until both ends have the same leading bits. Shared with softfloat: the names of the functions and the type
/// that carries the bits.
/// Where e^x, sigmoid or gelu are beyond 2^10000 or below 2^-10000, another such number stands for them: no format tells
/// them apart.
/// Pre: x is an odd number of at most 64 bits times a power of two; function(x) is a number other than 0.
Sticky mpfr_elementary(Elementary function, const Rational& x);

}  // namespace halfulp::truth
