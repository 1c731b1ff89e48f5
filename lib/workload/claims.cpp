#include <halfulp/lib/workload/baseline.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include <halfulp/lib/workload/halving.hpp>

namespace halfulp::workload {
namespace {

using Checks = std::vector<Check>;

/// Roundings of stored operands that each product meets: of independent signs they add up as a root of squares.
double operands(const Benched& p) { return p.workload == "sum" ? 1 : 2; }

std::string name_of(const Benched& p) { return fmt::format("{} {} {}", p.workload, p.k, p.data); }

/// Calls with each problem of that data and its measurement by that policy.
template <class Look>
void for_each(const Bench& bench, Data data, std::string_view policy, Look look) {
    for (const Benched& problem : bench.problems)
        if (problem.data == name_of(data))
            if (const Measurement* m = own_measurement(problem, policy); m != nullptr) look(problem, *m);
}

Check at_most(const std::string& what, double found, double limit) {
    return {found <= limit, fmt::format("{}: {:.2e}, at most {:.2e}", what, found, limit)};
}
Check at_least(const std::string& what, double found, double limit) {
    return {found >= limit, fmt::format("{}: {:.2e}, at least {:.2e}", what, found, limit)};
}

Checks bf16_is_close(const Bench& bench) {
    Checks checks;
    for_each(bench, Data::Uniform, "bf16-fp32", [&](const Benched& p, const Measurement& m) {
        checks.push_back(
            at_most(name_of(p), m.against_fp32.relative_norm, std::sqrt(operands(p)) * unit_roundoff(bfloat16)));
    });
    return checks;
}

Checks bf16_doubles_the_rate(const Bench& bench) {
    Checks checks;
    for_each(bench, Data::Uniform, "bf16-fp32", [&](const Benched& p, const Measurement& m) {
        const Measurement* fp32 = own_measurement(p, "fp32");
        if (fp32 == nullptr || p.n > 1 || level_of(bench.machine, m.bytes) != "memory") return;
        const double ratio = fp32->seconds / m.seconds;
        checks.push_back({ratio >= 1.5 && ratio <= 2.5,
                          fmt::format("{}: {:.2f} times fp32's numbers a second, of 1.5 to 2.5", name_of(p), ratio)});
    });
    return checks;
}

/// What a sum of so many uniform numbers, or products of two, comes to.
double expected_sum(const Benched& p) { return static_cast<double>(p.k) / (p.workload == "sum" ? 2 : 4); }

Checks fp16_sums_overflow(const Bench& bench) {
    constexpr double largest = 65504;
    Checks checks;
    for_each(bench, Data::Uniform, "fp16", [&](const Benched& p, const Measurement& m) {
        if (p.m == 1 && expected_sum(p) > 2 * largest)
            checks.push_back({m.against_truth.not_finite > 0, fmt::format("{}: {} of {} results not finite", name_of(p),
                                                                          m.against_truth.not_finite, m.checked)});
    });
    return checks;
}

Checks fp32_sums_are_close(const Bench& bench) {
    Checks checks;
    for_each(bench, Data::Uniform, "fp16-fp32", [&](const Benched& p, const Measurement& m) {
        checks.push_back(
            at_most(name_of(p), m.against_truth.relative_norm, std::sqrt(operands(p)) * unit_roundoff(binary16)));
    });
    return checks;
}

Checks small_numbers_vanish(const Bench& bench) {
    Checks checks;
    for_each(bench, Data::Gradients, "fp16-fp32", [&](const Benched& p, const Measurement& m) {
        checks.push_back(at_least(name_of(p), m.against_truth.relative_norm, 0.5));
    });
    return checks;
}

/// The same numbers times a power of two.
Checks scaled_numbers_do_not(const Bench& bench) {
    Checks checks;
    for_each(bench, Data::Normal, "fp16-fp32", [&](const Benched& p, const Measurement& m) {
        if (p.m > 1)
            checks.push_back(
                at_most(name_of(p), m.against_truth.relative_norm, std::sqrt(operands(p)) * unit_roundoff(binary16)));
    });
    return checks;
}

Checks int8_is_quickest(const Bench& bench) {
    Checks checks;
    for_each(bench, Data::Uniform, "int8", [&](const Benched& p, const Measurement& m) {
        const Measurement* best = nullptr;
        for (const Measurement& other : p.measurements)
            if (other.policy != "int8" && other.wrong == 0 && (best == nullptr || other.seconds < best->seconds))
                best = &other;
        if (best != nullptr)
            checks.push_back(
                {m.seconds < best->seconds, fmt::format("{}: {:.2f} times as quick as {}, the next", name_of(p),
                                                        best->seconds / m.seconds, best->computed_by)});
    });
    return checks;
}

Checks int8_is_bounded(const Bench& bench) {
    Checks checks;
    for_each(bench, Data::Uniform, "int8", [&](const Benched& p, const Measurement& m) {
        const double limit = std::pow(1 + 1.0 / 127, operands(p)) - 1;
        Check check = at_most(name_of(p), m.against_truth.relative_norm, limit);
        check.holds = check.holds && m.wrong == 0;
        check.text += fmt::format("; {} of {} not the exact sum", m.wrong, m.checked);
        checks.push_back(check);
    });
    return checks;
}

Checks no_digit_is_left(const Bench& bench) {
    Checks checks;
    for (const std::string_view policy : {"fp16-fp32", "bf16-fp32", "int8"})
        for_each(bench, Data::Cancelling, policy, [&](const Benched& p, const Measurement& m) {
            Check check = at_least(fmt::format("{} in {}", name_of(p), policy), m.against_truth.relative_norm, 0.5);
            check.holds = check.holds && m.wrong == 0;
            check.text += fmt::format("; {} of {} wrong", m.wrong, m.checked);
            checks.push_back(check);
        });
    return checks;
}

/// On the same workload, beside numbers of one sign, whose condition number is 1.
Checks fp32_loses_digits(const Bench& bench) {
    Checks checks;
    for_each(bench, Data::Cancelling, "fp32", [&](const Benched& p, const Measurement& m) {
        for_each(bench, Data::Uniform, "fp32", [&](const Benched& easy, const Measurement& before) {
            if (easy.workload == p.workload && easy.k == p.k)
                checks.push_back(at_least(name_of(p) + ", times the error on uniform data",
                                          m.against_truth.relative_norm / before.against_truth.relative_norm, 0x1p10));
        });
    });
    return checks;
}

// u of bf16 is 2^-8, of fp16 2^-11, of fp32 2^-24. `cancelling` has a condition number k of 2^21 at least.
constexpr std::array bf16_parts = {
    ClaimPart{
        "numbers of one sign: distance to fp32's result, in the norm, at most u of bf16 times the root of the operands",
        bf16_is_close},
    ClaimPart{"where bf16's bytes, too, are more than the last cache: 1.5 to 2.5 times fp32's numbers a second",
              bf16_doubles_the_rate, true}};
constexpr std::array fp16_parts = {
    ClaimPart{"a sum of more than twice fp16's largest number, in fp16: infinite", fp16_sums_overflow},
    ClaimPart{"numbers of one sign, summed in fp32: error at most u of fp16 times the root of the operands",
              fp32_sums_are_close},
    ClaimPart{"gradients below half of fp16's smallest number: error at least 1/2, though summed in fp32",
              small_numbers_vanish},
    ClaimPart{"the same, scaled by 2^28: error at most u of fp16 times the root of the operands",
              scaled_numbers_do_not}};
constexpr std::array int8_parts = {
    ClaimPart{"less time than any other right result of the problem, peers included", int8_is_quickest, true},
    ClaimPart{
        "numbers of one sign, each off by half a step, 1/254 of the largest, where the mean is 1/2 of it: error at "
        "most (1 + 1/127)^operands - 1, and each sum of bytes exact",
        int8_is_bounded}};
constexpr std::array condition_parts = {
    ClaimPart{
        "a condition number k costs log10 k digits. k is 2^21, u k over 1 for fp16, bf16 and int8: no digit is left, "
        "error at least 1/2, though each result is the one that is defined",
        no_digit_is_left},
    ClaimPart{"fp32, whose u k is below 1: error at least root of k, 2^10, times that on numbers of one sign",
              fp32_loses_digits}};
constexpr std::array rows = {
    Baseline{"bf16 matches fp32 closely on well-conditioned work at about twice the bandwidth", bf16_parts},
    Baseline{"fp16 needs loss scaling, and for its sums fp32", fp16_parts},
    Baseline{"int8 is the fastest, with a bounded, measured loss of accuracy", int8_parts},
    Baseline{"ill-conditioned cases degrade in every precision, as exercise 3 predicts", condition_parts}};

}  // namespace

std::span<const Baseline> baselines() { return rows; }

}  // namespace halfulp::workload
