#pragma once

#include <string>
#include <vector>

#include <halfulp/lib/exercise/exercise.hpp>
#include <halfulp/lib/report/table.hpp>

namespace halfulp {

/// A question with what everyone made of it.
struct AskedQuestion {
    Question question;                      ///< that was asked
    std::vector<Observation> observations;  ///< by each observer
};

/// An exercise with what everyone made of it.
struct ExerciseReport {
    Exercise exercise;                 ///< with its questions
    std::vector<AskedQuestion> asked;  ///< and what was made of them

    /// How many questions have that verdict.
    std::size_t count(Verdict v) const;
};

/// Puts every question of an exercise to the observers.
ExerciseReport run(const Exercise& exercise, const Observers& observers);

/// For a terminal: each question with claim, prediction, a line for those who observed the same, and the verdict. Why
/// somebody could not be asked is said once, at the end, where it holds for most questions.
std::string to_text(const ExerciseReport& report, bool explain);

/// A row a question: its number, the question, the claim, the prediction, what was observed by whom, and the verdict.
Table to_table(const ExerciseReport& report);

/// For programs: a JSON array with an object an exercise. Codes are hexadecimal strings; of a sequence the first and
/// the last is given, and the number.
std::string to_json(const std::vector<ExerciseReport>& reports);

}  // namespace halfulp
