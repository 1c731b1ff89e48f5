#pragma once

#include <halfulp/lib/exercise/exercise.hpp>

namespace halfulp {

/// Exercise 5: loss scaling, on made and on recorded gradients.
Exercise loss_scaling();

}  // namespace halfulp
