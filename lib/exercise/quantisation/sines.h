#pragma once

#include <string>
#include <vector>

#include <halfulp/lib/exercise/exercise.hpp>

namespace halfulp {

/// Exercise 4's questions about sines: of full scale in 2 to 16 bits, of other amplitudes in 8, and what follows.
struct QuantisedSines {
    std::vector<Question> questions;
    std::string conclusion;
};

QuantisedSines quantised_sines();

}  // namespace halfulp
