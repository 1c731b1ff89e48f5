#pragma once

#include <string>
#include <vector>

#include <halfulp/lib/exercise/loss_scaling/window.h>
#include <halfulp/lib/exercise/exercise.hpp>
#include <halfulp/lib/truth/rational.hpp>

namespace halfulp {

/// The magnitudes of binary32 gradients that are not 0, ascending.
std::vector<truth::Rational> magnitudes(const Codes& gradients);

/// What becomes of gradients in a format.
struct Fates {
    std::size_t flushed = 0, subnormal = 0, overflowed = 0;
};

/// Of ascending magnitudes times a factor, by the borders of the format.
Fates predict_fates(const Format& f, const std::vector<truth::Rational>& ascending, const truth::Rational& factor);

/// How many of a set of gradients fp16 flushes, stores as subnormal numbers and overflows, for each factor 2^0 to 2^40:
/// what the window of factors that keep all of them follows from.
Question window_question(const std::string& name, const Codes& gradients);

}  // namespace halfulp
