#include <halfulp/lib/exercise/loss_scaling/window_question.h>

#include <fmt/format.h>

#include <algorithm>

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

/// The fp32 number before or after a positive one, or itself.
Rational neighbour(const Rational& x, int step) {
    return value_of(binary32, code_of(binary32, x) + static_cast<std::uint64_t>(step));
}

constexpr int shift = 20;

/// Two gradients, what 2^shift makes of them, and where in fp16 that is.
struct Pair {
    std::string name;
    Rational smallest, largest;

    Codes gradients() const {
        return {code_of(binary32, smallest * pow2(-shift)), code_of(binary32, largest * pow2(-shift))};
    }
};

/// Some factors keep both, but no power of two does.
Pair between_powers() {
    return {fmt::format("on the border of flush and on 2^{}", binary16.bias), borders(binary16).flush,
            pow2(binary16.bias)};
}

std::vector<Pair> pairs() {
    const Borders b = borders(binary16);
    const Rational below_overflow = neighbour(b.overflow, -1);
    return {
        {"inside the borders of flush and overflow, by an fp32 unit each", neighbour(b.flush, 1), below_overflow},
        {"on the borders of flush and overflow", b.flush, b.overflow},
        between_powers(),
        {"on the border of normal numbers and below that of overflow", b.normal, below_overflow},
        {"below the border of normal numbers and below that of overflow", neighbour(b.normal, -1), below_overflow},
    };
}

std::string name_of(const Pair& pair) { return fmt::format("two gradients that 2^{} puts {}", shift, pair.name); }

/// Halfway between two powers of two, where neither keeps both.
Question other_factor_question() {
    const Pair pair = between_powers();
    const Rational factor = 3 * pow2(shift - 1);
    const Codes gradients = pair.gradients(), codes = predict_round_trip(binary16, gradients, factor).stored;
    const bool kept =
        std::all_of(codes.begin(), codes.end(), [](auto code) { return code != 0 && code < binary16.inf_code(); }) &&
        keeping_all(binary16, value_of(binary32, gradients.front()), value_of(binary32, gradients.back())).empty();
    return {
        .text = fmt::format("{}, times {} in fp16", name_of(pair), dyadic_text(factor)),
        .claim = checked_claim(
            kept,
            "both kept: a factor that is no power of two may fit where none of them does, at the price of its roundings"),
        .predicted = show_all(binary16)(codes),
        .codes = codes,
        .observe = [=](const Observer& observer) { return observe_stored(observer, binary16, gradients, factor); },
        .show = show_all(binary16),
        .facts = {gradient_errors(binary16, codes, gradients, factor)}};
}

}  // namespace

std::vector<Question> window_questions() {
    std::vector<Question> questions;
    for (const Pair& pair : pairs()) questions.push_back(window_question(name_of(pair), pair.gradients()));
    questions.push_back(other_factor_question());
    return questions;
}

}  // namespace halfulp
