#pragma once

#include <boost/multiprecision/cpp_int.hpp>
#include <string>

namespace halfulp::truth {

/// Exact rational numbers: the arithmetic of predictions and of oracles. Boost's own integers, so that nothing is
/// shared with MPFR and GMP.
using Rational = boost::multiprecision::cpp_rational;
using Integer = boost::multiprecision::cpp_int;

/// 2^exponent.
Rational pow2(int exponent);

/// Largest e with 2^e <= x. Pre: x > 0.
int floor_log2(const Rational& x);

/// Largest integer <= x.
Integer floor(const Rational& x);

/// x in full: an integer or a decimal fraction of at most 24 digits, else k * 2^e with k odd. Pre: x's denominator is a
/// power of two.
std::string to_text(const Rational& x);

}  // namespace halfulp::truth
