#pragma once

#include <string>

#include <halfulp/gpu/kernel/expected.hpp>

namespace halfulp::gpu {

/// How what a kernel left differs from what is expected, in one line: the array, how many elements, in which rows and
/// columns, the first with both bits, and what all of them have in common, if they have one of these in common: that they
/// are expected elsewhere, at a fixed distance, or that they are the next number in one direction, at the end of the
/// range, of the other sign. The first array that differs; empty if none does. Pre: the same arrays, of the same sizes.
std::string difference(const Kernel& kernel, const Sizes& sizes, const Arrays& got, const Arrays& wanted);

}  // namespace halfulp::gpu
