// Claim: costs are the longer of published or measured times; the cheapest policy that is enough is chosen; a certificate holds
// only if nothing contradicts it; exact sums do not depend on the order of their terms, others do; problems of the new kinds of
// data are what they promise.
// Oracle: hand-made rates and numbers; predictions that are spoilt on purpose. Shared: nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/lib/plan/plan.hpp>
#include <halfulp/lib/plan/run.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::plan {
namespace {

using workload::Kind;
using workload::Problem;

Problem made(Kind kind, std::size_t size, workload::Data data = workload::Data::Normal) {
    return make_problem(workload::workloads[static_cast<std::size_t>(kind)], size, data, 1);
}

Policy unit(const char* processor, const Element& in, const Element& out) {
    return unit_policy(*find_mma(processor, "mma.sync", in, out), processor);
}

TEST(Cost, OfAProcessorIsTheLongerOfArithmeticAndMemory) {
    const Peak peak{"made up", "A100", 1, 2, 4, 8, 0, 16, 100, 1, "", {}};
    const Problem p = made(Kind::Gemm, 100);  // 2 * 10^6 operations, 3 * 10^4 numbers
    EXPECT_EQ(bytes_of(p, cpu_policy("fp32", "")), 120000U);
    EXPECT_EQ(bytes_of(p, unit("A100", tf32, binary32)), 120000U);
    EXPECT_EQ(bytes_of(p, unit("A100", binary16, binary32)), 80000U);
    EXPECT_EQ(bytes_of(p, unit("A100", binary16, binary16)), 60000U);
    EXPECT_EQ(bytes_of(p, unit("A100", s8, s32)), 60000U);
    EXPECT_EQ(bytes_of(made(Kind::Sum, 100), cpu_policy("int8", "exact")), 108U);
    const Cost plain = unit_cost(p, cpu_policy("fp32", ""), peak),
               half = unit_cost(p, unit("A100", binary16, binary32), peak);
    EXPECT_DOUBLE_EQ(plain.seconds, 2e-6);
    EXPECT_EQ(plain.limit, "arithmetic");
    EXPECT_DOUBLE_EQ(half.seconds, 8e-7);
    EXPECT_EQ(half.limit, "memory");
    EXPECT_DOUBLE_EQ(unit_cost(made(Kind::Gemm, 1000), unit("A100", binary16, binary32), peak).seconds, 5e-4);
    Peak small = peak;
    small.memory = 79999e-9;
    EXPECT_EQ(unit_cost(p, unit("A100", binary16, binary32), small).limit, "memory is too small");
    small.fp16 = 0;
    EXPECT_EQ(unit_cost(p, unit("A100", binary16, binary32), small).limit, "no published rate");
}

const std::vector<measure::Ceiling> ceilings{
    {std::string(measure::loops().front().name), measure::Kind::Arithmetic, 1000, 0, 0},
    {"memory", measure::Kind::Reading, 4000, 10, std::numeric_limits<std::size_t>::max()}};

TEST(Cost, OfThisCpuIsItsRoof) {
    const Problem p = made(Kind::Sum, 100);
    EXPECT_EQ(cpu_cost(p, cpu_policy("fp32", "lanes"), ceilings).seconds, 0.2);
    EXPECT_EQ(cpu_cost(p, cpu_policy("fp32", "exact"), ceilings).seconds, 3.2);
    EXPECT_EQ(cpu_cost(p, cpu_policy("fp32", "exact"), ceilings).bytes, 404U);
    EXPECT_EQ(cpu_cost(p, cpu_policy("fp32", "FABsum"), ceilings).seconds, 0.2);
    EXPECT_EQ(cpu_cost(p, cpu_policy("fp32", "Kahan"), ceilings).seconds, 0.8);
    EXPECT_EQ(cpu_cost(p, cpu_policy("fp32", "Kahan"), ceilings).limit, "additions");
    const Problem rows = made(Kind::Gemv, 30);  // 900 terms
    EXPECT_DOUBLE_EQ(cpu_cost(rows, cpu_policy("fp32", "Kahan"), ceilings).seconds, 7.2);
}

TEST(Cost, OfALayerHasItsBias) {
    const Problem p = made(Kind::Layer, 10);
    EXPECT_EQ(bytes_of(p, cpu_policy("fp32", "")), 4 * 310U);
    EXPECT_EQ(bytes_of(p, cpu_policy("fp16", "")), 2 * 310U);
    EXPECT_EQ(bytes_of(p, cpu_policy("int8", "")), 200 + 4 * 110U);
    EXPECT_EQ(bytes_of(p, unit("A100", binary16, binary32)), 2 * 200 + 4 * 110U);
}

TEST(Peaks, HaveUnitsToPredict) {
    for (const Peak& peak : peaks) {
        EXPECT_GE(unit_policies(peak.rows_of, peak.name).size(), 3U) << peak.name;
        EXPECT_FALSE(peak.source.empty());
    }
    EXPECT_EQ(find_by_name(peaks, "sm_87")->name, "Orin");
}

Question question(double tolerance) {
    Question q;
    q.problem = made(Kind::Gemm, 20);
    q.tolerance = tolerance;
    q.processor = *find_by_name(peaks, "A100");
    return q;
}

TEST(Margin, IsTwoDeviationsOfOneResult) {
    EXPECT_EQ(margin(1), 2);
    EXPECT_EQ(margin(256), 1 + 1 / 16.0);
}

TEST(Plan, TakesTheCheapestThatIsEnough) {
    for (const double tolerance : {1e-1, 1e-3, 1e-5, 1e-9}) {
        const Plan plan = planned(question(tolerance), {});
        bool found = false;
        for (const Ranked& r : plan.policies) {
            const bool enough = r.prediction.error() * margin(r.prediction.places.size()) <= tolerance;
            EXPECT_EQ(r.verdict == Verdict::Cheapest, enough && !found) << r.policy.name;
            found = found || enough;
        }
        EXPECT_EQ(plan.chosen() != nullptr, tolerance > 1e-9);
        EXPECT_EQ(found, plan.attainable() <= tolerance);
    }
}

TEST(Plan, KeepsAMargin) {
    const auto verdict = [](double tolerance) {
        for (const Ranked& r : planned(question(tolerance), {}).policies)
            if (r.policy.name == "A100 bf16->fp32") return std::pair(r.verdict, r.prediction.error());
        return std::pair(Verdict::Impossible, 0.0);
    };
    const double error = verdict(1).second;  // of 256 results: 1/16 more is to be expected of their norm at most
    EXPECT_EQ(verdict(1.06 * error).first, Verdict::Imprecise);
    EXPECT_NE(verdict(1.07 * error).first, Verdict::Imprecise);
}

TEST(Plan, TriesPowersOfTwoAfterWhatNeedsNone) {
    Question q = question(1e-3);
    q.problem = made(Kind::Gemm, 20, workload::Data::Gradients);
    const Plan plan = planned(q, {});
    EXPECT_EQ(plan.chosen()->policy.name, "A100 fp16->fp16 scaled");
    EXPECT_TRUE(run(plan).holds());
    const auto place = [&](const char* name) {
        return std::find_if(plan.policies.begin(), plan.policies.end(),
                            [&](const Ranked& r) { return r.policy.name == name; }) -
               plan.policies.begin();
    };
    EXPECT_LT(place("A100 bf16->fp32"), place("A100 fp16->fp32 scaled"));
    EXPECT_EQ(plan.policies[static_cast<std::size_t>(place("A100 bf16->fp32"))].cost.seconds,
              plan.policies[static_cast<std::size_t>(place("A100 fp16->fp32 scaled"))].cost.seconds);
    EXPECT_EQ(place("A100 bf16->fp32 scaled"), static_cast<std::ptrdiff_t>(plan.policies.size()));
}

TEST(Plan, ScalesBinary32WhereItsProductsAreTooSmall) {
    Question q = question(1e-6);
    for (std::vector<float>* x : {&q.problem.a, &q.problem.b})
        for (float& number : *x) number *= 0x1p-67F;
    const Plan plan = planned(q, {});
    EXPECT_EQ(plan.chosen()->policy.name, "fp32 scaled");
    EXPECT_TRUE(run(plan).holds());
    for (const Ranked& r : plan.policies) EXPECT_NE(r.policy.name, "A100 s8->s32 scaled");
}

std::ptrdiff_t place_of(const Plan& plan, std::string_view name) {
    return std::find_if(plan.policies.begin(), plan.policies.end(),
                        [&](const Ranked& r) { return r.policy.name == name; }) -
           plan.policies.begin();
}

// With rates of their own they take as long, so that the bytes tell, and where these are equal, whether numbers are scaled.
TEST(Plan, OrdersByTimeThenBytesThenScaling) {
    Question q = question(1e-3);
    q.problem = made(Kind::Gemm, 20, workload::Data::Gradients);
    q.processor = Peak{"made up", "A100", 1, 1, 1, 1, 0, 1, 1e9, 1, "", {}};
    const Plan plan = planned(q, {});
    for (const Ranked& r : plan.policies) EXPECT_EQ(r.cost.limit, "arithmetic");
    const std::vector<std::string_view> order = {"made up fp16->fp16", "made up fp16->fp16 scaled",
                                                 "made up bf16->fp32", "made up fp16->fp32 scaled",
                                                 "made up tf32->fp32"};
    for (std::size_t i = 1; i < order.size(); ++i)
        EXPECT_LT(place_of(plan, order[i - 1]), place_of(plan, order[i])) << order[i];
    q.processor->fp32 = 2;  // the most bytes in the least time
    EXPECT_EQ(place_of(planned(q, {}), "fp32"), 0);
}

TEST(Plan, SaysWhatOtherLibrariesWouldSaturate) {
    Question q;
    q.problem = made(Kind::Gemm, 40, workload::Data::Uniform);
    q.tolerance = 1e-1;
    q.order_independent = true;
    const Plan plan = planned(q, {});
    const Ranked& saturating = plan.policies[static_cast<std::size_t>(place_of(plan, "int8 saturating"))];
    EXPECT_EQ(saturating.verdict, Verdict::Forbidden);
    EXPECT_GT(saturating.prediction.error(), 0.01);
    EXPECT_EQ(plan.chosen()->policy.name, "int8");
    // Nothing saturates, but the sum would be another in another order.
    for (float& x : q.problem.b) x = std::min(x, 0.25F);
    q.problem.b[0] = 1;
    q.problem.a.assign(q.problem.a.size(), -1);
    EXPECT_EQ(planned(q, {}).policies[static_cast<std::size_t>(place_of(planned(q, {}), "int8 saturating"))].verdict,
              Verdict::Ordered);
}

// 2^17 columns and more are beyond what the kernel of matrices by vectors takes.
TEST(Plan, RunsWhatTheSumsOfBytesHaveRoomFor) {
    const std::size_t k = 133144;
    const Problem p{workload::workloads[static_cast<std::size_t>(Kind::Gemv)],
                    2,
                    1,
                    k,
                    std::vector<float>(2 * k, 1),
                    std::vector<float>(k, 1),
                    {}};
    const Policy bytes = cpu_policy("int8", "exact");
    EXPECT_FALSE(predicted(p, bytes, places_among(2, 2)).is_forbidden());
    EXPECT_NEAR(computed(p, bytes, 1)[1], k, 1);
}

/// A plan that takes the policy of that name.
Plan taking(Plan plan, const std::string& policy) {
    for (Ranked& x : plan.policies) {
        if (x.verdict == Verdict::Cheapest) x.verdict = Verdict::Enough;
        if (x.policy.name == policy) x.verdict = Verdict::Cheapest;
    }
    return plan;
}

TEST(Plan, TakesEveryWorkload) {
    for (const workload::Workload& w : planned_workloads)
        for (const bool on_unit : {false, true}) {
            if (on_unit && w.is_vector) continue;
            Question q = question(1e-1);
            q.problem = make_problem(w, 33, workload::Data::Normal, 5);
            if (!on_unit) q.processor.reset();
            const Plan plan = planned(q, ceilings);
            for (const Ranked& r : plan.policies) {
                if (r.policy.saturates) continue;
                const Certificate c = run(taking(plan, r.policy.name));
                EXPECT_TRUE(c.keeps_bound && c.as_predicted) << w.name << " " << r.policy.name;
            }
        }
}

TEST(Plan, DoesNotRunWhatIsRefused) {
    const std::size_t k = 133145;  // times 127^2 is more than 32 bits
    Question q;
    q.problem = {workload::workloads[static_cast<std::size_t>(Kind::Gemm)],
                 1,
                 1,
                 k,
                 std::vector<float>(k, 1),
                 std::vector<float>(k, 1),
                 {}};
    q.tolerance = 1e-3;
    const Plan plan = planned(q, {});  // without ceilings the bytes decide
    EXPECT_EQ(plan.policies.front().policy.name, "int8");
    EXPECT_EQ(plan.policies.front().verdict, Verdict::Forbidden);
    EXPECT_TRUE(run(plan).holds());
}

TEST(Certificate, HoldsUnlessSomethingContradictsIt) {
    const Plan plan = planned(question(1e-3), {});
    const auto spoilt = [&](auto&& spoil) {
        Plan other = plan;
        spoil(*std::find_if(other.policies.begin(), other.policies.end(),
                            [](const Ranked& r) { return r.verdict == Verdict::Cheapest; }),
              other.question);
        return run(other);
    };
    const Certificate c = spoilt([](Ranked&, Question&) {});
    EXPECT_TRUE(c.holds() && c.keeps_bound && c.as_predicted && c.meets_tolerance);
    EXPECT_GT(c.measured, 0);
    EXPECT_LT(c.of_bound, 1);
    const auto overconfident = spoilt([](Ranked& r, Question&) { r.prediction.expected /= 6; });
    EXPECT_TRUE(!overconfident.as_predicted && overconfident.keeps_bound && !overconfident.holds());
    const auto tight = spoilt([](Ranked& r, Question&) { r.prediction.bounds[7] = 0; });
    EXPECT_TRUE(!tight.keeps_bound && tight.as_predicted && !tight.holds());
    const auto strict = spoilt([&](Ranked&, Question& q) { q.tolerance = c.measured * 0.99; });
    EXPECT_TRUE(!strict.meets_tolerance && strict.as_predicted && !strict.holds());
    const auto other = spoilt([](Ranked&, Question& q) { q.problem.a[0] += 1; });
    EXPECT_NE(other.hash, c.hash);
}

/// The same terms in another order.
Problem permuted(const Problem& p, std::uint64_t seed) {
    std::vector<std::size_t> order(p.k);
    std::iota(order.begin(), order.end(), 0);
    for (std::size_t i = p.k; i > 1; --i) std::swap(order[i - 1], order[random_bits(seed, i) % i]);
    Problem other = p;
    for (std::size_t i = 0; i < p.k; ++i) {
        other.a[i] = p.a[order[i]];
        if (p.workload.has_b) other.b[i] = p.b[order[i]];
    }
    return other;
}

TEST(ExactSums, DoNotDependOnTheOrder) {
    for (const Kind kind : {Kind::Sum, Kind::Dot})
        for (const auto data : {workload::Data::LogNormal, workload::Data::Cancelling}) {
            const Problem p = made(kind, 3000, data);
            for (const Policy& policy : cpu_policies(kind)) {
                std::set<double> results;
                for (std::uint64_t seed = 1; seed <= 20; ++seed)
                    results.insert(computed(permuted(p, seed), policy, 1)[0]);
                EXPECT_TRUE(results.size() == 1 || order_text(kind, policy) != "exact") << policy.name;
                EXPECT_TRUE(results.size() > 1 || policy.name != "fp32 lanes");
            }
        }
}

TEST(Data, SpreadOverBinadesOrHaveOutliers) {
    const std::vector<float> wide = made(Kind::Sum, 1 << 14, workload::Data::LogNormal).a;
    double sum = 0, squares = 0, negative = 0;
    for (const float x : wide) {
        const double exponent = std::log2(std::abs(x));
        sum += exponent;
        squares += exponent * exponent;
        negative += x < 0 ? 1 : 0;
    }
    const double n = static_cast<double>(wide.size());
    // log2(1 + f) is above f by 0.057 in the mean; the standard deviation is 2.
    EXPECT_NEAR(sum / n, 0.057, 5 * 2 / std::sqrt(n));
    EXPECT_NEAR(squares / n, 4, 0.3);
    EXPECT_NEAR(negative / n, 0.5, 5 * 0.5 / std::sqrt(n));
    const std::vector<float> normal = made(Kind::Sum, 1 << 14).a,
                             outliers = made(Kind::Sum, 1 << 14, workload::Data::Outliers).a;
    std::size_t large = 0;
    for (std::size_t i = 0; i < normal.size(); ++i) {
        EXPECT_TRUE(outliers[i] == normal[i] || outliers[i] == 64 * normal[i]);
        if (outliers[i] != normal[i]) ++large;
    }
    EXPECT_NEAR(static_cast<double>(large), n / 256, 5 * std::sqrt(n / 256));
}

}  // namespace
}  // namespace halfulp::plan
