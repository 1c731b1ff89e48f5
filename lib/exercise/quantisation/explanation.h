#pragma once

#include <string>

namespace halfulp {

/// What a student of exercise 4 is told; its numbers are computed.
std::string quantisation_explanation();

}  // namespace halfulp
