#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

#include <halfulp/lib/exercise/exercise.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

// Exercises and their questions by number and text, and who can be asked.

namespace halfulp {

/// Made once: predictions take time.
inline const Exercise& exercise(int number) {
    static std::map<int, Exercise> made;
    const auto found = made.find(number);
    if (found != made.end()) return found->second;
    return made.emplace(number, exercises()[static_cast<std::size_t>(number - 1)].make()).first->second;
}

/// The first question that begins with the text. Throws if there is none.
inline const Question& question(const Exercise& exercise, std::string_view text) {
    const auto& all = exercise.questions;
    const auto found = std::find_if(all.begin(), all.end(), [&](auto& q) { return q.text.find(text) == 0; });
    if (found == all.end()) throw std::out_of_range("no question " + std::string(text));
    return *found;
}

/// The text of a question's fact, empty if it has no such one.
inline std::string fact(const Question& question, std::string_view label) {
    const auto& all = question.facts;
    const auto found = std::find_if(all.begin(), all.end(), [&](auto& f) { return f.label == label; });
    return found == all.end() ? "" : found->text;
}

inline Observers all_observers() {
    Observers observers;
    observers.push_back(make_soft_observer());
    observers.push_back(make_cpu_observer());
    for (const Processor& gpu : gpus) observers.push_back(make_unit_observer(gpu.name));
    return observers;
}

/// What one observer alone makes of a question.
inline Observation ask(const Question& question, std::unique_ptr<Observer> observer) {
    Observers observers;
    observers.push_back(std::move(observer));
    return observe(question, observers).at(0);
}

}  // namespace halfulp
