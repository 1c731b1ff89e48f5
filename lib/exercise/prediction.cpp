#include <halfulp/lib/exercise/prediction.hpp>

#include <fmt/format.h>

#include <stdexcept>

#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

std::uint64_t code_of(const Format& f, const truth::Rational& x) {
    const auto code = truth::encode(f, x);
    if (!code) throw std::logic_error(fmt::format("a prediction is no number of {}", short_name(f)));
    return *code;
}

truth::Rational value_of(const Format& f, std::uint64_t code) { return truth::value(f, code).value(); }

std::string describe(const Format& f, std::uint64_t code) {
    const auto value = truth::value(f, code);
    const bool infinite = f.has_inf && (code & f.magnitude_mask()) == f.inf_code();
    const std::string infinity = (code & f.sign_bit()) == 0 ? "infinity" : "-infinity";
    const std::string text = value ? truth::to_text(*value) : infinite ? infinity : "NaN";
    return fmt::format("{} ({} {:0{}x})", text, short_name(f), code, (f.width + 3) / 4);
}

std::function<std::string(const Codes&)> show_last(const Format& f) {
    return [f](const Codes& codes) { return describe(f, codes.back()); };
}

}  // namespace halfulp
