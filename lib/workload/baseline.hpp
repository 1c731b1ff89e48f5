#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/report/table.hpp>
#include <halfulp/lib/workload/bench.hpp>

// What is expected of low precision, each expectation confirmed or refuted by measurements.

namespace halfulp::workload {

/// What one measurement, or a pair of them, says of a claim.
struct Check {
    bool holds;        ///< whether it bears the claim out
    std::string text;  ///< the numbers, and what they were held against
};

/// One thing that a claim says, by all measurements that bear on it.
struct ClaimPart {
    std::string_view rule;  ///< when a measurement bears it out, as a formula that no measurement has a part in
    std::vector<Check> (*judge)(const Bench&);  ///< what each measurement says
    bool of_time = false;                       ///< on a busy machine it may come out otherwise
};

/// A claim: the conjunction of its parts.
struct Baseline {
    std::string_view claim;            ///< as it is commonly said
    std::span<const ClaimPart> parts;  ///< all of which it needs
};
/// Every claim.
std::span<const Baseline> baselines();

/// What measurements say of a claim.
enum class Finding : std::uint8_t {
    Confirmed,   ///< each part was measured, and each measurement bears it out
    Refuted,     ///< a measurement does not
    NotMeasured  ///< none refutes it, but of a part nothing was measured
};
/// As reports print it.
std::string_view name_of(Finding finding);

/// Of the checks of each part.
Finding finding_of(const std::vector<std::vector<Check>>& checks);

/// A claim, with what measurements say of each of its parts.
struct Judged {
    const Baseline* baseline;                ///< which one
    std::vector<std::vector<Check>> checks;  ///< of each part
    Finding finding;                         ///< what they come to
};

/// Every claim.
std::vector<Judged> judged(const Bench& bench);

/// A row a check: what was measured, and whether it bears the claim out.
Table check_table(const std::vector<Check>& checks);

/// For a terminal.
std::string baseline_text(const std::vector<Judged>& judged);

/// A part of a claim that is not of time, hence the same in every run.
bool any_result_refuted(const std::vector<Judged>& judged);

}  // namespace halfulp::workload
