#pragma once

#include <string>
#include <vector>

#include <halfulp/lib/exercise/loss_scaling/round_trip.h>
#include <halfulp/lib/exercise/loss_scaling/window_question.h>
#include <halfulp/softfloat/format.hpp>

// The recorded gradients of digits_gradients.h, and the ways to store them that the exercise compares.

namespace halfulp {

Codes logit_gradients();
Codes parameter_gradients();

/// Both: what one factor has to suit.
Codes step_gradients();

/// The exponent of the factor for the step.
int step_exponent();

/// The logits' gradients stored in a format, times 2^exponent, and what is predicted of that.
struct StoredLogits {
    Format format;
    int exponent;
    RoundTrip trip;
    Fates fates;

    std::string name() const;
    Answer observe(const Observer& observer) const;
};

/// In fp16 without a factor and with the step's, in bf16 without.
std::vector<StoredLogits> stored_logits();

/// "61 of 320 = 19.1 %".
std::string share(std::size_t count, std::size_t total);

}  // namespace halfulp
