#include <fmt/format.h>

#include <array>

#include <halfulp/lib/exercise/loss_scaling/dyadic_text.h>
#include <halfulp/lib/exercise/loss_scaling/gradient_errors.h>
#include <halfulp/lib/exercise/loss_scaling/questions.h>
#include <halfulp/lib/exercise/loss_scaling/round_trip.h>
#include <halfulp/lib/exercise/loss_scaling/window.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

/// A border, what becomes of a gradient on each side of it, and which side has the border itself.
struct Border {
    Rational Borders::*at;
    std::string_view below, above;
    bool border_is_above;
};

constexpr std::array border_table = {
    Border{&Borders::flush, "0", "the smallest subnormal number", false},
    Border{&Borders::normal, "the largest subnormal number", "the smallest normal number", true},
    Border{&Borders::overflow, "the largest number", "infinity", true},
};

/// A question for the codes of `to` that binary32 codes round to.
Question conversion_question(const Format& to, const Codes& gradients,
                             const std::function<std::string(const Codes&)>& show) {
    Codes codes;
    for (const std::uint64_t gradient : gradients) codes.push_back(rounded_product(binary32, to, gradient, 1));
    return {.text = {},
            .claim = {},
            .predicted = show(codes),
            .codes = codes,
            .observe = [=](const Observer& observer) { return observer.convert(binary32, to, gradients); },
            .show = show,
            .facts = {gradient_errors(to, codes, gradients)}};
}

Question border_question(const Format& f, const Border& border) {
    const Rational at = borders(f).*border.at;
    const std::uint64_t code = code_of(binary32, at);
    Question question = conversion_question(f, {code - 1, code, code + 1, code | binary32.sign_bit()}, show_all(f));
    question.text = fmt::format("{}: the gradient {}, its neighbours in fp32 below and above, and its negative",
                                short_name(f), dyadic_text(at));
    question.claim = fmt::format("{} below, {} above; the border is a tie and goes to the even code, {}", border.below,
                                 border.above, border.border_is_above ? border.above : border.below);
    return question;
}

/// In each binade between the flush and the normal numbers the worst case: half a unit above the power of two.
Question gradual_question(const Format& f) {
    const Rational half = borders(f).flush;
    const int normal = 1 - f.bias, smallest = normal - f.fraction_bits();
    Codes gradients;
    for (int e = normal; e >= smallest; --e) gradients.push_back(code_of(binary32, pow2(e) + half));
    Question question = conversion_question(f, gradients, show_values(f));
    question.text =
        fmt::format("{}: 2^e + {} for e = {} down to {}", short_name(f), dyadic_text(half), normal, smallest);
    question.claim = fmt::format(
        "ties, the worst case of each binade: the error stays {}, while the gradient halves; e + {} of the "
        "significand's {} bits are left",
        dyadic_text(half), 1 - smallest, f.precision);
    question.facts.push_back({"below", fmt::format("between {} and 2^{} the error grows to all of the gradient",
                                                   dyadic_text(half), smallest)});
    return question;
}

}  // namespace

std::vector<Question> border_questions() {
    std::vector<Question> questions;
    for (const Format& f : {binary16, bfloat16}) {
        for (const Border& border : border_table) questions.push_back(border_question(f, border));
        questions.push_back(gradual_question(f));
    }
    return questions;
}

}  // namespace halfulp
