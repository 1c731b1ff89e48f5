#include <fmt/format.h>

#include <algorithm>

#include <halfulp/lib/exercise/loss_scaling/dyadic_text.hpp>
#include <halfulp/lib/exercise/loss_scaling/questions.hpp>
#include <halfulp/lib/exercise/loss_scaling/round_trip.hpp>
#include <halfulp/lib/exercise/prediction.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

std::string show_round_trip(const Codes& codes) {
    return fmt::format("{} stored, {} back", dyadic_text(binary16, codes.front()), dyadic_text(binary32, codes.back()));
}

/// One gradient in fp16 with a factor: what is stored and what comes back.
Question round_trip_question(const Rational& gradient, const Rational& factor, std::string claim) {
    const Codes gradients = {code_of(binary32, gradient)};
    const Codes codes = joined(predict_round_trip(binary16, gradients, factor));
    return {
        .text = fmt::format("fp16: {0} times {1}, stored, and unscaled by fp32's 1/{1}", dyadic_text(gradient),
                            dyadic_text(factor)),
        .claim = std::move(claim),
        .predicted = show_round_trip(codes),
        .codes = codes,
        .observe = [=](const Observer& observer) { return observe_round_trip(observer, binary16, gradients, factor); },
        .show = show_round_trip};
}

Question rescue_question(const Rational& factor, std::string claim) {
    return round_trip_question(pow2(-27), factor, std::move(claim));
}

/// 1 + 2^-10, which fp16 has, under a factor.
Question exact_gradient_question(int factor, std::string claim) {
    const Rational gradient = 1 + pow2(1 - binary16.precision);
    Question question = round_trip_question(gradient, factor, std::move(claim));
    const Rational back = value_of(binary32, question.codes.back());
    const Rational product = gradient * factor;
    question.facts = {
        {"exact", fmt::format("the product is {}, stored is {}", dyadic_text(product),
                              dyadic_text(value_of(binary16, question.codes.front())))},
        {"error", fmt::format("relative: {:.3g}", static_cast<double>(abs(Rational{back / gradient - 1})))}};
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
        .show = [](const Codes& observed) { return "the last: " + show_last(binary16)(observed); }};
}

/// A scaled gradient multiplied by the inverse factor in fp16 instead of fp32.
Question unscaled_in_fp16_question(const Rational& gradient, int exponent, std::string claim) {
    const std::uint64_t scaled = code_of(binary16, gradient * pow2(exponent));
    const std::uint64_t inverse = code_of(binary16, pow2(-exponent));
    const std::uint64_t code = rounded_product(binary16, binary16, scaled, pow2(-exponent));
    return {
        .text = fmt::format("fp16: {}, stored times 2^{}, and divided by it in fp16", dyadic_text(gradient), exponent),
        .claim = std::move(claim),
        .predicted = show_all(binary16)({code}),
        .codes = {code},
        .observe =
            [=](const Observer& observer) {
                return observer.arithmetic(Operation::Mul, binary16, std::span(&scaled, 1), std::span(&inverse, 1));
            },
        .show = show_all(binary16)};
}

}  // namespace

std::vector<Question> factor_questions() {
    const int exponent = 10;
    return {rescue_question(1, "flushed: nothing comes back"),
            rescue_question(pow2(exponent),
                            "comes back exactly: the scaled gradient is a number of fp16, and fp32 divides "
                            "by a power of two exactly"),
            power_question(),
            exact_gradient_question(1024, "comes back exactly: only the exponent has changed"),
            exact_gradient_question(1000,
                                    "does not come back, although fp16 has it: the product needs more bits, and so "
                                    "does the inverse of the factor"),
            unscaled_in_fp16_question(pow2(-27), exponent, "flushed again: what is unscaled has to leave fp16 first"),
            unscaled_in_fp16_question((1 + pow2(1 - binary16.precision)) * pow2(-20), exponent,
                                      "the last bits are lost again, as below 2^-14 they always are")};
}

}  // namespace halfulp
