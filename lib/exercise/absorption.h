#pragma once

#include <halfulp/lib/exercise/exercise.hpp>

namespace halfulp {

/// Exercise 2: absorption in fp16, bf16 and fp32 sums, and inside matrix units.
Exercise absorption();

}  // namespace halfulp
