// Claim: gemv of lib/kernel is its definition, bit for bit: each element from the dot product of a row with x in the order
// asked for, then gemm's rules for alpha and beta. In every order and policy, with every instruction set of this CPU, for 1
// to 3 threads and any strides.
// Oracle: the walk of lib/accumulate over the emulator, softfloat's dot, and `compute` for alpha and beta; for integers a
// loop in 64 bits.
// Shared: the rows of `reductions` and `gemm_policies`.

#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <cfenv>
#include <limits>
#include <stdexcept>

#include <halfulp/lib/kernel/gemm.hpp>
#include <halfulp/lib/kernel/gemv.hpp>
#include <halfulp/softfloat/compute.hpp>

#include "support/kernel_targets.hpp"
#include "support/reductions.hpp"

namespace halfulp::test {
namespace {

using kernel::GemmPolicy;
using kernel::GemvOptions;
using kernel::MatrixView;

bool is_served(const GemmPolicy& p) { return p.accumulate != bfloat16; }

std::vector<GemmPolicy> served_policies() {
    std::vector<GemmPolicy> served;
    for (const GemmPolicy& p : kernel::gemm_policies)
        if (is_served(p)) served.push_back(p);
    return served;
}

std::uint64_t defined_element(const GemmPolicy& p, std::uint64_t sum, std::uint64_t old, const GemvOptions& o) {
    const Format& f = p.accumulate;
    const auto rounded = [&](float x) { return convert(f, binary32, std::bit_cast<std::uint32_t>(x)).code; };
    const auto stored = [&](std::uint64_t code) { return convert(p.result, f, code).code; };
    const Operand alpha{f, rounded(o.alpha)}, beta{f, rounded(o.beta)}, acc{f, sum};
    const Operand scaled{f, compute(Operation::Mul, f, std::array{beta, Operand{p.result, old}}).code};
    if (o.alpha == 0) return o.beta == 0 ? 0 : stored(scaled.code);
    const Operand product{f, compute(Operation::Mul, f, std::array{alpha, acc}).code};
    if (o.beta == 0) return stored(product.code);
    if (!p.fused) return stored(compute(Operation::Add, f, std::array{product, scaled}).code);
    return stored(compute(Operation::Fma, f, std::array{alpha, acc, scaled}).code);
}

/// Where element (i, j) lies.
struct Layout {
    std::string_view name;
    std::size_t row_stride, column_stride;
};

std::vector<Layout> layouts(std::size_t rows, std::size_t columns) {
    return {{"rows", columns, 1},
            {"rows apart", columns + 3, 1},
            {"columns", 1, rows},
            {"columns apart", 1, rows + 5},
            {"elements apart", 2, 2 * rows + 1}};
}

struct Problem {
    std::size_t rows, columns;
    Elements kind;
    CodeVector a, x, y;  ///< a by rows

