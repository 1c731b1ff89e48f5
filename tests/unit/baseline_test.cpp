// Claim: each part of each baseline is confirmed by measurements that bear it out, refuted by one that does not, and not
// measured without any; a claim is confirmed only if all its parts are.
// Oracle: made-up measurements on either side of each rule's limit, whose numbers are written out here. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include <halfulp/lib/workload/baseline.hpp>
#include <halfulp/lib/workload/study.hpp>

#include "support/made_up_bench.hpp"

namespace halfulp::workload {
namespace {

using test::made_up_bench;
using test::measured;
using test::problem;
using testing::HasSubstr;

/// By claim and part, both from 0.
Finding finding(std::size_t claim, std::size_t part, const Benched& one) {
    return finding_of({baselines()[claim].parts[part].judge(made_up_bench({one}))});
}

struct Case {
    std::size_t claim, part;
    Benched confirms, refutes;
};

Measurement wrong(Measurement m) {
    m.wrong = 1;
    return m;
}
Measurement infinite(Measurement m) {
    m.against_truth.not_finite = 1;
    return m;
}

/// u is 2^-8 of bf16 and 2^-11 of fp16; root 2 is 1.41421.
const Case cases[] = {
    {0, 0, problem("sum", 9, "uniform", {measured("bf16-fp32", 1, 0x1p-8)}),
     problem("sum", 9, "uniform", {measured("bf16-fp32", 1, 0x1.01p-8)})},
    {0, 0, problem("gemm", 9, "uniform", {measured("bf16-fp32", 1, 1.41421 * 0x1p-8)}),
     problem("gemm", 9, "uniform", {measured("bf16-fp32", 1, 1.41422 * 0x1p-8)})},
    {0, 1, problem("gemv", 9, "uniform", {measured("fp32", 1.6, 0, 18000), measured("bf16-fp32", 1, 0, 9000)}),
     problem("gemv", 9, "uniform", {measured("fp32", 1.4, 0, 18000), measured("bf16-fp32", 1, 0, 9000)})},
    {0, 1, problem("sum", 9, "uniform", {measured("fp32", 2.4, 0, 18000), measured("bf16-fp32", 1, 0, 9000)}),
     problem("sum", 9, "uniform", {measured("fp32", 2.6, 0, 18000), measured("bf16-fp32", 1, 0, 9000)})},
    {1, 0, problem("sum", 300000, "uniform", {infinite(measured("fp16", 1, 0))}),
     problem("sum", 300000, "uniform", {measured("fp16", 1, 1)})},
    {1, 0, problem("dot", 600000, "uniform", {infinite(measured("fp16", 1, 0))}),
     problem("dot", 600000, "uniform", {measured("fp16", 1, 1)})},
    {1, 1, problem("sum", 9, "uniform", {measured("fp16-fp32", 1, 0x1p-11)}),
     problem("sum", 9, "uniform", {measured("fp16-fp32", 1, 0x1.01p-11)})},
    {1, 2, problem("gemv", 9, "gradients", {measured("fp16-fp32", 1, 1)}),
     problem("gemv", 9, "gradients", {measured("fp16-fp32", 1, 0.4)})},
    {1, 3, problem("gemv", 9, "normal", {measured("fp16-fp32", 1, 1.41421 * 0x1p-11)}),
     problem("gemv", 9, "normal", {measured("fp16-fp32", 1, 1.41422 * 0x1p-11)})},
    {2, 0,
     problem("gemm", 9, "uniform", {measured("int8", 1, 0), measured("fp32", 1.1, 0), wrong(measured("fp16", 0.5, 1))}),
     problem("gemm", 9, "uniform", {measured("int8", 1, 0), measured("fp32", 1.1, 0), measured("fp16-fp32", 0.9, 0)})},
    {2, 1, problem("sum", 9, "uniform", {measured("int8", 1, 0.00787)}),
     problem("sum", 9, "uniform", {measured("int8", 1, 0.00788)})},  // 1/127 = 0.007874
    {2, 1, problem("dot", 9, "uniform", {measured("int8", 1, 0.0158)}),
     problem("dot", 9, "uniform", {measured("int8", 1, 0.0159)})},  // 2/127 + 1/127^2 = 0.015810
    {2, 1, problem("dot", 9, "uniform", {measured("int8", 1, 0)}),
     problem("dot", 9, "uniform", {wrong(measured("int8", 1, 0))})},
    {3, 0, problem("gemm", 9, "cancelling", {measured("bf16-fp32", 1, 0.5)}),
     problem("gemm", 9, "cancelling", {measured("bf16-fp32", 1, 0.5), measured("int8", 1, 0.4)})},
    {3, 0, problem("gemm", 9, "cancelling", {measured("bf16-fp32", 1, 9)}),
     problem("gemm", 9, "cancelling", {wrong(measured("bf16-fp32", 1, 9))})},
};

TEST(Baseline, IsConfirmedOrRefutedByEachPart) {
    for (const Case& c : cases) {
        EXPECT_EQ(finding(c.claim, c.part, c.confirms), Finding::Confirmed) << c.claim << '.' << c.part;
        EXPECT_EQ(finding(c.claim, c.part, c.refutes), Finding::Refuted) << c.claim << '.' << c.part;
        EXPECT_EQ(finding(c.claim, c.part, problem("layer", 9, "normal", {})), Finding::NotMeasured)
            << c.claim << '.' << c.part;
    }
}

TEST(Baseline, ComparesFp32OnCancellingNumbersWithItselfOnOthers) {
    const auto bench = [](double error, std::size_t size) {
        return made_up_bench({problem("gemm", 9, "uniform", {measured("fp32", 1, 1e-7)}),
                              problem("gemm", size, "cancelling", {measured("fp32", 1, error)})});
    };
    const ClaimPart& part = baselines()[3].parts[1];
    EXPECT_EQ(finding_of({part.judge(bench(1.03e-4, 9))}), Finding::Confirmed);  // 1024 times
    EXPECT_EQ(finding_of({part.judge(bench(1.02e-4, 9))}), Finding::Refuted);
    EXPECT_EQ(finding_of({part.judge(bench(1, 10))}), Finding::NotMeasured);
}

TEST(Baseline, LeavesOutWhatARuleDoesNotReach) {
    // bf16 from a cache; a sum that fp16 holds.
    EXPECT_EQ(
        finding(0, 1,
                problem("gemv", 9, "uniform", {measured("fp32", 9, 0, 16000), measured("bf16-fp32", 1, 0, 8000)})),
        Finding::NotMeasured);
    EXPECT_EQ(finding(1, 0, problem("sum", 200000, "uniform", {measured("fp16", 1, 0)})), Finding::NotMeasured);
    EXPECT_EQ(finding(1, 3, problem("sum", 9, "normal", {measured("fp16-fp32", 1, 1)})), Finding::NotMeasured);
}

TEST(Baseline, NeedsAllItsParts) {
    const Check good{true, ""}, bad{false, ""};
    EXPECT_EQ(finding_of({{good}, {good, good}}), Finding::Confirmed);
    EXPECT_EQ(finding_of({{good}, {}}), Finding::NotMeasured);
    EXPECT_EQ(finding_of({{good, bad}, {}}), Finding::Refuted);
}

/// Others may have used the machine meanwhile.
TEST(Baseline, RefutedByATimeIsNoWrongResult) {
    const auto judged_by = [](double int8_error) {
        return judged(
            made_up_bench({problem("gemm", 9, "uniform", {measured("int8", 2, int8_error), measured("fp32", 1, 0)})}));
    };
    EXPECT_EQ(judged_by(0)[2].finding, Finding::Refuted);
    EXPECT_FALSE(any_result_refuted(judged_by(0)));
    EXPECT_TRUE(any_result_refuted(judged_by(0.1)));
}

TEST(Baseline, IsPrintedWithItsNumbers) {
    const std::vector<Judged> all =
        judged(made_up_bench({problem("sum", 9, "uniform", {measured("bf16-fp32", 1, 0.5)})}));
    ASSERT_EQ(all.size(), baselines().size());
    EXPECT_EQ(all[0].finding, Finding::Refuted);
    EXPECT_EQ(all[1].finding, Finding::NotMeasured);
    const Table table = check_table(all[0].checks[0]);
    EXPECT_THAT(table.at(1), testing::ElementsAre("no", "sum 9 uniform: 5.00e-01, at most 3.91e-03"));
    EXPECT_THAT(check_table({}).at(1), testing::ElementsAre("-", "not measured"));
    const std::string text = baseline_text(all);
    EXPECT_THAT(text, HasSubstr("refuted: bf16 matches fp32"));
    EXPECT_THAT(text, HasSubstr("not measured: fp16 needs"));
    EXPECT_THAT(text, HasSubstr("no     sum 9 uniform: 5.00e-01, at most 3.91e-03\n"));
    EXPECT_TRUE(any_result_refuted(all));
    EXPECT_FALSE(any_result_refuted(judged(made_up_bench({}))));
}

/// The plan asks for what every part needs, by shapes alone.
TEST(Baseline, HasAPlanThatReachesEveryPart) {
    const measure::Machine machine = made_up_bench({}).machine;
    for (const auto& [claim, baseline] :
         {std::pair{0, baselines()[0]}, {1, baselines()[1]}, {2, baselines()[2]}, {3, baselines()[3]}}) {
        std::vector<Benched> problems;
        for (const BenchOptions& options : baseline_plan(machine, Extent::Full))
            for (const Workload& w : options.workloads)
                for (const std::size_t size : options.sizes) {
                    problems.push_back(problem(w.name, size, name_of(options.data), {}));
                    for (const Policy& p : options.policies)
                        problems.back().measurements.push_back(
                            measured(p.name, 1, 0, size * size * static_cast<std::size_t>(p.storage.width()) / 8));
                }
        for (const ClaimPart& part : baseline.parts)
            EXPECT_FALSE(part.judge(made_up_bench(problems)).empty()) << claim << part.rule;
    }
}

}  // namespace
}  // namespace halfulp::workload
