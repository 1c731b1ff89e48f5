#pragma once

#include <halfulp/lib/exercise/exercise.hpp>

namespace halfulp {

/// Exercise 1: range and epsilon of fp16 and bf16.
Exercise range_epsilon();

}  // namespace halfulp
