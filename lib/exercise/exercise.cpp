#include <halfulp/lib/exercise/exercise.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include <halfulp/lib/exercise/absorption.hpp>
#include <halfulp/lib/exercise/range_epsilon.hpp>

namespace halfulp {
namespace {

constexpr std::array table = {
    ExerciseEntry{1, "range and epsilon", range_epsilon},
    ExerciseEntry{2, "absorption", absorption},
};

/// "65504 (...); 65536 of 65536 match", or where the codes first differ.
Observation judge(const Question& question, const Observer& observer) {
    const Answer answer = question.observe(observer);
    if (!answer.unavailable.empty()) return {observer.name(), Verdict::NotAvailable, answer.unavailable};
    const Codes &got = answer.codes, &expected = question.codes;
    const std::string text = got.empty() ? "nothing" : question.show(got);
    if (got == expected) return {observer.name(), Verdict::Match, text};
    if (expected.size() == 1 || got.size() != expected.size()) return {observer.name(), Verdict::Mismatch, text};
    const auto at = std::mismatch(got.begin(), got.end(), expected.begin());
    return {observer.name(), Verdict::Mismatch,
            fmt::format("{}; code {} of {} is {:x}, predicted {:x}", text, at.first - got.begin() + 1, got.size(),
                        *at.first, *at.second)};
}

}  // namespace

std::span<const ExerciseEntry> exercises() { return table; }

std::vector<Observation> observe(const Question& question, const Observers& observers) {
    std::vector<Observation> observations;
    for (const auto& observer : observers) {
        const auto& gpus = question.gpus;
        const bool asked = gpus.empty() || std::find(gpus.begin(), gpus.end(), observer->gpu()) != gpus.end();
        if (asked) observations.push_back(judge(question, *observer));
    }
    return observations;
}

Verdict verdict(std::span<const Observation> observations) {
    const auto any = [&](Verdict v) {
        return std::any_of(observations.begin(), observations.end(), [v](auto& o) { return o.verdict == v; });
    };
    return any(Verdict::Mismatch) ? Verdict::Mismatch : any(Verdict::Match) ? Verdict::Match : Verdict::NotAvailable;
}

}  // namespace halfulp
