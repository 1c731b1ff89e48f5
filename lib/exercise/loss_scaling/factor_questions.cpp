#include <fmt/format.h>

#include <algorithm>

#include <halfulp/lib/exercise/loss_scaling/dyadic_text.h>
#include <halfulp/lib/exercise/loss_scaling/gradient_errors.h>
#include <halfulp/lib/exercise/loss_scaling/questions.h>
#include <halfulp/lib/exercise/loss_scaling/round_trip.h>
#include <halfulp/lib/exercise/loss_scaling/window.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

std::string show_round_trip(const Codes& codes) {
    return fmt::format("{} stored, {} back", dyadic_text(binary16, codes.front()), dyadic_text(binary32, codes.back()));
}

bool has(const Format& f, const Rational& x) { return truth::encode(f, x).has_value(); }

/// What comes back of a gradient, and why.
std::string round_trip_claim(const Rational& gradient, const Rational& factor, const Codes& codes) {
    const Rational product = gradient * factor, back = value_of(binary32, codes.back());
    const bool product_fits = has(binary16, product), inverse_fits = has(binary32, 1 / factor);
    if (const Rational flush = borders(binary16).flush; back == 0)
        return checked_claim(
            product <= flush,
            fmt::format("flushed: nothing comes back, as the product is not above {}", dyadic_text(flush)));
    if (back == gradient)
        return checked_claim(product_fits && inverse_fits,
                             "comes back exactly: the scaled gradient is a number of fp16, and fp32 has the inverse of "
                             "the factor");
    return checked_claim(has(binary16, gradient) && !product_fits && !inverse_fits,
                         "does not come back, although fp16 has it: the product needs more bits, and so does the "
                         "inverse of the factor");
}

/// One gradient in fp16 with a factor: what is stored and what comes back.
Question round_trip_question(const Rational& gradient, const Rational& factor) {
    const Codes gradients = {code_of(binary32, gradient)};
    const Codes codes = joined(predict_round_trip(binary16, gradients, factor));
    return {
        .text = fmt::format("fp16: {0} times {1}, stored, and unscaled by fp32's 1/{1}", dyadic_text(gradient),
                            dyadic_text(factor)),
        .claim = round_trip_claim(gradient, factor, codes),
        .predicted = show_round_trip(codes),
        .codes = codes,
        .observe = [=](const Observer& observer) { return observe_round_trip(observer, binary16, gradients, factor); },
        .show = show_round_trip,
        .facts = {gradient_errors(binary32, {codes.back()}, gradients)}};
}

/// 1 + 2^-10, which fp16 has, under a factor.
Question exact_gradient_question(int factor) {
    const Rational gradient = 1 + pow2(1 - binary16.precision);
    Question question = round_trip_question(gradient, factor);
    const Rational product = gradient * factor;
    question.facts.push_back({"exact", fmt::format("the product is {}, stored is {}", dyadic_text(product),
                                                   dyadic_text(value_of(binary16, question.codes.front())))});
    return question;
}

// Significands of up to 24 bits, below and above a tie and on one, with an even and an odd bit before it.
Codes significands() {
    const Rational half = pow2(-binary16.precision), last = pow2(1 - binary32.precision);
    Codes codes;
    for (const Rational& x :
         {Rational{1 + 2 * half}, Rational{1 + half - last}, Rational{1 + half}, Rational{1 + half + last},
          Rational{1 + 3 * half}, Rational{2 - half}, Rational{2 - last}})
        codes.push_back(code_of(binary32, x));
    return codes;
}

/// For each power of two that leaves the significands in the normal range: their scaled and rounded codes.
Question power_question() {
    const Codes gradients = significands();
    const int first = 1 - binary16.bias, last = binary16.bias - 1;
    Codes codes;
    for (int k = first; k <= last; ++k)
        for (const std::uint64_t gradient : gradients) {
            const std::uint64_t unscaled = rounded_product(binary32, binary16, gradient, 1);
            codes.push_back(code_of(binary16, pow2(k) * value_of(binary16, unscaled)));
        }
    const auto observe = [=](const Observer& observer) {
        Answer all;
        for (int k = first; k <= last; ++k) {
            const Answer stored = observe_stored(observer, binary16, gradients, pow2(k));
            if (!stored.unavailable.empty()) return stored;
            all.codes.insert(all.codes.end(), stored.codes.begin(), stored.codes.end());
        }
        return all;
    };
    return {
        .text =
            fmt::format("fp16: {} significands around ties, each times 2^{} to 2^{}", gradients.size(), first, last),
        .claim = "2^k times what the unscaled one rounds to: in the normal range a power of two commutes with rounding",
        .predicted = "the last: " + show_last(binary16)(codes),
        .codes = codes,
        .observe = observe,
        .show = [](const Codes& observed) { return "the last: " + show_last(binary16)(observed); },
        .facts = {gradient_errors(binary16,
                                  Codes(codes.end() - static_cast<std::ptrdiff_t>(gradients.size()), codes.end()),
                                  gradients, pow2(last))}};
}

/// Why a scaled gradient does not come back if it is unscaled in fp16.
std::string unscaled_in_fp16_claim(const Rational& gradient, const Rational& factor, const Codes& codes) {
    const Rational back = value_of(binary16, codes.back());
    const bool kept_by_factor = value_of(binary16, codes.front()) == gradient * factor;
    if (back == 0) return checked_claim(kept_by_factor, "flushed again: what is unscaled has to leave fp16 first");
    return checked_claim(
        kept_by_factor && back != gradient && gradient < pow2(binary16.emin()),
        fmt::format("rounded again, to what fp16 has below 2^{}: what is unscaled has to leave fp16 first",
                    binary16.emin()));
}

/// A gradient scaled, stored, and multiplied by the inverse factor in fp16 instead of fp32.
Question unscaled_in_fp16_question(const Rational& gradient, int exponent) {
    const Codes gradients = {code_of(binary32, gradient)}, inverse = {code_of(binary16, pow2(-exponent))};
    const std::uint64_t scaled = predict_round_trip(binary16, gradients, pow2(exponent)).stored.front();
    const Codes codes = {scaled, rounded_product(binary16, binary16, scaled, pow2(-exponent))};
    const auto observe = [=](const Observer& observer) {
        Answer stored = observe_stored(observer, binary16, gradients, pow2(exponent));
        if (!stored.unavailable.empty()) return stored;
        const Answer back = observer.arithmetic(Operation::Mul, binary16, stored.codes, inverse);
        return back.unavailable.empty() ? Answer{joined({stored.codes, back.codes}), {}} : back;
    };
    return {.text = fmt::format("fp16: {0}, stored times 2^{1}, and multiplied by 2^-{1} in fp16",
                                dyadic_text(gradient), exponent),
            .claim = unscaled_in_fp16_claim(gradient, pow2(exponent), codes),
            .predicted = show_all(binary16)(codes),
            .codes = codes,
            .observe = observe,
            .show = show_all(binary16),
            .facts = {gradient_errors(binary16, {codes.back()}, gradients)}};
}

}  // namespace

std::vector<Question> factor_questions() {
    const int exponent = 10;
    return {round_trip_question(pow2(-27), 1),
            round_trip_question(pow2(-27), pow2(exponent)),
            power_question(),
            exact_gradient_question(1024),
            exact_gradient_question(1000),
            unscaled_in_fp16_question(pow2(-27), exponent),
            unscaled_in_fp16_question((1 + pow2(1 - binary16.precision)) * pow2(-20), exponent)};
}

}  // namespace halfulp
