#pragma once

#include <string_view>

#include <halfulp/lib/exercise/exercise.hpp>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/format.hpp>

namespace halfulp {

/// How far codes of f, the factor taken out exactly, lie from the binary32 gradients they were: "relative to the
/// gradient: 0, 1/2049, 2.35e-05, infinite". Pre: as many codes as gradients; the gradients are finite and not 0.
Fact gradient_errors(const Format& f, const Codes& got, const Codes& gradients, const truth::Rational& factor = 1,
                     std::string_view reference = "the gradient");

}  // namespace halfulp
