#pragma once

#include <halfulp/lib/exercise/exercise.hpp>

namespace halfulp {

/// Exercise 4: the noise of int8 quantisation, by the model and exactly.
Exercise quantisation();

}  // namespace halfulp
