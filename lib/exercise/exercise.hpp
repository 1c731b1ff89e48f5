#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/exercise/observer.hpp>

namespace halfulp {

/// A line of a question beside its answer: what a model says, an error, a bound and where it holds.
struct Fact {
    std::string_view label;  ///< at most ten characters: model, error, bound
    std::string text;        ///< one sentence or number
};

/// One thing to be predicted and observed. The prediction is computed from the definition, by exact rationals
/// (lib/truth), and shares nothing with the code that an observer runs, but for the order of operations of a named
/// sequence, which is part of the question.
struct Question {
    std::string text;                                ///< what is asked
    std::string claim;                               ///< the answer as a sentence
    std::string predicted;                           ///< the exact value, for people
    Codes codes;                                     ///< the exact answer: every one of these must be observed
    std::function<Answer(const Observer&)> observe;  ///< asked through CheckedObserver: no answer is short
    std::function<std::string(const Codes&)> show;   ///< observed codes, for people
    std::vector<Fact> facts = {};                    ///< computed from the prediction, for people
    std::vector<std::string_view> gpus = {};         ///< asked of these GPUs' units only; empty: of everyone
};

/// A theory exercise: what a student is asked, with the answers.
struct Exercise {
    int number;                       ///< 1 to 5
    std::string title;                ///< for people
    std::string explanation;          ///< paragraphs, separated by empty lines
    std::vector<Question> questions;  ///< in the order in which they are asked
    std::string conclusion = {};      ///< what follows from the answers; paragraphs too, and computed too
};

/// The exercises are built when asked for: their predictions are computed, none is stored.
struct ExerciseEntry {
    int number;             ///< 1 to 5
    std::string_view name;  ///< for people
    Exercise (*make)();     ///< computes it
};

/// By number.
std::span<const ExerciseEntry> exercises();

// What one observer made of one question.

/// What an observer's answer is, held against the prediction.
enum class Verdict : std::uint8_t { Match, Mismatch, NotAvailable };

/// What an observer made of a question.
struct Observation {
    std::string observer;  ///< its name
    Verdict verdict;       ///< of its answer
    std::string text;      ///< what was observed, where it first differs, or why nothing could be
};

/// Asks every observer; those that the question is not meant for are n/a.
std::vector<Observation> observe(const Question& question, const Observers& observers);

/// Mismatch if there is one, Match if somebody could be asked, else NotAvailable.
Verdict verdict(std::span<const Observation> observations);

}  // namespace halfulp
