#include <halfulp/lib/workload/bench.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <halfulp/lib/measure/timing.hpp>
#include <halfulp/lib/workload/peer.hpp>

namespace halfulp::workload {
namespace {

/// Something prepared, and what is known of it but its time.
struct Timed {
    Policy policy;
    Computation computation;
    Measurement measurement;
};

/// Of the best run of each: they take turns, so that what others do on the machine meets all of them. Three turns at least,
/// of runs long enough for the clock; as many as fit into so many seconds for each.
void take_times(std::vector<Timed>& all, unsigned threads, double seconds) {
    const auto now = threads == 1 ? measure::thread_seconds : measure::wall_seconds;
    const auto best = [&](const Timed& x, int turns, int repetitions) {
        return measure::best_seconds({{"", x.computation.run}}, turns, repetitions, now)[0];
    };
    constexpr double too_short = 1e-5;
    std::vector<int> repetitions;
    double turn = 1e-9;
    for (Timed& x : all) {
        x.measurement.seconds = best(x, 2, 1);
        repetitions.push_back(static_cast<int>(std::ceil(too_short / std::max(x.measurement.seconds, 1e-9))));
        turn += x.measurement.seconds * repetitions.back();
    }
    const double turns = std::clamp(seconds * static_cast<double>(all.size()) / turn, 3.0, 1e4);
    for (int i = 0; i < static_cast<int>(turns); ++i)
        for (std::size_t j = 0; j < all.size(); ++j)
            all[j].measurement.seconds = std::min(all[j].measurement.seconds, best(all[j], 1, repetitions[j]));
}

/// A problem, what it should give, and what it gives in binary32.
struct Asked {
    const Problem& problem;
    Truth truth;
    std::vector<double> by_fp32;  ///< at the places of the truth
    bool is_defined;              ///< its sums are short enough to be computed by their definition
};

std::vector<double> at_places(const Truth& truth, const std::vector<double>& results) {
    std::vector<double> chosen;
    for (const std::size_t place : truth.places) chosen.push_back(results[place]);
    return chosen;
}

/// All but the time and the roof; of a peer, if it has a name.
Measurement checked(const Asked& asked, const Policy& policy, const std::string& peer, const Computation& computation) {
    Measurement m{};
    m.is_peer = !peer.empty();
    m.computed_by = m.is_peer ? peer : std::string(policy.name);
    m.policy = policy.name;
    const std::vector<double> results = computation.results(), chosen = at_places(asked.truth, results);
    m.operations = operations(asked.problem);
    m.bytes = computation.bytes;
    m.against_fp32 = error_of(chosen, asked.by_fp32, policy.result);
    m.against_truth = error_of(chosen, asked.truth.values, policy.result);
    const Count count = (m.is_peer || !asked.is_defined ? against_bounds : against_definition)(asked.problem, policy,
                                                                                               asked.truth, results);
    m.checked = count.checked;
    m.wrong = count.wrong;
    m.hash = hash_of(results);
    return m;
}

Asked asked_of(const Problem& problem, std::size_t most_terms) {
    Asked asked{problem, truth_of(problem, most_terms), {}, problem.k <= most_terms};
    const auto computation = prepare(problem, policies[0], 1);
    computation->run();
    asked.by_fp32 = at_places(asked.truth, computation->results());
    return asked;
}

/// A problem is held as it was drawn, as every policy stores it, with its results and their copy in binary64, and in a
/// peer's copy. Throws std::invalid_argument if that is more than the machine has: to ask for it would end the program, not
/// the request.
void require_memory(const measure::Machine& machine, const BenchOptions& options, const Workload& w, std::size_t size) {
    const bool is_backward = w.kind == Kind::LayerGradients;
    const double rows = w.is_vector ? 1 : static_cast<double>(size), k = static_cast<double>(size);
    const double columns = w.has_columns ? k : 1, results = (is_backward ? 2 * rows + 1 : rows) * columns;
    const double operands = rows * k + (w.has_b ? k * columns : 0) + (is_backward ? k * k : 0);
    double bytes = sizeof(float) * operands + sizeof(double) * results;
    for (const Policy& policy : options.policies)
        bytes += policy.storage.width() / 8.0 * operands +
                 policy.result.width / 8.0 * results * (w.kind == Kind::Layer ? 2 : 1);
    if (options.peers) bytes += sizeof(float) * (operands + results);
    if (bytes > static_cast<double>(machine.memory))
        throw std::invalid_argument(
            fmt::format("{} of size {}: expected at most the {} GiB that this machine has, found {:.0f} GiB", w.name,
                        size, machine.memory >> 30U, bytes * 0x1p-30));
}

/// Measures one problem by all that compute it.
class Measuring {
  public:
    Measuring(const BenchOptions& options, const Peers& peers, std::vector<measure::Ceiling>& ceilings)
        : options_(options), peers_(peers), ceilings_(ceilings) {}

    /// Raises the ceilings, too, if this core is quicker now.
    Benched operator()(const Workload& w, std::size_t size) const {
        const Problem problem = make_problem(w, size, options_.data, options_.seed);
        const Asked asked = asked_of(problem, options_.most_terms);
        Benched benched{w.name, name_of(options_.data), options_.seed, problem.m, problem.n, problem.k, {}};
        std::vector<Timed> all;
        for (const Policy& policy : options_.policies) {
            add(all, asked, policy, "", prepare(problem, policy, options_.threads));
            for (const Peer& peer : peers_.installed)
                if (peer.policy == policy.name)
                    add(all, asked, policy, peer.name, peer.prepare(problem, options_.threads));
        }
        take_times(all, options_.threads, options_.seconds);
        measure::measure_again(ceilings_, options_.seconds / 10);
        if (options_.threads == 1)
            for (Timed& x : all) x.measurement.roof = roof_of(problem, x.policy, x.computation, ceilings_);
        for (Timed& x : all) benched.measurements.push_back(std::move(x.measurement));
        return benched;
    }

  private:
    void add(std::vector<Timed>& all, const Asked& asked, const Policy& policy, const std::string& peer,
             const std::optional<Computation>& computation) const {
        if (!computation) return;
        computation->run();
        all.push_back({policy, *computation, checked(asked, policy, peer, *computation)});
    }

    const BenchOptions& options_;
    const Peers& peers_;
    std::vector<measure::Ceiling>& ceilings_;
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
        for (const std::size_t size : options.sizes) require_memory(measure::this_machine(), options, w, size);
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
