#pragma once

#include <halfulp/lib/exercise/exercise.hpp>

namespace halfulp {

/// Exercise 3: what a linear system of condition number 10^4 keeps of its solution in fp64, fp32, bf16 and fp16.
Exercise condition();

}  // namespace halfulp
