#include "names.hpp"

#include <fmt/format.h>

#include <charconv>

namespace {

std::optional<std::uint64_t> number(std::string_view digits, int base) {
    std::uint64_t value = 0;
    const char* end = digits.data() + digits.size();
    const auto [stop, failed] = std::from_chars(digits.data(), end, value, base);
    if (digits.empty() || failed != std::errc{} || stop != end) return std::nullopt;
    return value;
}

}  // namespace

std::string known_functions() {
    return halfulp::known_names(halfulp::operations) + ", " + halfulp::known_names(halfulp::elementary_functions);
}

Function named_function(std::string_view name) {
    if (const auto row = halfulp::find_operation(name)) return *row;
    if (const auto row = halfulp::find_elementary(name)) return *row;
    throw halfulp::InputError("expected an operation of " + known_functions() + ", found " + halfulp::shown(name));
}

std::optional<std::uint64_t> whole_number(std::string_view text) { return number(text, 10); }

std::uint64_t hexadecimal(std::string_view text, int width) {
    const bool prefixed = text.starts_with("0x") || text.starts_with("0X");
    const auto value = number(text.substr(prefixed ? 2 : 0), 16);
    if (value && (width == 64 || *value >> width == 0)) return *value;
    throw halfulp::InputError(
        fmt::format("expected a hexadecimal code of at most {} bits, found {}", width, halfulp::shown(text)));
}
