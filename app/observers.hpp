#pragma once

#include <string>
#include <vector>

#include <halfulp/lib/exercise/observer.hpp>

/// Those of the names, in their order; all that there are for no name. Throws InputError.
halfulp::Observers chosen_observers(const std::vector<std::string>& names);

/// What is to be said of a GPU that cannot be asked: a line, or nothing.
std::string gpu_line();
