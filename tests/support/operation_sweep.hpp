#pragma once

#include <array>
#include <halfulp/lib/truth/ieee_rules.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <initializer_list>
#include <map>

#include "support/definition_sweeps.hpp"

namespace halfulp::test {

using truth::difference;
using truth::operand;
using truth::product;
using truth::quotient;
using truth::Real;
using truth::sum;

/// An operation of two operands in softfloat's words and in the standard's.
struct BinaryOperation {
    std::string_view name;
    Sticky (*computed)(const Exact&, const Exact&);
    Real (*defined)(const Real&, const Real&);
};

inline constexpr std::array binary_operations = {
    BinaryOperation{"add", [](const Exact& a, const Exact& b) { return add(a, b); }, sum},
    BinaryOperation{"sub", [](const Exact& a, const Exact& b) { return sub(a, b); },
                    [](const Real& a, const Real& b) { return difference(a, b); }},
    BinaryOperation{"mul", [](const Exact& a, const Exact& b) -> Sticky { return mul(a, b); }, product},
    BinaryOperation{"div", [](const Exact& a, const Exact& b) { return div(a, b); }, quotient},
};

/// Results of small formats recur and the definition is slow: what it says of a number is kept.
class Definition {
  public:
    using InEveryRounding = std::array<Rounded, deterministic_roundings.size()>;

    explicit Definition(const Format& format) : f(format) {}

    InEveryRounding operator()(const Real& x) {
        if (!x.is(Real::Kind::Number) || x.is_zero()) return deliver(x);
        const auto known = numbers.find(signed_value(x));
        return known != numbers.end() ? known->second : numbers.emplace(signed_value(x), deliver(x)).first->second;
    }

  private:
    InEveryRounding deliver(const Real& x) const {
        InEveryRounding all{};
        for (std::size_t i = 0; i < all.size(); ++i)
            all[i] = delivered(f, x, {.rounding = deterministic_roundings[i].rounding});
        return all;
    }

    Format f;
    std::map<Rational, InEveryRounding> numbers;
};

inline void expect_in_every_rounding(const Format& f, const Sticky& computed, const Definition::InEveryRounding& wanted,
                                     std::string_view op, std::initializer_list<std::uint64_t> codes) {
    for (std::size_t i = 0; i < wanted.size(); ++i)
        ASSERT_EQ(round_pack(f, computed, {.rounding = deterministic_roundings[i].rounding}), wanted[i])
            << op << ' ' << name_of(f) << ' ' << deterministic_roundings[i].name << ' '
            << testing::PrintToString(codes);
}

/// Pairs of codes, every stride-th in the order of the one after the other.
inline void expect_operation_on_pairs(const BinaryOperation& op, const Format& f, std::uint64_t stride) {
    Definition definition{f};
    for (std::uint64_t pair = 0; pair >> 2 * f.width == 0 && !testing::Test::HasFatalFailure(); pair += stride) {
        const std::uint64_t a = pair >> f.width, b = pair & f.code_mask();
        const Real defined = op.defined(operand(f, a), operand(f, b));
        expect_in_every_rounding(f, op.computed(decode(f, a), decode(f, b)), definition(defined), op.name, {a, b});
    }
}

/// Triples of codes, every stride-th.
inline void expect_fma_on_triples(const Format& f, std::uint64_t stride) {
    Definition definition{f};
    for (std::uint64_t triple = 0; triple >> 3 * f.width == 0 && !testing::Test::HasFatalFailure(); triple += stride) {
        const std::uint64_t a = triple >> 2 * f.width, b = triple >> f.width & f.code_mask(),
                            c = triple & f.code_mask();
        const Real defined = fused(operand(f, a), operand(f, b), operand(f, c));
        expect_in_every_rounding(f, fma(decode(f, a), decode(f, b), decode(f, c)), definition(defined), "fma",
                                 {a, b, c});
    }
}

inline void expect_roots(const Format& f, std::uint64_t stride) {
    Definition definition{f};
    for (std::uint64_t a = 0; a <= f.code_mask() && !testing::Test::HasFatalFailure(); a += stride)
        expect_in_every_rounding(f, sqrt(decode(f, a)), definition(root(operand(f, a))), "sqrt", {a});
}

/// Zeros, infinities, NaNs, one and the ends of the subnormal, normal and finite numbers.
inline std::vector<std::uint64_t> landmark_codes(const Format& f) {
    const std::uint64_t one = static_cast<std::uint64_t>(f.bias) << f.fraction_bits();
    std::vector<std::uint64_t> codes;
    for (const std::uint64_t magnitude : {std::uint64_t{0}, std::uint64_t{1}, f.min_normal_code() - 1, one, one + 1,
                                          f.max_code(), f.max_code() + 1, f.max_code() + 2, f.magnitude_mask()})
        for (const std::uint64_t sign : {std::uint64_t{0}, f.sign_bit()})
            codes.push_back((magnitude & f.magnitude_mask()) | sign);
    return codes;
}

/// Every pair of landmarks in every binary operation, every triple in fma.
inline void expect_operations_on_landmarks(const Format& f) {
    Definition definition{f};
    for (const std::uint64_t a : landmark_codes(f)) {
        for (const std::uint64_t b : landmark_codes(f)) {
            for (const BinaryOperation& op : binary_operations) {
                const Real defined = op.defined(operand(f, a), operand(f, b));
                const Sticky computed = op.computed(decode(f, a), decode(f, b));
                expect_in_every_rounding(f, computed, definition(defined), op.name, {a, b});
            }
            for (const std::uint64_t c : landmark_codes(f)) {
                const Real defined = fused(operand(f, a), operand(f, b), operand(f, c));
                const Sticky computed = fma(decode(f, a), decode(f, b), decode(f, c));
                expect_in_every_rounding(f, computed, definition(defined), "fma", {a, b, c});
            }
            if (testing::Test::HasFatalFailure()) return;
        }
    }
}

}  // namespace halfulp::test
