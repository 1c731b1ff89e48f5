#include "checks.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include <halfulp/lib/io/text_file.hpp>

#include "names.hpp"

namespace {

using namespace halfulp;

std::string bound(std::uint64_t number) {
    return number == std::numeric_limits<std::uint64_t>::max() ? "2^64 - 1" : std::to_string(number);
}

bool is_not_negative(const std::string& text) {
    double number = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && at == end && std::isfinite(number) && number >= 0;
}

}  // namespace

CLI::Validator whole(std::uint64_t least, std::uint64_t most) {
    return {[=](std::string& text) {
                const auto number = whole_number(text);
                if (!number || *number < least || *number > most)
                    return fmt::format("expected a whole number from {} to {}, found {}", least, bound(most),
                                       shown(text));
                text = std::to_string(*number);
                return std::string();
            },
            ""};
}

CLI::Validator not_negative() {
    return {[](std::string& text) {
                return is_not_negative(text) ? "" : "expected a number of at least 0, found " + shown(text);
            },
            ""};
}

CLI::Validator file_name() {
    return {[](std::string& text) { return text.empty() ? "expected a file name, found none" : ""; }, ""};
}

CLI::Option* by_commas(CLI::Option* option) { return option->delimiter(',')->allow_extra_args(false); }
