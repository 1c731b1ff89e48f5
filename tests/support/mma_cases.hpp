#pragma once

#include <gtest/gtest.h>

#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/lib/property/operands.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <string>
#include <vector>

// Operands of a matrix unit at random.

namespace halfulp::test {

using Codes = std::vector<std::uint64_t>;

inline bool is_finite(const Format& f, std::uint64_t code) { return truth::value(f, code).has_value(); }

/// A finite code: anything, a zero, or a number whose exponent is near the one asked for.
inline std::uint64_t some_code(const Format& f, int exponent, int spread, property::SplitMix& bits) {
    for (;;) {
        const std::uint64_t any = bits() & f.code_mask();
        std::uint64_t code = any;
        switch (bits() % 8) {
            case 0: code = bits() % 2 == 0 ? 0 : f.sign_bit(); break;
            case 1: break;
            default: code = property::at_exponent(f, any, exponent, spread, bits); break;
        }
        if (is_finite(f, code)) return code;
    }
}

inline std::uint64_t some_code(const Element& element, int exponent, int spread, property::SplitMix& bits) {
    if (!element.integer) return some_code(element.format, exponent, spread, bits);
    const std::uint64_t any = bits() & element.code_mask();
    return bits() % 4 == 0 ? (element.integer->greatest() + (any & 1)) & element.code_mask() : any;  // or an end
}

struct Case {
    Codes a, b, a_scales, b_scales;
    std::uint64_t c = 0;

    operator MmaOperands() const { return {a, b, c, a_scales, b_scales}; }
};

/// Exponents of products and c within reach of each other, anywhere in the range, its ends included.
inline Case some_case(const MmaSpec& spec, property::SplitMix& bits) {
    const auto exponent = [&](const Format& f) {
        const int all = f.emax() - f.emin() + 1;
        return f.emin() + static_cast<int>(bits() % static_cast<unsigned>(all));
    };
    const int spread = static_cast<int>(bits() % 14);
    const int e_a = spec.a.integer ? 0 : exponent(spec.a.format), e_b = spec.b.integer ? 0 : exponent(spec.b.format);
    Case x;
    const std::size_t k = 1 + bits() % static_cast<std::size_t>(2 * step_of(spec) + 2);
    for (std::size_t i = 0; i < k; ++i) {
        x.a.push_back(some_code(spec.a, e_a, spread, bits));
        x.b.push_back(some_code(spec.b, e_b, spread, bits));
    }
    int e_c = e_a + e_b + static_cast<int>(bits() % 50) - 25;
    if (spec.scaling) {
        const Format& f = spec.scaling->format;
        const int s_a = exponent(f), s_b = bits() % 2 == 0 ? -s_a : exponent(f);
        const auto count = static_cast<std::size_t>(spec.scaling->block);
        for (std::size_t i = 0; i < k; i += count) {
            x.a_scales.push_back(some_code(f, s_a, spread, bits));
            x.b_scales.push_back(some_code(f, s_b, spread, bits));
        }
        e_c += s_a + s_b;
    }
    x.c = some_code(spec.accumulator, e_c, 2, bits);
    return x;
}

inline std::string text(const MmaSpec& spec, const Case& x) {
    return name_of(spec) + " a " + testing::PrintToString(x.a) + " b " + testing::PrintToString(x.b) + " c " +
           std::to_string(x.c) + " scales " + testing::PrintToString(x.a_scales) + " " +
           testing::PrintToString(x.b_scales);
}

}  // namespace halfulp::test
