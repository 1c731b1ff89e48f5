#include "names.hpp"

#include <fmt/format.h>

#include <charconv>

std::uint64_t hexadecimal(std::string_view text, int width) {
    const bool prefixed = text.starts_with("0x") || text.starts_with("0X");
    const std::string_view digits = text.substr(prefixed ? 2 : 0);
    std::uint64_t value = 0;
    const auto [stop, failed] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    const bool fits = width == 64 || value >> width == 0;
    if (!digits.empty() && failed == std::errc{} && stop == digits.data() + digits.size() && fits) return value;
    throw halfulp::InputError(
        fmt::format("expected a hexadecimal code of at most {} bits, found {}", width, halfulp::shown(text)));
}
