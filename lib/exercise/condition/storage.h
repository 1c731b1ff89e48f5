#pragma once

#include <vector>

#include <halfulp/lib/exercise/exercise.hpp>
#include <halfulp/lib/truth/matrix2.hpp>

namespace halfulp {

/// A matrix as a format has it, by definition.
truth::Matrix2 stored(const Format& f, const truth::Matrix2& a);

/// Below which kappa_inf no matrix with entries in the format's normal range is stored singular: each entry moves by at
/// most u / (1 + u), relatively, and a singular matrix is at least 1 / kappa away.
truth::Rational safe_kappa(const Format& f);

/// The least kappa that is stored singular, of all [[a, b], [b, a]] whose entries are numbers of fp32 in the binade of 1.
truth::Rational least_kappa_stored_singular(const Format& f);

/// Exercise 3, first part: which matrices survive being stored.
std::vector<Question> storage_questions();

}  // namespace halfulp
