#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/measure/machine.hpp>
#include <halfulp/lib/workload/measurement.hpp>

// Workloads in several precisions, measured: how long, how much memory, how far off; and the machine's own ceilings.

namespace halfulp::workload {

/// What is measured, and how.
struct BenchOptions {
    std::vector<Workload> workloads;                ///< which ones
    std::vector<std::size_t> sizes;                 ///< each workload's ordinary one, if empty
    std::vector<Policy> policies;                   ///< in which precisions
    Data data = Data::Normal;                       ///< the kind of numbers
    std::uint64_t seed = 1;                         ///< of the numbers
    unsigned threads = 1;                           ///< that compute
    bool peers = true;                              ///< whether other libraries are measured beside
    double seconds = 0.2;                           ///< for each measurement; the best of the runs in it counts
    std::size_t most_terms = std::size_t{1} << 20;  ///< that the truth of one problem takes, and its definition
    std::size_t most_bytes = std::size_t{1} << 30;  ///< read to measure the memory
};

/// How many problems they ask for.
std::size_t problems_of(const BenchOptions& options);

/// One problem, by all that compute it.
struct Benched {
    std::string_view workload, data;        ///< their names
    std::uint64_t seed;                     ///< of the data
    std::size_t m, n, k;                    ///< of the problem
    std::vector<Measurement> measurements;  ///< by each policy and peer
};

/// This library's by that policy; null if it was not measured.
const Measurement* own_measurement(const Benched& problem, std::string_view policy);

/// All that was measured.
struct Bench {
    measure::Machine machine;                ///< on which
    unsigned threads;                        ///< that computed
    std::vector<measure::Ceiling> ceilings;  ///< of one core
    std::vector<Benched> problems;           ///< in the order in which they were measured
    std::vector<std::string> absent;         ///< peers
};

/// Called before each problem, with how many are done, and how many there are.
using Stepped = std::function<void(std::size_t done, std::size_t wanted)>;

/// The machine and its ceilings, without a problem.
Bench measure_ceilings(std::size_t most_bytes);

/// Adds the problems of the options to those that are there. After each one the ceilings are measured again, and raised if
/// this core is quicker now: its roofs are those. Throws what make_problem throws.
void add_problems(Bench& bench, const BenchOptions& options, const Stepped& stepped);

/// Both. Throws what make_problem throws.
Bench bench(const BenchOptions& options, const Stepped& stepped);

/// No result of this library is wrong; peers may be.
bool own_results_are_right(const Bench& bench);

}  // namespace halfulp::workload
