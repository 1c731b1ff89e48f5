#include <halfulp/lib/exercise/loss_scaling/round_trip.h>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

using truth::Rational;

namespace {

/// 1 / factor as a program has it: a binary32 number.
Rational inverse(const Rational& factor) { return value_of(binary32, truth::round(binary32, 1 / factor).code); }

/// Each code times x in binary32.
Answer multiplied(const Observer& observer, const Codes& codes, const Rational& x) {
    return observer.arithmetic(Operation::Mul, binary32, codes, Codes(codes.size(), code_of(binary32, x)));
}

}  // namespace

std::uint64_t rounded_product(const Format& from, const Format& to, std::uint64_t code, const Rational& factor) {
    const std::uint64_t sign = (code & from.sign_bit()) != 0 ? to.sign_bit() : 0;
    const auto value = truth::value(from, code);
    if (!value) return sign | to.inf_code();
    if (*value == 0) return sign;
    const Rational product = *value * factor;
    const auto exact = truth::encode(to, product);
    return exact ? *exact : truth::round(to, product).code;
}

RoundTrip predict_round_trip(const Format& f, const Codes& gradients, const Rational& factor) {
    RoundTrip trip;
    for (const std::uint64_t gradient : gradients) {
        const std::uint64_t scaled = rounded_product(binary32, binary32, gradient, factor);
        trip.stored.push_back(rounded_product(binary32, f, scaled, 1));
        trip.back.push_back(rounded_product(f, binary32, trip.stored.back(), inverse(factor)));
    }
    return trip;
}

Answer observe_stored(const Observer& observer, const Format& f, const Codes& gradients, const Rational& factor) {
    const Answer scaled = multiplied(observer, gradients, factor);
    return scaled.unavailable.empty() ? observer.convert(binary32, f, scaled.codes) : scaled;
}

Answer observe_round_trip(const Observer& observer, const Format& f, const Codes& gradients, const Rational& factor) {
    const Answer stored = observe_stored(observer, f, gradients, factor);
    if (!stored.unavailable.empty()) return stored;
    const Answer widened = observer.convert(f, binary32, stored.codes);
    if (!widened.unavailable.empty()) return widened;
    const Answer back = multiplied(observer, widened.codes, inverse(factor));
    return back.unavailable.empty() ? Answer{joined({stored.codes, back.codes}), {}} : back;
}

Codes joined(const RoundTrip& trip) {
    Codes codes = trip.stored;
    codes.insert(codes.end(), trip.back.begin(), trip.back.end());
    return codes;
}

}  // namespace halfulp
