#pragma once

#include <vector>

#include <halfulp/lib/workload/bench.hpp>

// What has to be measured for the halving table and for the baselines.

namespace halfulp::workload {

/// Benches one after another, with the ceilings of one of them.
using Plan = std::vector<BenchOptions>;

/// Small: of caches only, with times of some milliseconds, for a first look.
enum class Extent : std::uint8_t { Small, Full };

/// Every workload at its ordinary size by every policy; small: of 256.
Plan ordinary_plan(Extent extent);

/// Sums, dot products and gemv, whose numbers in fp32 fill half of each cache, and twice the last one.
Plan halving_plan(const measure::Machine& machine, Extent extent);

/// What the claims of `baselines` are judged by.
Plan baseline_plan(const measure::Machine& machine, Extent extent);

/// Adds what the plan asks for. Throws what make_problem throws.
void add_problems(Bench& bench, const Plan& plan, const Stepped& stepped);

}  // namespace halfulp::workload
