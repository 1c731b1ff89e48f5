#include <fmt/format.h>

#include <algorithm>

#include <halfulp/lib/exercise/loss_scaling/digits.h>
#include <halfulp/lib/exercise/loss_scaling/digits_gradients.h>
#include <halfulp/lib/exercise/loss_scaling/dyadic_text.h>
#include <halfulp/lib/exercise/loss_scaling/questions.h>
#include <halfulp/lib/exercise/loss_scaling/vector_error.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;

std::size_t zeros(const Codes& fp32_codes) {
    const auto zero = [](std::uint64_t code) { return (code & binary32.magnitude_mask()) == 0; };
    return static_cast<std::size_t>(std::count_if(fp32_codes.begin(), fp32_codes.end(), zero));
}

/// Of the codes of a round trip: how many come back as zeros.
std::string show_zeros(const Codes& codes) {
    const Codes back(codes.begin() + static_cast<std::ptrdiff_t>(codes.size() / 2), codes.end());
    return fmt::format("{} come back as 0", share(zeros(back), back.size()));
}

std::vector<Fact> facts(const StoredLogits& stored) {
    const Vector got = values(stored.trip.back), truth = values(logit_gradients());
    return {{"stored", fmt::format("{} flushed, {} as subnormal numbers", share(stored.fates.flushed, got.size()),
                                   share(stored.fates.subnormal, got.size()))},
            {"error", fmt::format("in the 2-norm, relative to the fp32 result, the truth here: {:.3g}; of the worst "
                                  "image's gradient: {:.3g}",
                                  norm_error(got, truth), worst_row(got, truth, digits_images).error)},
            {"beyond", fmt::format("the bound 1/{} of normal numbers: {}", (1 << stored.format.precision) + 1,
                                   share(count_beyond_bound(stored.format, got, truth), got.size()))}};
}

/// What is lost on the way, by the codes that come back.
std::string storage_claim(const StoredLogits& stored) {
    const std::size_t lost = zeros(stored.trip.back) - zeros(logit_gradients());
    const bool counted = lost == stored.fates.flushed && stored.fates.overflowed == 0;
    if (lost > 0)
        return checked_claim(counted, fmt::format("every gradient up to {} is lost",
                                                  dyadic_text(borders(stored.format).flush / pow2(stored.exponent))));
    if (stored.exponent != 0)
        return checked_claim(counted, "none is lost: one factor for all gradients of the step, and a power of two");
    return checked_claim(counted && stored.format.emin() == binary32.emin(),
                         fmt::format("none is lost without a factor: {} has fp32's exponents. What comes back is "
                                     "coarser, of {} bits instead of fp16's {}",
                                     short_name(stored.format), stored.format.precision, binary16.precision));
}

/// The recorded gradients with respect to the logits as they come back, bit for bit.
Question storage_question(const StoredLogits& stored) {
    return {.text = fmt::format("digits, logits: stored as {}, unscaled in fp32", stored.name()),
            .claim = storage_claim(stored),
            .predicted = show_zeros(joined(stored.trip)),
            .codes = joined(stored.trip),
            .observe = [=](const Observer& observer) { return stored.observe(observer); },
            .show = show_zeros,
            .facts = facts(stored)};
}

}  // namespace

std::vector<Question> digits_questions(const std::vector<StoredLogits>& ways) {
    std::vector<Question> questions = {
        window_question("digits, logits", logit_gradients()),
        window_question("digits, parameters", parameter_gradients()),
        window_question("digits, logits and parameters", step_gradients()),
    };
    for (const StoredLogits& stored : ways) questions.push_back(storage_question(stored));
    return questions;
}

}  // namespace halfulp
