#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <halfulp/lib/plan/cost.hpp>
#include <halfulp/lib/plan/prediction.hpp>
#include <halfulp/lib/report/table.hpp>

// Which precision is enough: every policy's error and cost predicted, the cheapest one that meets a tolerance run, and what
// it left held against the exact results.

namespace halfulp::plan {

/// What can be planned: of a layer's gradients each of their products, as gemm.
inline constexpr std::array planned_workloads = {workload::workloads[0], workload::workloads[1], workload::workloads[2],
                                                 workload::workloads[3], workload::workloads[4]};

/// An operand, as a certificate names it.
struct Input {
    std::string name;                ///< a file's, or the operand's
    std::vector<std::size_t> shape;  ///< rows first
    std::uint64_t hash;              ///< of its numbers, by workload::hash_of
};

/// What planned() is asked.
struct Question {
    workload::Problem problem;       ///< with its numbers
    std::vector<Input> inputs;       ///< for the certificate
    double tolerance;                ///< of the errors over the results, in the Euclidean norm
    std::optional<Peak> processor;   ///< without it this CPU
    bool order_independent = false;  ///< only a policy whose bits no order of the terms changes is enough
    unsigned threads = 1;            ///< that compute on this CPU
};

/// What became of a policy.
enum class Verdict : std::uint8_t {
    Cheapest,   ///< of those that are enough: it is taken
    Enough,     ///< but dearer
    Imprecise,  ///< its error may exceed the tolerance
    Ordered,    ///< its bits depend on the order of the terms, where that was not to be
    Forbidden,  ///< by a flag
    Impossible  ///< no rate, no memory
};
/// As plans print it.
std::string_view name_of(Verdict verdict);

/// A policy and what is predicted of it.
struct Ranked {
    Policy policy;          ///< which one
    Prediction prediction;  ///< its error
    Cost cost;              ///< its time and bytes
    Verdict verdict;        ///< what that comes to
};

/// Every policy, the cheapest first.
struct Plan {
    Question question;             ///< that was asked
    std::vector<Ranked> policies;  ///< the cheapest first

    /// The one to take; null if none is enough.
    const Ranked* chosen() const;
    /// The first one that can be run.
    const Ranked& cheapest() const;
    /// The least error of those that are not refused.
    double attainable() const;
};

/// By how much a predicted error is to stay below the tolerance: of the root of so many squared errors, which are taken for
/// normal, two standard deviations.
double margin(std::size_t places);

/// Policies that store other than all of a problem's numbers alike are tried scaled, too.
Plan planned(Question question, const std::vector<measure::Ceiling>& ceilings);

/// What a run left.
struct Certificate {
    double measured;       ///< error at the places of the prediction, relative to the exact results there
    double of_bound;       ///< the largest error in a place over its bound
    std::uint64_t hash;    ///< of all results' bits
    bool keeps_bound;      ///< in each place
    bool as_predicted;     ///< at most 5 times what was expected
    bool meets_tolerance;  ///< of the measured error
    /// Of this CPU the best of some runs, of the chosen policy and of the cheapest one.
    std::optional<double> seconds = {}, seconds_of_cheapest = {};

    /// Is everything as it was promised?
    bool holds() const { return keeps_bound && as_predicted && meets_tolerance; }
};

/// Runs the chosen policy. Pre: there is one.
Certificate run(const Plan& plan);

/// For people: the question, and a row a policy.
std::string plan_text(const Plan& plan);
/// For people: inputs, predictions and what was measured.
std::string certificate_text(const Plan& plan, const Certificate& certificate);
/// Both, or the plan alone.
std::string to_json(const Plan& plan, const std::optional<Certificate>& certificate);

}  // namespace halfulp::plan
