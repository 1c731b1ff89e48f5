#pragma once

#include <cstdint>
#include <span>

#include <halfulp/lib/accumulate/reduction.hpp>
#include <halfulp/softfloat/format.hpp>

// Sums and dot products of arrays, in an order of lib/accumulate/reduction.hpp: the same bits on every CPU and for any
// number of threads.
//
// The result is, bit for bit, halfulp::sum(order, SoftAdder{f}, terms), where f is the accumulator's format and the terms
// are the elements, or products of two, widened to f exactly. So plain sums take a product fused, and Kahan's round it
// first (lib/accumulate/accumulator.hpp); of two numbers of binary16, or two of bfloat16 above 2^-126, it is exact in
// binary32. In the order "exact" the result is halfulp::dot(f, ...) with c = +0: the exact sum, rounded once. All start
// from +0, so that without terms they are +0; every NaN is Format::nan_code(). The floating-point environment of the caller
// takes no part. std::invalid_argument is thrown if two spans differ in length, or f is not one of those named.

namespace halfulp::kernel {

/// The sum of numbers, in binary32.
float sum(const Reduction& order, std::span<const float> x, unsigned threads = 1);
/// The sum of codes of f, binary16 or bfloat16, in binary32.
float sum(const Reduction& order, const Format& f, std::span<const std::uint16_t> x, unsigned threads = 1);
/// The sum of products of numbers, in binary32.
float dot(const Reduction& order, std::span<const float> x, std::span<const float> y, unsigned threads = 1);
/// The sum of products of codes of f, binary16 or bfloat16, in binary32.
float dot(const Reduction& order, const Format& f, std::span<const std::uint16_t> x, std::span<const std::uint16_t> y,
          unsigned threads = 1);

/// The sum of codes of binary16, accumulated there, too.
std::uint16_t sum_in_half(const Reduction& order, std::span<const std::uint16_t> x, unsigned threads = 1);
/// The sum of products of codes of binary16, accumulated there, too. Without `fused` every product is rounded
/// first: by the adder RoundsProducts{SoftAdder{binary16}}.
std::uint16_t dot_in_half(const Reduction& order, std::span<const std::uint16_t> x, std::span<const std::uint16_t> y,
                          bool fused = true, unsigned threads = 1);

/// The sum of integers, exactly.
std::int64_t sum(std::span<const std::int8_t> x, unsigned threads = 1);
/// The sum of products of integers, exactly.
std::int64_t dot(std::span<const std::int8_t> x, std::span<const std::int8_t> y, unsigned threads = 1);

}  // namespace halfulp::kernel
