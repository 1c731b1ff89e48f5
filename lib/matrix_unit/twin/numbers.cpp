#include <halfulp/lib/matrix_unit/twin/numbers.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include <halfulp/lib/kernel/convert.hpp>

namespace halfulp::twin {
namespace {

/// Codes that the batch conversions take at a time.
using Some = std::array<std::uint32_t, 256>;

float of_binary32(std::uint64_t code) { return std::bit_cast<float>(static_cast<std::uint32_t>(code)); }

float of_integer(const IntegerType& type, std::uint64_t code) {
    const int unused = 64 - type.width;
    const std::uint64_t top = code << unused;
    return type.is_signed ? static_cast<float>(static_cast<std::int64_t>(top) >> unused)
                          : static_cast<float>(top >> unused);
}

void of_format(const Format& format, std::span<const std::uint64_t> from, float* to) {
    Some some;
    for (std::size_t i = 0; i < from.size(); i += some.size()) {
        const auto part = from.subspan(i, std::min(some.size(), from.size() - i));
        std::transform(part.begin(), part.end(), some.begin(),
                       [](std::uint64_t code) { return static_cast<std::uint32_t>(code); });
        kernel::widen(format, std::span(some).first(part.size()), {to + i, part.size()});
    }
}

}  // namespace

void numbers(const Element& element, std::span<const std::uint64_t> from, float* to) {
    if (element.integer)
        std::transform(from.begin(), from.end(), to, [&](auto code) { return of_integer(*element.integer, code); });
    else if (element.format == binary32)
        std::transform(from.begin(), from.end(), to, of_binary32);
    else
        of_format(element.format, from, to);
}

void codes(const Format& format, std::span<const float> from, std::uint64_t nan, std::uint64_t* to) {
    Some some;
    for (std::size_t i = 0; i < from.size(); i += some.size()) {
        const auto part = from.subspan(i, std::min(some.size(), from.size() - i));
        if (format == binary32)
            std::transform(part.begin(), part.end(), some.begin(),
                           [](float x) { return std::bit_cast<std::uint32_t>(x); });
        else
            kernel::narrow(format, part, std::span(some).first(part.size()));
        for (std::size_t j = 0; j < part.size(); ++j) to[i + j] = std::isnan(part[j]) ? nan : some[j];
    }
}

}  // namespace halfulp::twin
