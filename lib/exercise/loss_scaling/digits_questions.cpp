#include <fmt/format.h>

#include <algorithm>

#include <halfulp/lib/exercise/loss_scaling/digits.hpp>
#include <halfulp/lib/exercise/loss_scaling/digits_gradients.hpp>
#include <halfulp/lib/exercise/loss_scaling/questions.hpp>
#include <halfulp/lib/exercise/loss_scaling/vector_error.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

/// Of the codes of a round trip: how many come back as zeros.
std::string show_zeros(const Codes& codes) {
    const auto back = std::span(codes).last(codes.size() / 2);
    const auto zeros =
        std::count_if(back.begin(), back.end(), [](auto code) { return (code & binary32.magnitude_mask()) == 0; });
    return fmt::format("{} come back as 0", share(static_cast<std::size_t>(zeros), back.size()));
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

/// The recorded gradients with respect to the logits as they come back, bit for bit.
Question storage_question(const StoredLogits& stored, std::string claim) {
    return {.text = fmt::format("digits, logits: stored as {}, unscaled in fp32", stored.name()),
            .claim = std::move(claim),
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
    const std::vector<std::string> claims = {
        "every gradient up to the flush border is lost",
        "none is lost: one factor for all gradients of the step, and a power of two",
        "none is lost without a factor: bf16 has fp32's exponents. What comes back is coarser",
    };
    for (std::size_t i = 0; i < ways.size(); ++i) questions.push_back(storage_question(ways[i], claims.at(i)));
    return questions;
}

}  // namespace halfulp
