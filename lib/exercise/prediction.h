#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include <halfulp/lib/exercise/exercise.hpp>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/rounding.hpp>

// What the exercises' files share: exact values as codes and as text. Not installed, as it needs Boost.

namespace halfulp {

/// The code of a number that the format has. Pre: it has it.
std::uint64_t code_of(const Format& f, const truth::Rational& x);

/// The exact value of a code, where it is finite. Pre: it is.
truth::Rational value_of(const Format& f, std::uint64_t code);

/// The value of an observed binary32 code. An observer may return anything: what is no finite number counts as 0.
truth::Rational observed_fp32(std::uint64_t code);

/// x rounded to the format, as a number. Pre: it is no overflow.
truth::Rational rounded(const Format& f, const truth::Rational& x, Rounding rounding = Rounding::NearestEven);

/// How far a result is from the exact one, and from the one of fp32: "-1 against the truth 2049 (-0.0488 %), ...".
Fact error_fact(const truth::Rational& result, const truth::Rational& truth, const truth::Rational& fp32);

/// The claim of a question, which the prediction bears out. Throws std::logic_error if it does not.
std::string checked_claim(bool holds, std::string claim);

/// What is no number but 0's negative: "-0", "infinity", "-infinity" or "NaN". Empty for all other codes.
std::optional<std::string> special_text(const Format& f, std::uint64_t code);

/// "65504 (fp32 477fe000)", with the special values' texts.
std::string describe(const Format& f, std::uint64_t code);

/// For Question::show: the last one of the codes.
std::function<std::string(const Codes&)> show_last(const Format& f);

}  // namespace halfulp
