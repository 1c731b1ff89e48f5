#include <halfulp/lib/workload/bench.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <halfulp/lib/measure/timing.hpp>
#include <halfulp/lib/workload/peer.hpp>

namespace halfulp::workload {
namespace {

/// Of the best run among those that fit into so many seconds, three at least.
double seconds_of(const Computation& computation, unsigned threads, double seconds) {
    const auto now = threads == 1 ? measure::thread_seconds : measure::wall_seconds;
    const measure::Work work{"", computation.run};
    const double once = measure::best_seconds({work}, 2, 1, now)[0];
    constexpr double too_short = 1e-5;  // for the clock
    const int repetitions = static_cast<int>(std::ceil(too_short / std::max(once, 1e-9)));
    const double turns = std::clamp(seconds / std::max(once * repetitions, 1e-9), 3.0, 1e4);
    return measure::best_seconds({work}, static_cast<int>(turns), repetitions, now)[0];
}

/// A problem, what it should give, and what it gives in binary32.
struct Asked {
    const Problem& problem;
    Truth truth;
    std::vector<double> by_fp32;  ///< at the places of the truth
};

std::vector<double> at_places(const Truth& truth, const std::vector<double>& results) {
    std::vector<double> chosen;
    for (const std::size_t place : truth.places) chosen.push_back(results[place]);
    return chosen;
}

/// All but the time.
Measurement checked(const Asked& asked, const Policy& policy, const Computation& computation,
                    const std::vector<measure::Ceiling>& ceilings) {
    Measurement m{};
    const std::vector<double> results = computation.results(), chosen = at_places(asked.truth, results);
    m.operations = operations(asked.problem);
    m.bytes = computation.bytes;
    m.roof = roof_of(asked.problem, policy, computation, ceilings);
    m.against_fp32 = error_of(chosen, asked.by_fp32, policy.result);
    m.against_truth = error_of(chosen, asked.truth.values, policy.result);
    m.checked = chosen.size();
    m.wrong = wrong_results(asked.problem, policy, asked.truth, results);
    m.hash = hash_of(results);
    return m;
}

Asked asked_of(const Problem& problem, std::size_t most_terms) {
    Asked asked{problem, truth_of(problem, most_terms), {}};
    const auto computation = prepare(problem, policies[0], 1);
    computation->run();
    asked.by_fp32 = at_places(asked.truth, computation->results());
    return asked;
}

/// A problem is held as it was drawn, as it is stored, and in a peer's copy. Throws std::invalid_argument if that is more
/// than the machine has: to ask for it would end the program, not the request.
void require_memory(const measure::Machine& machine, const Workload& w, std::size_t size) {
    const double rows = w.is_vector ? 1 : static_cast<double>(size), k = static_cast<double>(size);
    const double needed = 3 * sizeof(float) * (rows * k + (w.has_b ? k : 0) * (w.has_columns ? k : 1));
    if (needed > static_cast<double>(machine.memory))
        throw std::invalid_argument(
            fmt::format("{} of size {}: expected at most the {} GiB that this machine has, found {:.0f} GiB", w.name,
                        size, machine.memory >> 30U, needed * 0x1p-30));
}

/// Measures one problem by all that compute it.
class Measuring {
  public:
    Measuring(const BenchOptions& options, const Peers& peers, const std::vector<measure::Ceiling>& ceilings)
        : options_(options), peers_(peers), ceilings_(ceilings) {}

    Benched operator()(const Workload& w, std::size_t size) const {
        const Problem problem = make_problem(w, size, options_.data, options_.seed);
        const Asked asked = asked_of(problem, options_.most_terms);
        Benched benched{w.name, name_of(options_.data), problem.m, problem.n, problem.k, {}};
        for (const Policy& policy : options_.policies) {
            add(benched, asked, policy, "", prepare(problem, policy, options_.threads));
            for (const Peer& peer : peers_.installed)
                if (peer.policy == policy.name)
                    add(benched, asked, policy, peer.name, peer.prepare(problem, options_.threads));
        }
        return benched;
    }

  private:
    void add(Benched& benched, const Asked& asked, const Policy& policy, const std::string& peer,
             const std::optional<Computation>& computation) const {
        if (!computation) return;
        computation->run();
        benched.measurements.push_back(checked(asked, policy, *computation, ceilings_));
        Measurement& m = benched.measurements.back();
        m.is_peer = !peer.empty();
        m.computed_by = m.is_peer ? peer : std::string(policy.name);
        m.policy = policy.name;
        m.seconds = seconds_of(*computation, options_.threads, options_.seconds);
    }

    const BenchOptions& options_;
    const Peers& peers_;
    const std::vector<measure::Ceiling>& ceilings_;
};

std::size_t sizes_of(const BenchOptions& options) { return std::max<std::size_t>(options.sizes.size(), 1); }

}  // namespace

std::size_t problems_of(const BenchOptions& options) { return options.workloads.size() * sizes_of(options); }

Bench measure_ceilings(std::size_t most_bytes) {
    Bench b{measure::this_machine(), 1, {}, {}, {}};
    b.ceilings = measure::ceilings(b.machine, most_bytes);
    return b;
}

void add_problems(Bench& b, const BenchOptions& options, const Stepped& stepped) {
    const Peers peers = options.peers ? find_peers() : Peers{};
    b.absent = peers.absent;
    b.threads = options.threads;
    const Measuring measuring(options, peers, b.ceilings);
    std::size_t done = 0;
    for (const Workload& w : options.workloads)
        for (std::size_t i = 0; i < sizes_of(options); ++i) {
            stepped(done++, problems_of(options));
            b.problems.push_back(measuring(w, options.sizes.empty() ? w.ordinary_size : options.sizes[i]));
        }
}

Bench bench(const BenchOptions& options, const Stepped& stepped) {
    for (const Workload& w : options.workloads)
        for (const std::size_t size : options.sizes) require_memory(measure::this_machine(), w, size);
    stepped(0, problems_of(options));
    Bench b = measure_ceilings(options.most_bytes);
    add_problems(b, options, stepped);
    return b;
}

const Measurement* own_measurement(const Benched& problem, std::string_view policy) {
    const auto found = std::find_if(problem.measurements.begin(), problem.measurements.end(),
                                    [&](const Measurement& m) { return !m.is_peer && m.policy == policy; });
    return found == problem.measurements.end() ? nullptr : &*found;
}

bool own_results_are_right(const Bench& bench) {
    for (const Benched& problem : bench.problems)
        for (const Measurement& m : problem.measurements)
            if (!m.is_peer && m.wrong > 0) return false;
    return true;
}

}  // namespace halfulp::workload
