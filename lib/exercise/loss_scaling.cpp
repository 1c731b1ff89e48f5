#include <halfulp/lib/exercise/loss_scaling.h>

#include <fmt/format.h>

#include <halfulp/lib/exercise/loss_scaling/digits.h>
#include <halfulp/lib/exercise/loss_scaling/digits_gradients.h>
#include <halfulp/lib/exercise/loss_scaling/dyadic_text.h>
#include <halfulp/lib/exercise/loss_scaling/questions.h>
#include <halfulp/lib/exercise/loss_scaling/vector_error.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

int smallest_exponent(const Format& f) { return 2 - f.bias - f.precision; }

Rational largest_number(const Format& f) { return (2 - pow2(1 - f.precision)) * pow2(f.bias); }

std::string border_explanation() {
    const Borders h = borders(binary16);
    return fmt::format(
        "Small gradients die in fp16, and where is often said wrongly. Its smallest number is 2^{0}, but flushed is only "
        "what lies at or below half of it, {1}: the tie goes to 0, and what lies between {1} and 2^{0} is rounded up to "
        "2^{0}. A gradient need not be flushed to be damaged: below 2^{2}, the smallest normal number, the distance of "
        "neighbours stays 2^{0}, so with each halving a bit is lost. Nor does everything above {3}, the largest number, "
        "overflow: to nearest, what lies below {4} is rounded down to it. bf16 has the exponents of fp32, flushes at "
        "{5}, and needs no scaling; it pays with {6} bits instead of {7}. Every single gradient asked about below is a number of fp32, hence the truth and the fp32 result at once: errors are relative to it.",
        smallest_exponent(binary16), dyadic_text(h.flush), binary16.emin(), dyadic_text(largest_number(binary16)),
        dyadic_text(h.overflow), dyadic_text(borders(bfloat16).flush), bfloat16.precision, binary16.precision);
}

std::string window_explanation() {
    const Borders h = borders(binary16);
    const Rational smallest = pow2(binary16.emin()), largest = largest_number(binary16);
    return fmt::format(
        "To multiply the loss by S multiplies every gradient by S, as the chain rule is linear. If S is a power of two, "
        "that adds no rounding error at all: where no number leaves the normal range it commutes with rounding, through "
        "products and sums too, and only the window slides. Another factor costs a rounding on each way. S keeps all gradients if it takes the smallest "
        "above {0} and the largest below {1}; so some S exists exactly if largest / smallest < {2}, and a power of two "
        "in any case if it is less than half of that. They all are normal numbers, whatever the rounding, if S takes "
        "the smallest to {3} or more and the largest to {4} or less: largest / smallest <= {5}, and for a power of two "
        "in any case half of it. Then, to nearest and with S a power of two, every error is at most 1/{6} of the gradient.",
        dyadic_text(h.flush), dyadic_text(h.overflow), truth::to_text(h.overflow / h.flush), dyadic_text(smallest),
        dyadic_text(largest), truth::to_text(largest / smallest), (1 << binary16.precision) + 1);
}

std::string choice_explanation() {
    const int top = binary16.bias - 1;
    return fmt::format(
        "To choose it: k = {0} - floor(log2 largest) takes the largest gradient into [2^{0}, 2^{1}), the last binade but "
        "one: a factor of two to spare. That serves everything down to 2^{2} of the largest with full precision, and keeps "
        "everything above 2^{3} of it. Who does not know the largest searches as training goes on: halve the factor and "
        "skip the step where something overflows, double it after many steps without.",
        top, top + 1, binary16.emin() - top, smallest_exponent(binary16) - 1 - top);
}

std::string practice_explanation(const StoredLogits& unscaled) {
    const double size = norm(values(parameter_gradients()));
    const std::size_t flushed = predict_fates(binary16, magnitudes(parameter_gradients()), 1).flushed;
    return fmt::format(
        "Four more points decide in practice. It is not the final gradients that have to fit, but every intermediate "
        "one: of the step recorded here {} of the parameters' gradients are flushed without a factor, but {} of the logits', "
        "from which they are computed. Sums over a batch of N need log2(N) bits of headroom if they are "
        "fp16 too. The factor has to be taken out in fp32, which is exact up to 2^{}; fp16 would flush again. And it "
        "has to be taken out before anything looks at magnitudes: the parameters' gradients have the norm {:.3g}, "
        "scaled by 2^{} it is {:.3g}, and clipping that to a threshold meant for the first throws the step away.",
        flushed == 0 ? "none" : share(flushed, parameter_gradients().size()),
        share(unscaled.fates.flushed, digits_logit_gradients.size()),
        smallest_exponent(binary16) - smallest_exponent(binary32), size, step_exponent(),
        size * static_cast<double>(pow2(step_exponent())));
}

std::string conclusion_of(const StoredLogits& stored) {
    const Vector got = values(stored.trip.back), truth = values(logit_gradients());
    const RowError worst = worst_row(got, truth, digits_images);
    const auto row = truth.begin() + static_cast<std::ptrdiff_t>(worst.row * digits_classes);
    return fmt::format(
        "{}: {} of the logits' gradients are flushed, {} subnormal. They err by {:.2g} in the 2-norm; those of the worst "
        "image, number {} with the norm {:.2g}, by {:.2g}.",
        stored.name(), share(stored.fates.flushed, got.size()), stored.fates.subnormal, norm_error(got, truth),
        worst.row + 1, norm(Vector(row, row + digits_classes)), worst.error);
}

std::string conclusion(const std::vector<StoredLogits>& ways) {
    const auto ascending = magnitudes(step_gradients());
    std::string text = fmt::format(
        "For the recorded step the factor is 2^{}: {} keep all of its {} gradients that are not 0. Those of the logits "
        "have the norm {:.2g}.\n\n",
        step_exponent(), to_text(keeping_all(binary16, ascending.front(), ascending.back())), ascending.size(),
        norm(values(logit_gradients())));
    for (const StoredLogits& stored : ways) text += conclusion_of(stored) + "\n\n";
    return text + "The norm of a batch hides what is flushed, as its largest gradients outweigh it. " +
           sums_conclusion(ways.at(0), ways.at(1)) +
           "\n\nObserved is the storage "
           "of gradients that were computed in fp32; what fp16 arithmetic loses on the way comes on top.";
}

}  // namespace

Exercise loss_scaling() {
    const auto ways = stored_logits();
    Exercise exercise{.number = 5,
                      .title = "Loss scaling",
                      .explanation = border_explanation() + "\n\n" + window_explanation() + "\n\n" +
                                     choice_explanation() + "\n\n" + practice_explanation(ways.front()),
                      .questions = {},
                      .conclusion = conclusion(ways)};
    for (const auto& part : {border_questions(), factor_questions(), window_questions(), headroom_questions(),
                             digits_questions(ways), digits_sum_questions(ways)})
        exercise.questions.insert(exercise.questions.end(), part.begin(), part.end());
    return exercise;
}

}  // namespace halfulp
