#pragma once

#include <string>

#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/format.hpp>

// Which factors bring a set of gradients into a format of 16 bits. Exact, for rounding to nearest even.

namespace halfulp {

/// Where the fate of a gradient changes. Each border is a tie, and goes to the even code.
struct Borders {
    truth::Rational flush;     ///< all to this magnitude become 0: half of the smallest subnormal number
    truth::Rational normal;    ///< all from this magnitude on become a normal number: half a unit below the smallest
    truth::Rational overflow;  ///< all from this magnitude on become infinity: half a unit above the largest number
};

Borders borders(const Format& f);

/// The factors 2^first to 2^last; none if last < first.
struct Window {
    int first, last;
    bool empty() const { return last < first; }
};

/// The powers of two that bring gradients of magnitudes `smallest` to `largest` into f so that none becomes zero and
/// none infinite. Pre: 0 < smallest <= largest.
Window keeping_all(const Format& f, const truth::Rational& smallest, const truth::Rational& largest);

/// The same so that all are stored as normal numbers.
Window keeping_all_normal(const Format& f, const truth::Rational& smallest, const truth::Rational& largest);

/// The largest k for which 2^k * largest lies below half of the top binade's end: for fp16 in [2^14, 2^15).
int factor_exponent(const Format& f, const truth::Rational& largest);

/// "2^3 to 2^5", "2^3 alone", "no power of two".
std::string to_text(const Window& window);

}  // namespace halfulp
