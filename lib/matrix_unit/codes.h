#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace halfulp {

/// Throws InputError if a code has more than `width` bits.
void expect_codes(std::string_view name, std::span<const std::uint64_t> codes, int width);

}  // namespace halfulp
