#pragma once

#include <span>
#include <string_view>

#include <halfulp/lib/exercise/exercise.hpp>

namespace halfulp {

/// What an answer rests on: the claims, by their ids in proofs/CLAIMS.md and separated by commas, behind every question
/// of the exercise whose text has these words, and those of no reason before it.
struct Reason {
    int exercise;             ///< its number
    std::string_view words;   ///< in the text of the questions for which it holds
    std::string_view claims;  ///< ids of proofs/CLAIMS.md, separated by commas
};

/// Every one, exercise by exercise.
std::span<const Reason> reasons();

/// Of a question of the exercise of this number: the first whose words it has; none: nullptr.
const Reason* reason_behind(int exercise, const Question& question);

/// The exercise with a further fact for each question: its claims, or that it has none and is computed only.
Exercise with_reasons(Exercise exercise);

}  // namespace halfulp
