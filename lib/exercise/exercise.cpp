#include <halfulp/lib/exercise/exercise.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <exception>

#include <halfulp/lib/exercise/absorption.h>
#include <halfulp/lib/exercise/checked_observer.h>
#include <halfulp/lib/exercise/condition.h>
#include <halfulp/lib/exercise/loss_scaling.h>
#include <halfulp/lib/exercise/quantisation.h>
#include <halfulp/lib/exercise/range_epsilon.h>

namespace halfulp {
namespace {

constexpr std::array table = {
    ExerciseEntry{1, "range and epsilon", range_epsilon}, ExerciseEntry{2, "absorption", absorption},
    ExerciseEntry{3, "condition number 10^4", condition}, ExerciseEntry{4, "int8 quantisation", quantisation},
    ExerciseEntry{5, "loss scaling", loss_scaling},
};

/// What was observed, and of a sequence, of which only the end can be shown, how much matched or where it first differs.
Observation compare(const Question& question, const Observer& observer) {
    const Answer answer = question.observe(CheckedObserver(observer));
    if (!answer.unavailable.empty()) return {observer.name(), Verdict::NotAvailable, answer.unavailable};
    const Codes &got = answer.codes, &expected = question.codes;
    std::string text = got.empty() ? "nothing" : question.show(got);
    if (got.size() == expected.size() && got.size() > 1) {
        const auto at = std::mismatch(got.begin(), got.end(), expected.begin());
        text += at.first == got.end() ? fmt::format(", all {} results", got.size())
                                      : fmt::format(", result {} of {} is {:x}, predicted {:x}",
                                                    at.first - got.begin() + 1, got.size(), *at.first, *at.second);
    }
    return {observer.name(), got == expected ? Verdict::Match : Verdict::Mismatch, text};
}

/// An observer may answer anything: what a question can make nothing of is a mismatch too, and ends nothing.
Observation judge(const Question& question, const Observer& observer) {
    try {
        return compare(question, observer);
    } catch (const std::exception& error) {
        return {observer.name(), Verdict::Mismatch, error.what()};
    }
}

}  // namespace

std::span<const ExerciseEntry> exercises() { return table; }

std::vector<Observation> observe(const Question& question, const Observers& observers) {
    const auto& gpus = question.gpus;
    std::vector<Observation> observations;
    for (const auto& observer : observers) {
        const bool asked = gpus.empty() || std::find(gpus.begin(), gpus.end(), observer->gpu()) != gpus.end();
        observations.push_back(asked ? judge(question, *observer)
                                     : Observation{observer->name(), Verdict::NotAvailable,
                                                   fmt::format("the question is for {}", fmt::join(gpus, ", "))});
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
