#pragma once

#include <array>
#include <string>

#include <halfulp/lib/truth/solution_error.hpp>
#include <halfulp/softfloat/format.hpp>

// The matrices of exercise 3, and how they and their numbers are shown. Not installed, as it needs Boost.

namespace halfulp {

/// What the exercise is named after.
truth::Rational kappa_of_exercise();

/// [[1, b], [b, 1]] with b = (kappa - 1) / (kappa + 1): kappa_2 = kappa_inf = kappa, exactly.
/// Throws std::logic_error if that did not hold. Pre: kappa > 1.
truth::Matrix2 family(const truth::Rational& kappa);

/// [[50, 51], [51, 52]], whose numbers every format here has.
truth::Matrix2 stored_exactly();

/// diag(1, 1 / kappa): rows of different size.
truth::Matrix2 badly_scaled();

/// [[a, b], [b, a]].
truth::Matrix2 symmetric_matrix(const truth::Rational& a, const truth::Rational& b);

/// [[1 + 5u, 1 + 3u], [1 + 3u, 1 + 5u]] with the format's u: ties that go to one code, and kappa = 4 + 1 / u.
truth::Matrix2 ties_to_one_code(const Format& f);

/// a + t * [[1, -1], [-1, 1]], whose determinant is that of a plus t times the sum of the entries of a.
truth::Matrix2 shifted(const truth::Matrix2& a, const truth::Rational& t);

/// The t for which that is singular. Pre: the entries do not sum up to 0.
truth::Rational shift_to_singular(const truth::Matrix2& a);

/// The system with that matrix and the solution (1, -1).
truth::System2 system_of(const truth::Matrix2& a);
truth::Vector2 solution_of_systems();

/// u, half the distance from 1 to the next number. Rounding to a normal number errs by at most u / (1 + u), relatively.
truth::Rational unit_roundoff(const Format& f);

/// Half a unit in the last place of the entries of stored_exactly().
truth::Rational half_unit_of_stored_exactly(const Format& f);

/// "[[1, 9999/10001], [9999/10001, 1]]".
std::string show(const truth::Matrix2& a);
/// "(1, -1)".
std::string show(const truth::Vector2& x);
/// "625/128 (4.8828125)", "33551077/3355 (about 10000.32)"; no fraction, "about 3.322058e-17", if it is long.
std::string show(const truth::Rational& x);
/// For people only, as is the next one: log10(x) as "4.0". Pre: x > 0.
std::string show_log10(const truth::Rational& x);
/// How many decimal digits an error leaves: "4.1 digits", "no digit", "all digits".
std::string show_digits(const truth::Rational& error);

}  // namespace halfulp
