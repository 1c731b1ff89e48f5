#pragma once

#include <halfulp/lib/exercise/observer.hpp>
#include <halfulp/lib/truth/rational.hpp>

// A binary32 gradient on its way through a format of 16 bits: multiplied by a factor in fp32, stored, widened, and
// multiplied by the inverse factor in fp32. Every step is rounded to nearest even.

namespace halfulp {

struct RoundTrip {
    Codes stored;  ///< in the format of 16 bits
    Codes back;    ///< in binary32, the factor taken out again
};

/// By exact rationals. Pre: the gradients are finite.
RoundTrip predict_round_trip(const Format& f, const Codes& gradients, const truth::Rational& factor);

/// By an observer: the stored codes. Pre: as for the next one.
Answer observe_stored(const Observer& observer, const Format& f, const Codes& gradients, const truth::Rational& factor);

/// By an observer: the stored codes and then as many that come back. Pre: the factor is a binary32 number.
Answer observe_round_trip(const Observer& observer, const Format& f, const Codes& gradients,
                          const truth::Rational& factor);

/// The stored codes and then those that come back: what an observer has to answer.
Codes joined(const RoundTrip& trip);

/// The code of `to` that a finite or infinite number of `from`, times a factor, rounds to.
std::uint64_t rounded_product(const Format& from, const Format& to, std::uint64_t code, const truth::Rational& factor);

}  // namespace halfulp
