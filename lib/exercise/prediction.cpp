#include <halfulp/lib/exercise/prediction.h>

#include <fmt/format.h>

#include <stdexcept>

#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

/// "-1 against the truth 2049 (-0.0488 %)".
std::string difference(const truth::Rational& result, std::string_view name, const truth::Rational& reference) {
    const std::string against = fmt::format("against the {} {}", name, truth::to_text(reference));
    if (result == reference) return "none " + against;
    const truth::Rational error = result - reference;
    if (reference == 0) return fmt::format("{} {}", truth::to_text(error), against);
    return fmt::format("{} {} ({:.3g} %)", truth::to_text(error), against,
                       static_cast<double>(truth::Rational{100 * error / abs(reference)}));
}

}  // namespace

std::uint64_t code_of(const Format& f, const truth::Rational& x) {
    const auto code = truth::encode(f, x);
    if (!code) throw std::logic_error(fmt::format("a prediction is no number of {}", short_name(f)));
    return *code;
}

truth::Rational value_of(const Format& f, std::uint64_t code) { return truth::value(f, code).value(); }

truth::Rational observed_fp32(std::uint64_t code) { return truth::value(binary32, code).value_or(truth::Rational{0}); }

truth::Rational rounded(const Format& f, const truth::Rational& x, Rounding rounding) {
    if (truth::encode(f, x)) return x;
    return value_of(f, truth::round(f, x, {.rounding = rounding}).code);
}

Fact error_fact(const truth::Rational& result, const truth::Rational& truth, const truth::Rational& fp32) {
    return {"error", difference(result, "truth", truth) + ", " + difference(result, "fp32 result", fp32)};
}

std::string checked_claim(bool holds, std::string claim) {
    if (!holds) throw std::logic_error("a claim is not what is predicted: " + claim);
    return claim;
}

std::optional<std::string> special_text(const Format& f, std::uint64_t code) {
    const std::string sign = (code & f.sign_bit()) == 0 ? "" : "-";
    const bool infinite = f.has_inf && (code & f.magnitude_mask()) == f.inf_code();
    const auto value = truth::value(f, code);
    if (!value) return infinite ? sign + "infinity" : "NaN";
    if (*value == 0 && !sign.empty()) return sign + "0";
    return {};
}

std::string describe(const Format& f, std::uint64_t code) {
    const auto special = special_text(f, code);
    return fmt::format("{} ({} {:0{}x})", special ? *special : truth::to_text(value_of(f, code)), short_name(f), code,
                       (f.width + 3) / 4);
}

std::function<std::string(const Codes&)> show_last(const Format& f) {
    return [f](const Codes& codes) { return describe(f, codes.back()); };
}

}  // namespace halfulp
