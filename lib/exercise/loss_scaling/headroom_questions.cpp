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

constexpr int log2_batch = 5;
constexpr std::size_t batch = 1 << log2_batch;

/// How many terms the sums stand, by their codes.
std::string batch_claim(const Codes& sums, const Rational& exact) {
    const auto overflow = std::find(sums.begin(), sums.end(), binary16.inf_code());
    if (overflow != sums.end())
        return fmt::format("each fits, and so does the sum of {}; one more overflows", overflow - sums.begin());
    return fmt::format("log2 {} = {} bits of headroom keep it, here {}", batch, log2_batch,
                       value_of(binary16, sums.back()) == exact ? "exactly" : "rounded");
}

/// The sum of a batch of equal gradients, each scaled by 2^exponent, one after another in fp16.
Question batch_question(const Rational& gradient, int exponent) {
    const std::uint64_t term = code_of(binary16, gradient * pow2(exponent));
    Codes sums = {term};
    while (sums.size() < batch) {
        const auto sum = truth::value(binary16, sums.back());
        sums.push_back(sum ? truth::round(binary16, *sum + value_of(binary16, term)).code : binary16.inf_code());
    }
    return {.text = fmt::format("fp16: the sum over a batch of {} gradients {}, each times 2^{}", batch,
                                dyadic_text(gradient), exponent),
            .claim = batch_claim(sums, batch * gradient * pow2(exponent)),
            .predicted = describe(binary16, sums.back()),
            .codes = sums,
            .observe =
                [=](const Observer& observer) { return observer.running_sum(binary16, binary16, Codes(batch, term)); },
            .show = show_last(binary16),
            .facts = {gradient_errors(binary16, {sums.back()}, {code_of(binary32, batch * gradient)}, pow2(exponent),
                                      "the exact sum, which fp32 has")}};
}

}  // namespace

std::vector<Question> headroom_questions() {
    const Rational gradient = 3 * pow2(-8);
    const int exponent = factor_exponent(binary16, gradient);
    return {batch_question(gradient, exponent), batch_question(gradient, exponent - log2_batch)};
}

}  // namespace halfulp
