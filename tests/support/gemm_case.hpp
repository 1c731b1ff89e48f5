#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <functional>
#include <halfulp/lib/kernel/gemm.hpp>
#include <halfulp/lib/kernel/gemm_definition.hpp>
#include <halfulp/lib/property/operands.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <ostream>
#include <string>
#include <type_traits>
#include <vector>

#include "support/kernel_targets.hpp"

// A product of matrices by the kernels and by its definition.

namespace halfulp::kernel {
inline void PrintTo(const GemmPolicy& policy, std::ostream* out) { *out << policy.name; }
}  // namespace halfulp::kernel

namespace halfulp::test {

using kernel::GemmPolicy;
using kernel::MatrixView;

/// How a matrix lies in memory.
enum class Layout : std::uint8_t {
    Rows,
    Columns,
    PaddedRows,     ///< a gap after each row
    PaddedColumns,  ///< a gap after each column
    Apart,          ///< no element beside another
};

/// Element (i, j) of rows x columns, and how many elements there are with the gaps.
struct Strides {
    std::size_t row, column, size;
};
inline Strides strides(Layout layout, std::size_t rows, std::size_t columns) {
    switch (layout) {
        case Layout::Rows: return {columns, 1, rows * columns};
        case Layout::Columns: return {1, rows, rows * columns};
        case Layout::PaddedRows: return {columns + 3, 1, rows * (columns + 3)};
        case Layout::PaddedColumns: return {1, rows + 5, columns * (rows + 5)};
        case Layout::Apart: return {2 * columns + 1, 2, rows * (2 * columns + 1)};
    }
    __builtin_unreachable();
}

/// Codes by what they are drawn with.
using Draw = std::function<std::uint64_t(const Format&, property::SplitMix&)>;

inline std::uint64_t any_code(const Format& f, property::SplitMix& bits) { return property::edge_code(f, bits); }
/// About one, of both signs: sums cancel, and no overflow hides what was lost.
inline std::uint64_t ordinary_code(const Format& f, property::SplitMix& bits) {
    return property::at_exponent(f, bits() & f.code_mask(), 0, 3, bits);
}

/// In the binades below 2^exponent and some above, of both signs.
inline Draw about(int exponent) {
    return [exponent](const Format& f, property::SplitMix& bits) {
        return property::at_exponent(f, bits() & f.code_mask(), exponent, 2, bits);
    };
}

template <class Element>
std::uint64_t code_of(Element x) {
    if constexpr (std::is_same_v<Element, float>) return std::bit_cast<std::uint32_t>(x);
    if constexpr (!std::is_same_v<Element, float>) return x;
}
template <class Element>
Element element_of(std::uint64_t code) {
    if constexpr (std::is_same_v<Element, float>) return std::bit_cast<float>(static_cast<std::uint32_t>(code));
    if constexpr (!std::is_same_v<Element, float>) return static_cast<Element>(code);
}

/// A matrix with what lies in its gaps.
template <class Element>
struct Stored {
    std::vector<Element> elements;
    std::size_t rows, columns;
    Strides strides;

    Stored(const Format& f, std::size_t m, std::size_t n, Layout layout, const Draw& draw, std::uint64_t seed)
        : rows(m), columns(n), strides(test::strides(layout, m, n)) {
        property::SplitMix bits(seed);
        for (std::size_t i = 0; i < strides.size; ++i) elements.push_back(element_of<Element>(draw(f, bits)));
    }

    MatrixView<Element> view() { return {elements.data(), rows, columns, strides.row, strides.column}; }
    MatrixView<const Element> view() const { return {elements.data(), rows, columns, strides.row, strides.column}; }
};

struct Shape {
    std::size_t m, n, k;
};

struct GemmCase {
    GemmPolicy policy;
    Shape shape;
    Layout a = Layout::Rows, b = Layout::Rows, c = Layout::Rows;
    float alpha = 1, beta = 0;
    Draw draw = ordinary_code;
};
inline std::ostream& operator<<(std::ostream& out, const GemmCase& x) {
    return out << x.policy.name << ' ' << x.shape.m << " x " << x.shape.n << " x " << x.shape.k << " layouts "
               << static_cast<int>(x.a) << static_cast<int>(x.b) << static_cast<int>(x.c) << " alpha " << x.alpha
               << " beta " << x.beta;
}

/// C as the definition has it, and what lies in its gaps as it was.
template <class Element, class Result>
std::vector<Result> defined(const GemmCase& x, const Stored<Element>& a, const Stored<Element>& b, Stored<Result> c) {
    const auto scalar = [&](float number) {
        return convert(x.policy.accumulate, binary32, std::bit_cast<std::uint32_t>(number)).code;
    };
    for (std::size_t i = 0; i < x.shape.m; ++i)
        for (std::size_t j = 0; j < x.shape.n; ++j) {
            const auto a_row = [&](std::size_t k) { return code_of(a.view()(i, k)); };
            const auto b_column = [&](std::size_t k) { return code_of(b.view()(k, j)); };
            Result& element = c.view()(i, j);
            element = element_of<Result>(kernel::gemm_element(x.policy, x.shape.k, a_row, b_column, code_of(element),
                                                              scalar(x.alpha), scalar(x.beta)));
        }
    return c.elements;
}

/// Every target and number of threads leaves what the definition says, and nothing outside C.
template <class Element, class Result>
void expect_defined_of(const GemmCase& x) {
    const Stored<Element> a(x.policy.storage, x.shape.m, x.shape.k, x.a, x.draw, 1);
    const Stored<Element> b(x.policy.storage, x.shape.k, x.shape.n, x.b, x.draw, 2);
    const Stored<Result> c(x.policy.result, x.shape.m, x.shape.n, x.c, x.draw, 3);
    const std::vector<Result> expected = defined(x, a, b, c);
    on_every_target([&] {
        for (const unsigned threads : {1U, 2U, 3U}) {
            Stored<Result> got = c;
            kernel::gemm(x.policy, a.view(), b.view(), got.view(), {x.alpha, x.beta, threads});
            std::size_t wrong = 0;
            for (std::size_t i = 0; i < expected.size(); ++i)
                if (code_of(got.elements[i]) != code_of(expected[i]) && ++wrong == 1)
                    ADD_FAILURE() << x << ", " << threads << " threads: element " << i << " of memory is " << std::hex
                                  << code_of(got.elements[i]) << ", expected " << code_of(expected[i]);
            EXPECT_EQ(wrong, 0U) << x;
        }
    });
}

inline void expect_defined(const GemmCase& x) {
    if (x.policy.storage.width == 32) return expect_defined_of<float, float>(x);
    if (x.policy.result.width == 32) return expect_defined_of<std::uint16_t, float>(x);
    expect_defined_of<std::uint16_t, std::uint16_t>(x);
}

}  // namespace halfulp::test
