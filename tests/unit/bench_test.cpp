// Claim: every workload in every precision that has a kernel leaves right results, the same for any number of threads and
// instruction set; a bench says all of it, in numbers and in text.
// Oracle: the exact sums and the bounds of workload_test; bits against bits; by hand, what a table and JSON must hold.
// Shared: the problems. That the kernels do what their definitions say is the claim of their own tests.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include <halfulp/lib/measure/ceiling.hpp>
#include <halfulp/lib/measure/loop.hpp>
#include <halfulp/lib/workload/bench_text.hpp>
#include <halfulp/lib/workload/peer.hpp>

#include "support/kernel_targets.hpp"

namespace halfulp::workload {
namespace {

using testing::HasSubstr;

std::vector<double> computed(const Problem& problem, const Policy& policy, unsigned threads) {
    const auto computation = prepare(problem, policy, threads);
    if (!computation) return {};
    computation->run();
    return computation->results();
}

std::size_t not_finite(const Truth& truth, const std::vector<double>& results) {
    return static_cast<std::size_t>(std::count_if(truth.places.begin(), truth.places.end(),
                                                  [&](std::size_t place) { return !std::isfinite(results[place]); }));
}

TEST(Computations, AreRightAndTheSameEverywhere) {
    std::size_t computations = 0;
    for (const Workload& w : workloads)
        for (const DataRow& data : data_rows)
            for (const Policy& policy : policies) {
                SCOPED_TRACE(std::string(w.name) + " " + std::string(policy.name) + " " + std::string(data.name));
                const Problem problem = make_problem(w, w.is_vector ? 5000 : 70, data.data, 11);
                const std::vector<double> results = computed(problem, policy, 1);
                if (results.empty()) continue;
                ++computations;
                ASSERT_EQ(results.size(), problem.m * problem.n);
                const Truth truth = truth_of(problem, 1 << 15);
                EXPECT_EQ(against_definition(problem, policy, truth, results).wrong, not_finite(truth, results));
                EXPECT_EQ(hash_of(computed(problem, policy, 3)), hash_of(results));
                test::on_every_target([&] { EXPECT_EQ(hash_of(computed(problem, policy, 1)), hash_of(results)); });
            }
    // Sums, dot products and gemv have 8 policies, gemm and layers 8, too, and their gradients, not in bytes, 7.
    EXPECT_GT(computations, data_rows.size() * 45);
}

TEST(Computations, RunAgainLeaveTheSame) {
    for (const Workload& w : workloads)
        for (const Policy& policy : policies) {
            const auto computation = prepare(make_problem(w, 33, Data::Normal, 1), policy, 1);
            if (!computation) continue;
            computation->run();
            const std::vector<double> first = computation->results();
            computation->run();
            EXPECT_EQ(hash_of(computation->results()), hash_of(first)) << w.name << policy.name;
        }
}

TEST(Computations, CountTheirBytes) {
    const auto bytes = [](Kind kind, std::string_view policy) {
        const Problem p = make_problem(workloads[static_cast<std::size_t>(kind)], 10, Data::Normal, 1);
        return prepare(p, *find_by_name(policies, policy), 1)->bytes;
    };
    EXPECT_EQ(bytes(Kind::Sum, "fp32"), 44U);
    EXPECT_EQ(bytes(Kind::Dot, "fp16-fp32"), 44U);
    EXPECT_EQ(bytes(Kind::Gemm, "fp32"), 1200U);
    EXPECT_EQ(bytes(Kind::Gemm, "fp16-fp32"), 800U);
    EXPECT_EQ(bytes(Kind::Gemm, "fp16"), 600U);
    EXPECT_EQ(bytes(Kind::Gemm, "int8"), 600U);
    EXPECT_EQ(bytes(Kind::Layer, "fp32"), 1240U);
    EXPECT_EQ(bytes(Kind::LayerGradients, "fp32"), 4U * (3 * 100 + 2 * 100 + 10));
    EXPECT_EQ(bytes(Kind::LayerGradients, "bf16-fp32"), 2U * 3 * 100 + 4 * (2 * 100 + 10));
}

TEST(Peers, AreInstalledOrSaidToBeAbsent) {
    const Peers peers = find_peers();
    EXPECT_EQ(peers.installed.size() + peers.absent.size(), 2U);
}

TEST(Peers, SumWithinTheBounds) {
    const Peers peers = find_peers();
    if (peers.installed.empty()) GTEST_SKIP() << peers.absent[0] << "; " << peers.absent[1];
    for (const Peer& peer : peers.installed) {
        const Policy policy = *find_by_name(policies, peer.policy);
        for (const Workload& w : workloads) {
            const Problem problem = make_problem(w, 40, Data::Uniform, 2);
            const auto computation = peer.prepare(problem, 1);
            if (!computation) continue;
            computation->run();
            const std::vector<double> results = computation->results();
            if (policy.storage.integer) continue;  // some of them saturate
            EXPECT_EQ(against_bounds(problem, policy, truth_of(problem, 1 << 20), results).wrong, 0U)
                << peer.name << w.name;
        }
    }
}

Bench small_bench() {
    BenchOptions options;
    options.workloads = {workloads[0], workloads[3]};
    options.sizes = {24, 25};
    options.policies = {policies.begin(), policies.end()};
    options.seconds = 0;
    options.peers = false;
    options.most_bytes = 1 << 16;
    std::vector<std::size_t> steps;
    Bench b = bench(options, [&](std::size_t done, std::size_t wanted) {
        steps.push_back(done);
        EXPECT_EQ(wanted, 4U);
    });
    EXPECT_EQ(steps, (std::vector<std::size_t>{0, 0, 1, 2, 3}));
    return b;
}

TEST(BenchOfWorkloads, MeasuresEveryPolicyOfEveryProblem) {
    const Bench b = small_bench();
    ASSERT_EQ(b.problems.size(), 4U);
    EXPECT_EQ(b.problems[1].k, 25U);
    EXPECT_EQ(b.problems[2].workload, "gemm");
    EXPECT_TRUE(own_results_are_right(b));
    for (const Benched& problem : b.problems)
        for (const Measurement& m : problem.measurements) {
            EXPECT_GT(m.seconds, 0);
            EXPECT_GT(m.roof.seconds, 0) << m.computed_by;
            EXPECT_EQ(m.checked, problem.m * problem.n);
            if (m.policy == "fp32") {
                EXPECT_EQ(m.against_fp32.largest, 0);
            }
            if (m.policy == "bf16-fp32") {
                EXPECT_GT(m.against_fp32.relative_norm, 0);
                EXPECT_GT(m.against_truth.relative_norm, problem.measurements[0].against_truth.relative_norm);
            }
        }
}

/// One operation or byte a second, which no core is as slow as; of arrays of several MiB, too.
std::vector<measure::Ceiling> slow_ceilings() {
    return {{std::string(measure::loops().front().name), measure::Kind::Arithmetic, 1, 0, 0},
            {"L1", measure::Kind::Reading, 1, 16384, 32768},
            {"L3", measure::Kind::Reading, 1, std::size_t{8} << 20, std::size_t{32} << 20}};
}

TEST(Ceilings, AreOnlyRaisedWhenTheyAreMeasuredAgain) {
    std::vector<measure::Ceiling> ceilings = slow_ceilings();
    constexpr double beyond = 1e18;
    ceilings.push_back({"fp16 to fp32", measure::Kind::Conversion, beyond, 0, 0});
    measure_again(ceilings, 0.001);
    EXPECT_GT(ceilings[0].per_second, 1e6);
    EXPECT_GT(ceilings[1].per_second, 1e6);
    EXPECT_EQ(ceilings[2].per_second, 1) << "shared by cores";
    EXPECT_EQ(ceilings[3].per_second, beyond);
}

// By a ceiling of one operation a second the least time would be millions of times the time.
TEST(BenchOfWorkloads, RoofsAreThoseMeasuredBesideTheProblem) {
    Bench b{measure::this_machine(), 1, slow_ceilings(), {}, {}};
    BenchOptions options;
    options.workloads = {workloads[3]};
    options.sizes = {32};
    options.policies = {policies[0]};
    options.seconds = 0.001;
    options.peers = false;
    add_problems(b, options, [](std::size_t, std::size_t) {});
    const Measurement& m = b.problems.at(0).measurements.at(0);
    EXPECT_LT(m.roof.seconds, 100 * m.seconds);
}

TEST(BenchOfWorkloads, FindsItsOwnMeasurementBesideAPeers) {
    Measurement peer{}, own{}, other{};
    peer.policy = own.policy = "fp32";
    other.policy = "int8";
    peer.is_peer = true;
    const Benched problem{"sum", "normal", 1, 1, 1, 1, {other, peer, own}};
    EXPECT_EQ(own_measurement(problem, "fp32"), &problem.measurements[2]);
    EXPECT_EQ(own_measurement(problem, "int8"), &problem.measurements[0]);
    EXPECT_EQ(own_measurement(problem, "bf16"), nullptr);
}

TEST(BenchOfWorkloads, IsNotRightIfAnOwnResultIsWrong) {
    Bench b = small_bench();
    Measurement& m = b.problems[0].measurements[0];
    m.wrong = 1;
    EXPECT_FALSE(own_results_are_right(b));
    m.is_peer = true;
    EXPECT_TRUE(own_results_are_right(b));
}

TEST(BenchOfWorkloads, IsToldInTextAndJson) {
    Bench b = small_bench();
    Measurement& m = b.problems[0].measurements[0];
    m = {"fp32", false, "fp32", 2e-6, 4000, 3 << 10, {"L1", 1e-6}, {}, {1, INFINITY, 2, 1e-3, 0}, 7, 2, 0xABC};
    const Table table = measurement_table(b.problems[0]);
    EXPECT_EQ(table[1], (std::vector<std::string>{"fp32", "2 us", "2.0", "1.5", "3 KiB", "50 % (L1)", "0.00e+00",
                                                  "1.00e-03", "2", "60.0", "3.0", "2 of 7", "0000000000000abc"}));
    const auto json = nlohmann::json::parse(to_json(b));
    EXPECT_EQ(json["problems"].size(), 4U);
    EXPECT_EQ(json["problems"][0]["seed"], 1);
    const auto& first = json["problems"][0]["measurements"][0];
    EXPECT_EQ(first["wrong"], 2);
    EXPECT_EQ(first["hash"], "0000000000000abc");
    EXPECT_TRUE(first["against_truth"]["largest_relative"].is_null());
    EXPECT_EQ(first["against_truth"]["digits"], 3);
    EXPECT_EQ(json["ceilings"].size(), b.ceilings.size());
    EXPECT_EQ(json["machine"]["target"], b.machine.target);
}

TEST(Machine, ChoosesTheTargetThatItIsTold) {
    for (const std::string& name : measure::targets()) {
        measure::choose_target(name);
        EXPECT_EQ(measure::this_machine().target, name);
    }
    hwy::GetChosenTarget().DeInit();
    EXPECT_EQ(measure::this_machine().target, measure::targets().front());
    EXPECT_THROW(measure::choose_target("AVX9"), std::invalid_argument);
}

}  // namespace
}  // namespace halfulp::workload
