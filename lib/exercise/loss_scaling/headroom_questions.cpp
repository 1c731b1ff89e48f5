#include <fmt/format.h>

#include <halfulp/lib/exercise/loss_scaling/dyadic_text.hpp>
#include <halfulp/lib/exercise/loss_scaling/questions.hpp>
#include <halfulp/lib/exercise/loss_scaling/round_trip.hpp>
#include <halfulp/lib/exercise/loss_scaling/window.hpp>
#include <halfulp/lib/exercise/prediction.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

constexpr int log2_batch = 5;
constexpr std::size_t batch = 1 << log2_batch;

/// The sum of a batch of equal gradients, each scaled by 2^exponent, one after another in fp16.
Question batch_question(const Rational& gradient, int exponent, std::string claim) {
    const std::uint64_t term = code_of(binary16, gradient * pow2(exponent));
    Codes sums = {term};
    while (sums.size() < batch) {
        const auto sum = truth::value(binary16, sums.back());
        sums.push_back(sum ? truth::round(binary16, *sum + value_of(binary16, term)).code : binary16.inf_code());
    }
    return {.text = fmt::format("fp16: the sum over a batch of {} gradients {}, each times 2^{}", batch,
                                dyadic_text(gradient), exponent),
            .claim = std::move(claim),
            .predicted = describe(binary16, sums.back()),
            .codes = sums,
            .observe =
                [=](const Observer& observer) { return observer.running_sum(binary16, binary16, Codes(batch, term)); },
            .show = show_last(binary16)};
}

}  // namespace

std::vector<Question> headroom_questions() {
    const Rational gradient = 3 * pow2(-8);
    const int exponent = factor_exponent(binary16, gradient);
    const truth::Integer fits = truth::floor(borders(binary16).overflow / (gradient * pow2(exponent)));
    return {batch_question(gradient, exponent,
                           fmt::format("each fits, and so does the sum of {}; one more overflows", fits.str())),
            batch_question(gradient, exponent - log2_batch,
                           fmt::format("log2 {} = {} bits of headroom keep it, here exactly", batch, log2_batch))};
}

}  // namespace halfulp
