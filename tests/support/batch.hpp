#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <halfulp/lib/kernel/arithmetic.hpp>
#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <span>
#include <string>
#include <vector>

#include "support/comparison.hpp"
#include "support/definition_sweeps.hpp"
#include "support/kernel_targets.hpp"

// The functions on many numbers beside the exact engine on each of them.

namespace halfulp::test {

/// Those that batches convert to and from binary32.
inline std::vector<NamedFormat> narrow_formats() {
    std::vector<NamedFormat> some;
    for (const auto& row : formats)
        if (row.format.width < 32) some.push_back(row);
    return some;
}

/// Those that batches compute in.
inline std::vector<NamedFormat> arithmetic_formats() {
    std::vector<NamedFormat> some;
    for (const auto& row : formats)
        if (row.format.width <= 16 && row.format.has_subnormals) some.push_back(row);
    return some;
}

/// Every rounding with every rule of overflow, tininess and flushing of results, and flushing of operands.
inline std::vector<Env> batch_environments() {
    std::vector<Env> some;
    for (const Env& env : environments()) {
        const bool same_for_batches = env.rounding == Rounding::Stochastic && env.random != 1;
        if (!same_for_batches) some.push_back(env);
    }
    for (const auto& row : roundings) some.push_back({.rounding = row.rounding, .flush_inputs = true});
    return some;
}

inline std::string text(const Env& env) {
    return std::string(name_of(env.rounding)) + ", overflow " + std::to_string(static_cast<int>(env.overflow)) +
           ", tininess " + std::to_string(static_cast<int>(env.tininess)) + ", flushes " +
           std::to_string(static_cast<int>(env.flush_outputs)) + (env.flush_inputs ? ", flushes operands" : "");
}

/// Element i of a conversion.
inline Rounded converted(const Format& to, const Format& from, std::uint64_t code, Env env, const kernel::Draws& draws,
                         std::size_t i) {
    env.random = kernel::draw(draws, i);
    return convert(to, from, code, env);
}

/// Element i of an operation.
inline Rounded calculated(Operation operation, const Format& f, const Operands& operands, Env env,
                          const kernel::Draws& draws, std::size_t i) {
    env.random = kernel::draw(draws, i);
    return compute(operation, f, operands, env);
}

/// What a batch delivered: codes, the flags of each element, and of all.
template <class Code>
struct Delivered {
    std::vector<Code> codes;
    std::vector<Status> each;
    Status all;
};

/// Compares every element, and the flags of all with those of each.
template <class Code>
void expect_delivered(const std::vector<Rounded>& expected, const Delivered<Code>& got, const std::string& what) {
    Status all{};
    for (const Rounded& r : expected) all = all | r.status;
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const Rounded element{got.codes[i], got.each[i]};
        if (element == expected[i] || ++wrong > 3) continue;
        ADD_FAILURE() << what << ", element " << i << std::hex << ": expected 0x" << expected[i].code
                      << flags_text(expected[i].status) << ", got 0x" << element.code << flags_text(element.status);
    }
    EXPECT_EQ(wrong, 0U) << what << ", of " << expected.size();
    EXPECT_EQ(flags_text(got.all), flags_text(all)) << what;
}

template <class Code>
Delivered<Code> narrowed(const Format& to, std::span<const std::uint32_t> from, const Env& env,
                         const kernel::Draws& draws = {}) {
    std::vector<float> numbers(from.size());
    std::transform(from.begin(), from.end(), numbers.begin(),
                   [](std::uint32_t code) { return std::bit_cast<float>(code); });
    Delivered<Code> got{std::vector<Code>(from.size()), std::vector<Status>(from.size()), {}};
    got.all = kernel::narrow(to, numbers, std::span(got.codes), env, got.each, draws);
    std::vector<Code> unaccompanied(from.size());
    EXPECT_EQ(kernel::narrow(to, numbers, std::span(unaccompanied), env, {}, draws), got.all);
    EXPECT_EQ(unaccompanied, got.codes) << "without the flags of each";
    return got;
}

template <class Code>
Delivered<std::uint32_t> widened(const Format& from, std::span<const Code> codes, const Env& env) {
    std::vector<float> numbers(codes.size());
    Delivered<std::uint32_t> got{std::vector<std::uint32_t>(codes.size()), std::vector<Status>(codes.size()), {}};
    got.all = kernel::widen(from, codes, numbers, env, got.each);
    std::transform(numbers.begin(), numbers.end(), got.codes.begin(),
                   [](float number) { return std::bit_cast<std::uint32_t>(number); });
    std::vector<float> unaccompanied(codes.size());
    EXPECT_EQ(kernel::widen(from, codes, unaccompanied, env), got.all);
    for (std::size_t i = 0; i < codes.size(); ++i)
        EXPECT_EQ(std::bit_cast<std::uint32_t>(unaccompanied[i]), got.codes[i]) << "without the flags of each";
    return got;
}

/// The columns of operands, and what a batch makes of them.
struct Columns {
    std::vector<std::uint16_t> a, b, c;

    void add(const Operands& row) {
        a.push_back(static_cast<std::uint16_t>(row[0]));
        b.push_back(static_cast<std::uint16_t>(row[1]));
        c.push_back(static_cast<std::uint16_t>(row[2]));
    }
    Operands row(std::size_t i) const { return {a[i], b[i], c[i]}; }
};

inline Delivered<std::uint16_t> computed(Operation operation, const Format& f, const Columns& x, const Env& env,
                                         const kernel::Draws& draws = {}) {
    const std::size_t count = x.a.size();
    Delivered<std::uint16_t> got{std::vector<std::uint16_t>(count), std::vector<Status>(count), {}};
    got.all = kernel::compute(operation, f, x.a, x.b, x.c, got.codes, env, got.each, draws);
    std::vector<std::uint16_t> in_place = x.a;
    EXPECT_EQ(kernel::compute(operation, f, in_place, x.b, x.c, in_place, env, {}, draws), got.all);
    EXPECT_EQ(in_place, got.codes) << "in place, without the flags of each";
    return got;
}

/// The operation on every row, by all targets.
inline void expect_computed(Operation operation, const Format& f, const Columns& x, const Env& env) {
    const kernel::Draws draws{.seed = 11, .first = 7};
    std::vector<Rounded> expected;
    for (std::size_t i = 0; i < x.a.size(); ++i) expected.push_back(calculated(operation, f, x.row(i), env, draws, i));
    const std::string what = std::string(row_of(operation).name) + ' ' + std::string(name_of(f)) + ' ' + text(env);
    on_every_target([&] { expect_delivered(expected, computed(operation, f, x, env, draws), what); });
}

}  // namespace halfulp::test
