#pragma once

#include <cstdint>
#include <span>

#include <halfulp/lib/matrix_unit/element.hpp>

namespace halfulp::twin {

/// The values of codes in binary32. Pre: it has them.
void numbers(const Element& element, std::span<const std::uint64_t> from, float* to);

/// The codes of numbers that the format has.
void codes(const Format& format, std::span<const float> from, std::uint64_t nan, std::uint64_t* to);

}  // namespace halfulp::twin
