#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/operation.hpp>

// What x86-64 with AVX2 does to binary16 by itself: F16C's conversions, and operations by way of binary32 where rounding
// twice does no harm. Its sticky flags are those of all elements together, for nothing.

namespace halfulp::kernel {

/// Whether the CPU's rules are those of env. Of each element it has no flags.
bool cpu_serves_half(const Env& env, bool flags_of_each);

// Each returns the flags, or nothing if this CPU or the rounding lacks what it takes: then nothing has been written.
// Pre: cpu_serves_half.

/// binary32 to binary16, in VCVTPS2PH's roundings: to nearest even, down, up and towards zero.
std::optional<Status> narrow_by_cpu(const float* from, std::uint16_t* codes, std::size_t count, Rounding rounding);
/// binary16 to binary32, exactly.
std::optional<Status> widen_by_cpu(const std::uint16_t* codes, float* to, std::size_t count);
/// Add, Sub, Mul, Div and Sqrt. Sums are rounded twice, which is right to nearest only; the others are exact in binary32
/// or as good as that (odd-inl.h).
std::optional<Status> compute_by_cpu(Operation operation, const std::uint16_t* a, const std::uint16_t* b,
                                     std::uint16_t* results, std::size_t count, Rounding rounding);

}  // namespace halfulp::kernel
