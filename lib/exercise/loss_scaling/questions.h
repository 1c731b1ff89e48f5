#pragma once

#include <vector>

#include <halfulp/lib/exercise/loss_scaling/digits.h>
#include <halfulp/lib/exercise/exercise.hpp>

// The questions of exercise 5, by what they are about.

namespace halfulp {

/// Which gradients become 0, which lose bits and which overflow: beside the borders and between them.
std::vector<Question> border_questions();

/// What a factor does to a gradient that fits: powers of two, other factors, and where it is taken out again.
std::vector<Question> factor_questions();

/// Which powers of two keep a set of gradients, made to meet the borders.
std::vector<Question> window_questions();

/// Sums of gradients need headroom.
std::vector<Question> headroom_questions();

/// The recorded gradients of a step of training on handwritten digits: windows, and what comes back.
std::vector<Question> digits_questions(const std::vector<StoredLogits>& ways);

/// Sums over the batch of what came back, against exact and fp32 sums.
std::vector<Question> digits_sum_questions(const std::vector<StoredLogits>& ways);

/// Why these sums do not show what the factor keeps: with it they err more. Of fp16 without a factor and with one.
std::string sums_conclusion(const StoredLogits& unscaled, const StoredLogits& scaled);

}  // namespace halfulp
