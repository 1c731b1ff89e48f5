#include <halfulp/lib/exercise/loss_scaling/dyadic_text.h>

#include <fmt/format.h>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

using truth::Integer;
using truth::Rational;

namespace {

std::function<std::string(const Codes&)> joined_by_comma(std::function<std::string(std::uint64_t)> text) {
    return [text = std::move(text)](const Codes& codes) {
        std::string all;
        for (const std::uint64_t code : codes) all += (all.empty() ? "" : ", ") + text(code);
        return all;
    };
}

}  // namespace

std::string dyadic_text(const Rational& x) {
    if (x == 0 || (abs(x) >= 1 && abs(x) < truth::pow2(17))) return truth::to_text(x);
    const Integer n = abs(numerator(x));
    const int exponent = static_cast<int>(lsb(n)) - static_cast<int>(msb(denominator(x)));
    const Integer odd = n >> lsb(n);
    return fmt::format("{}{}2^{}", x < 0 ? "-" : "", odd == 1 ? "" : odd.str() + " * ", exponent);
}

std::string dyadic_text(const Format& f, std::uint64_t code) {
    const auto special = special_text(f, code);
    return special ? *special : dyadic_text(value_of(f, code));
}

std::function<std::string(const Codes&)> show_all(const Format& f) {
    return joined_by_comma([f](std::uint64_t code) {
        return fmt::format("{} ({} {:0{}x})", dyadic_text(f, code), short_name(f), code, (f.width + 3) / 4);
    });
}

std::function<std::string(const Codes&)> show_values(const Format& f) {
    return joined_by_comma([f](std::uint64_t code) { return dyadic_text(f, code); });
}

}  // namespace halfulp
