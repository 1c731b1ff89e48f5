#pragma once

#include <functional>
#include <string>

#include <halfulp/lib/exercise/observer.hpp>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/format.hpp>

namespace halfulp {

/// Numbers from 1 to 2^17 in full; others, which here are read by their exponents, as "2^-24" or "2047 * 2^-25".
/// Pre: x's denominator is a power of two.
std::string dyadic_text(const truth::Rational& x);

/// The same of a code, with the texts of special_text.
std::string dyadic_text(const Format& f, std::uint64_t code);

/// For Question::show: "2^-24 (fp16 0001), ...", and without the codes.
std::function<std::string(const Codes&)> show_all(const Format& f);
std::function<std::string(const Codes&)> show_values(const Format& f);

}  // namespace halfulp