    Problem(const GemmPolicy& p, std::size_t m, std::size_t n, Elements k)
        : rows(m),
          columns(n),
          kind(k),
          a(draw_elements(k, p.storage, m * n, m + n)),
          x(draw_elements(k == Elements::Tiny ? Elements::Ordinary : k, p.storage, n, 5)),
          y(draw_elements(Elements::Ordinary, p.result, m, 6)) {}
};

template <class T>
std::vector<T> laid_out(const Problem& q, const Layout& layout) {
    std::vector<T> elements((q.rows - 1) * layout.row_stride + (q.columns - 1) * layout.column_stride + 1);
    const std::vector<T> a = stored<T>(q.a);
    for (std::size_t i = 0; i < q.rows; ++i)
        for (std::size_t j = 0; j < q.columns; ++j)
            elements[i * layout.row_stride + j * layout.column_stride] = a[i * q.columns + j];
    return elements;
}

template <class A, class Y>
CodeVector kernel_gemv_of(const GemmPolicy& p, const Reduction& order, const Problem& q, const Layout& layout,
                          const GemvOptions& o) {
    const std::vector<A> elements = laid_out<A>(q, layout), x = stored<A>(q.x);
    std::vector<Y> y = stored<Y>(q.y);
    const MatrixView<const A> a{elements.data(), q.rows, q.columns, layout.row_stride, layout.column_stride};
    kernel::gemv(p, order, a, std::span<const A>(x), std::span<Y>(y), o);
    CodeVector codes;
    for (const Y element : y) {
        if constexpr (std::is_same_v<Y, float>)
            codes.push_back(std::bit_cast<std::uint32_t>(element));
        else
            codes.push_back(element);
    }
    return codes;
}

CodeVector kernel_gemv(const GemmPolicy& p, const Reduction& order, const Problem& q, const Layout& layout,
                       const GemvOptions& o) {
    if (p.storage == binary32) return kernel_gemv_of<float, float>(p, order, q, layout, o);
    if (p.result == binary32) return kernel_gemv_of<std::uint16_t, float>(p, order, q, layout, o);
    return kernel_gemv_of<std::uint16_t, std::uint16_t>(p, order, q, layout, o);
}

CodeVector defined_sums(const GemmPolicy& p, const Reduction& order, const Problem& q) {
    const SumFormats f{p.name, p.storage, p.accumulate, p.fused};
    CodeVector sums;
    for (std::size_t i = 0; i < q.rows; ++i) {
        const auto begin = q.a.begin() + static_cast<std::ptrdiff_t>(i * q.columns);
        sums.push_back(defined_dot(order, f, CodeVector(begin, begin + static_cast<std::ptrdiff_t>(q.columns)), q.x));
    }
    return sums;
}

void expect_elements(const GemmPolicy& p, const Reduction& order, const Problem& q, const Layout& layout,
                     const GemvOptions& o, const CodeVector& expected) {
    ASSERT_EQ(kernel_gemv(p, order, q, layout, o), expected)
        << p.name << ", " << order.name << ", " << q.rows << " x " << q.columns << ", " << layout.name << ", alpha "
        << o.alpha << ", beta " << o.beta << ", threads " << o.threads;
}

/// With every alpha and beta; of the first of them with every layout, and of ordinary elements for 1 to
/// 3 threads.
void expect_defined(const GemmPolicy& p, const Reduction& order, const Problem& q,
                    const std::vector<GemvOptions>& options) {
    const CodeVector sums = defined_sums(p, order, q);
    const std::vector<Layout> all = layouts(q.rows, q.columns);
    on_every_target([&] {
        const auto expect = [&](const Layout& layout, const GemvOptions& o) {
            CodeVector expected;
            for (std::size_t i = 0; i < q.rows; ++i) expected.push_back(defined_element(p, sums[i], q.y[i], o));
            expect_elements(p, order, q, layout, o, expected);
        };
        for (const GemvOptions& o : options) expect(all[0], o);
        for (const Layout& layout : all) expect(layout, options[0]);
        if (q.kind != Elements::Ordinary) return;
        for (const unsigned threads : {2U, 3U}) expect(all[threads], {options[0].alpha, options[0].beta, threads});
    });
}

const std::vector<GemvOptions> scales{{1, 0}, {1, 1}, {0.7F, -0.3F}, {-1, 0}, {0, 2}, {0, 0}};

class KernelGemv : public testing::TestWithParam<std::tuple<Reduction, GemmPolicy>> {};
INSTANTIATE_TEST_SUITE_P(EveryOrder, KernelGemv,
                         testing::Combine(testing::ValuesIn(reductions), testing::ValuesIn(served_policies())),
                         [](const auto& test) {
                             return case_name({std::get<0>(test.param).name, std::get<1>(test.param).name});
                         });

TEST_P(KernelGemv, IsItsDefinition) {
    const auto& [order, p] = GetParam();
    constexpr std::array<std::array<std::size_t, 2>, 8> sizes = {
        {{1, 1}, {1, 2049}, {2, 300}, {7, 31}, {16, 4}, {17, 129}, {33, 33}, {130, 1}}};
    for (const Elements kind : all_elements)
        for (const auto& [rows, columns] : sizes)
            if (!HasFatalFailure()) expect_defined(p, order, Problem(p, rows, columns, kind), scales);
}

TEST_P(KernelGemv, BlocksOfColumnsAndTilesOfRows) {
    const auto& [order, p] = GetParam();
    const auto expect = [&, &policy = p, &walk = order](std::size_t rows, std::size_t columns) {
        if (!HasFatalFailure())
            expect_defined(policy, walk, Problem(policy, rows, columns, Elements::Ordinary), {{1, 0}});
    };
    if (order.within.count > 1) expect(1, order.block + 1);
    if (order.within.count == 1 && !order.exact)
        for (const std::size_t rows : {2047U, 2048U, 2049U}) expect(rows, 2);
}

template <class A, class Y>
std::vector<Y> gemm_column(const GemmPolicy& p, const Problem& q, const kernel::GemmOptions& o) {
    const std::vector<A> a = stored<A>(q.a), x = stored<A>(q.x);
    std::vector<Y> y = stored<Y>(q.y);
    kernel::gemm(p, kernel::row_major(a.data(), q.rows, q.columns), kernel::column_major(x.data(), q.columns, 1),
                 kernel::column_major(y.data(), q.rows, 1), o);
    return y;
}

TEST(KernelGemvAndGemm, SequentialIsGemmOfOneColumn) {
    for (const GemmPolicy& p : served_policies()) {
        const Problem q(p, 37, 300, Elements::Ordinary);
        const CodeVector y = kernel_gemv(p, reduction("sequential"), q, layouts(37, 300)[0], {0.7F, -0.3F});
        const kernel::GemmOptions o{.alpha = 0.7F, .beta = -0.3F};
        if (p.storage == binary32) {
            EXPECT_EQ(stored<float>(y), (gemm_column<float, float>(p, q, o)));
        } else if (p.result == binary32) {
            EXPECT_EQ(stored<float>(y), (gemm_column<std::uint16_t, float>(p, q, o))) << p.name;
        } else {
            EXPECT_EQ(stored<std::uint16_t>(y), (gemm_column<std::uint16_t, std::uint16_t>(p, q, o))) << p.name;
        }
    }
}

TEST(KernelGemvRules, WithoutBetaTheOldYIsNotReadAndWithoutAlphaNorColumnsNothingElse) {
    constexpr float nan = std::numeric_limits<float>::quiet_NaN();
    const std::vector<float> a(6, nan), x(3, nan), ones(3, 1);
    std::vector<float> y(2, nan);
    const auto view = kernel::row_major<const float>(a.data(), 2, 3);
    const GemmPolicy& p = kernel::gemm_policies[0];
    kernel::gemv(p, reductions[1], view, x, y, {.alpha = 0, .beta = 0});
    EXPECT_EQ(y, std::vector<float>(2, 0));
    y = {1, 2};
    kernel::gemv(p, reductions[1], view, x, y, {.alpha = 0, .beta = 3});
    EXPECT_EQ(y, (std::vector<float>{3, 6}));
    kernel::gemv(p, reductions[1], kernel::row_major<const float>(nullptr, 2, 0), {}, y, {.beta = 0.5F});
    EXPECT_EQ(y, (std::vector<float>{1.5F, 3}));
    kernel::gemv(p, reductions[1], kernel::row_major<const float>(nullptr, 0, 3), ones, {});
}

void expect_exact(std::size_t rows, std::size_t columns, SplitMix& bits) {
    std::vector<std::int8_t> a(rows * columns), by_columns(a.size()), x(columns, -128);
    for (std::int8_t& e : a) e = static_cast<std::int8_t>(bits());
    std::fill_n(a.begin(), columns, -128);  // the largest sum
    for (std::size_t j = 0; j < columns && columns < 131071; j += 7) x[j] = static_cast<std::int8_t>(bits());
    std::vector<std::int32_t> expected(rows);
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j) {
            expected[i] += a[i * columns + j] * x[j];
            by_columns[j * rows + i] = a[i * columns + j];
        }
    on_every_target([&] {
        for (unsigned threads = 1; threads <= 3; ++threads) {
            std::vector<std::int32_t> y(rows, 7);
            kernel::gemv(kernel::row_major<const std::int8_t>(a.data(), rows, columns), x, y, threads);
            EXPECT_EQ(y, expected);
            y.assign(rows, 7);
            kernel::gemv(kernel::column_major<const std::int8_t>(by_columns.data(), rows, columns), x, y, threads);
            EXPECT_EQ(y, expected);
        }
    });
}

TEST(KernelGemvInt8, IsExact) {
    SplitMix bits(3);
    for (const auto& [rows, columns] :
         std::vector<std::array<std::size_t, 2>>{{1, 1}, {5, 63}, {16, 64}, {17, 65}, {33, 1000}, {3, 131071}})
        expect_exact(rows, columns, bits);
}

TEST(KernelGemvEnvironment, TheCallersTakesNoPartAndIsLeftAsItWas) {
    const GemmPolicy& p = kernel::gemm_policies[0];
    const Problem q(p, 70, 200, Elements::Ordinary);
    const Layout rows{"rows", 200, 1};
    for (const Reduction& order : reductions)
        for (unsigned threads = 1; threads <= 2; ++threads) {
            const GemvOptions o{0.7F, 0.3F, threads};
            const CodeVector expected = kernel_gemv(p, order, q, rows, o);
            std::fenv_t saved;
            std::fegetenv(&saved);
            std::fesetround(FE_UPWARD);
            const CodeVector got = kernel_gemv(p, order, q, rows, o);
            const int rounding = std::fegetround();
            std::fesetenv(&saved);
            EXPECT_EQ(got, expected) << order.name;
            EXPECT_EQ(rounding, FE_UPWARD);
        }
}

TEST(KernelGemvRules, WhatBreaksOneIsRefused) {
    const GemmPolicy single = kernel::gemm_policies[0], half = kernel::find_gemm_policy("fp16").value(),
                     brain = kernel::find_gemm_policy("bf16").value();
    const Reduction& order = reductions[0];
    std::vector<float> a(12), x(4), y(3, 7);
    std::vector<std::uint16_t> codes(12), y_codes(3);
    const auto view = kernel::row_major<const float>(a.data(), 3, 4);
    const auto code_view = kernel::row_major<const std::uint16_t>(codes.data(), 3, 4);
    const std::span<const std::uint16_t> x_codes = std::span(codes).first(4);
    EXPECT_THROW(kernel::gemv(single, order, view, y, y), std::invalid_argument) << "x of 3";
    EXPECT_THROW(kernel::gemv(single, order, view, x, x), std::invalid_argument) << "y of 4";
    EXPECT_THROW(kernel::gemv(single, order, view, x, std::span(a).first(3)), std::invalid_argument) << "y in A";
    EXPECT_THROW(kernel::gemv(single, order, view, x, std::span(x).first(3)), std::invalid_argument) << "y in x";
    EXPECT_THROW(kernel::gemv(half, order, view, x, y), std::invalid_argument) << "not codes";
    EXPECT_THROW(kernel::gemv(half, order, code_view, x_codes, y), std::invalid_argument) << "y not of codes";
    EXPECT_THROW(kernel::gemv(brain, order, code_view, x_codes, y_codes), std::invalid_argument)
        << "accumulates in bf16";
    const auto huge = kernel::row_major<const float>(a.data(), 3, 4, std::numeric_limits<std::size_t>::max() / 4);
    EXPECT_THROW(kernel::gemv(single, order, huge, x, y), std::invalid_argument) << "beyond memory";
    EXPECT_EQ(y, std::vector<float>(3, 7));
    std::vector<std::int8_t> bytes(std::size_t{1} << 17);
    std::vector<std::int32_t> sums(1);
    EXPECT_THROW(kernel::gemv(kernel::row_major<const std::int8_t>(bytes.data(), 1, bytes.size()), bytes, sums),
                 std::invalid_argument)
        << "sums of 2^31";
}

}  // namespace
}  // namespace halfulp::test
