// Claim: lib/accumulate adds in the order that it says, loses nothing where nothing need be lost, and its compensated
// sums keep their error bounds.
// Oracle: textbook loops in the CPU's float; exact rationals for the laws; bounds of the literature.
// Shared: the rows of `orders`, and decode and round_pack under SoftAdder, which other tests hold against the definition.
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <numeric>
#include <set>
#include <span>
#include <string_view>
#include <vector>

#include <halfulp/lib/accumulate/reduction.hpp>
#include <halfulp/lib/accumulate/sum.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;
using Codes = std::vector<std::uint64_t>;

const Order& order(std::string_view name) {
    return *std::find_if(orders.begin(), orders.end(), [&](const Order& o) { return o.name == name; });
}

std::vector<Order> walked_orders() {
    std::vector<Order> walked;
    for (const Order& o : orders)
        if (o.grouping != Grouping::MatrixUnit) walked.push_back(o);
    return walked;
}

Rational value(const Format& f, std::uint64_t code) { return truth::value(f, code).value(); }

Rational exact_sum(const Format& f, const Codes& terms) {
    const auto add = [&](const Rational& sum, std::uint64_t code) { return Rational{sum + value(f, code)}; };
    return std::accumulate(terms.begin(), terms.end(), Rational{0}, add);
}

Rational sum_of_magnitudes(const Format& f, const Codes& terms) {
    const auto add = [&](const Rational& sum, std::uint64_t code) { return Rational{sum + abs(value(f, code))}; };
    return std::accumulate(terms.begin(), terms.end(), Rational{0}, add);
}

/// `count` codes of f with any sign and any of `binades` exponents around 1.
Codes any_terms(const Format& f, std::size_t count, int binades) {
    const auto one = static_cast<std::uint64_t>(f.bias) << f.fraction_bits();
    const auto half_range = static_cast<std::uint64_t>(binades / 2) << f.fraction_bits();
    const auto magnitudes = rc::gen::inRange<std::uint64_t>(one - half_range, one + half_range);
    Codes terms = *rc::gen::container<Codes>(count, magnitudes);
    for (const bool negative : *rc::gen::container<std::vector<bool>>(count, rc::gen::arbitrary<bool>()))
        terms.push_back(terms[terms.size() - count] | (negative ? f.sign_bit() : 0));
    return {terms.begin() + static_cast<std::ptrdiff_t>(count), terms.end()};
}

// The orders as textbooks write them, in float.

float sequential(std::span<const float> x) {
    float s = 0;
    for (const float term : x) s += term;
    return s;
}

float blocks(std::span<const float> x) {
    float total = 0;
    for (std::size_t i = 0; i < x.size(); i += 32) {
        float s = 0;
        for (std::size_t j = i; j < x.size() && j < i + 32; ++j) s += x[j];
        total += s;
    }
    return total;
}

float lanes(std::span<const float> x) {
    std::array<float, 8> s{};
    for (std::size_t i = 0; i < x.size(); ++i) s[i % 8] += x[i];
    return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}

float pairwise(std::span<const float> x) {
    if (x.size() < 2) return x.empty() ? 0.0F : x[0];
    const std::size_t larger_half = x.size() - x.size() / 2;
    return pairwise(x.first(larger_half)) + pairwise(x.subspan(larger_half));
}

float kahan(std::span<const float> x) {  // Higham, Accuracy and Stability of Numerical Algorithms, algorithm 4.2
    float s = 0, e = 0;
    for (const float term : x) {
        const float temp = s, y = term + e;
        s = temp + y;
        e = (temp - s) + y;
    }
    return s;
}

float neumaier(std::span<const float> x) {  // by comparison, where TwoSum takes six additions
    float s = 0, c = 0;
    for (const float term : x) {
        const float t = s + term;
        c += std::abs(s) >= std::abs(term) ? (s - t) + term : (term - t) + s;
        s = t;
    }
    return s + c;
}

struct Textbook {
    std::string_view name;
    float (*sum)(std::span<const float>);
};
constexpr std::array textbook = {Textbook{"sequential", sequential}, Textbook{"blocks of 32", blocks},
                                 Textbook{"8 lanes", lanes},         Textbook{"pairwise", pairwise},
                                 Textbook{"Kahan", kahan},           Textbook{"two-sum", neumaier}};

TEST(Orders, AreNamedAndAllWalkedButTheMatrixUnit) {
    std::set<std::string_view> names;
    for (const Order& o : orders) {
        EXPECT_TRUE(names.insert(o.name).second) << o.name;
        EXPECT_EQ(o.count == 0, o.grouping == Grouping::MatrixUnit) << o.name;
    }
    ASSERT_EQ(walked_orders().size(), textbook.size());
    for (const Textbook& t : textbook) EXPECT_EQ(names.count(t.name), 1U) << t.name;
}

RC_GTEST_PROP(Orders, AddAsTheTextbookDoes, ()) {
    const Codes terms = any_terms(binary32, *rc::gen::inRange<std::size_t>(0, 100), 40);
    std::vector<float> x;
    for (const std::uint64_t code : terms) x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(code)));
    for (const Textbook& t : textbook) {
        RC_LOG() << t.name << '\n';
        RC_ASSERT(sum(order(t.name), SoftAdder{binary32}, terms) == std::bit_cast<std::uint32_t>(t.sum(x)));
    }
}

/// As a dot product.
struct TextbookDot {
    std::string_view name;
    float (*dot)(std::span<const float>, std::span<const float>);
};

float fused_chain(std::span<const float> x, std::span<const float> y) {
    float s = 0;
    for (std::size_t i = 0; i < x.size(); ++i) s = std::fma(x[i], y[i], s);
    return s;
}
float fused_lanes(std::span<const float> x, std::span<const float> y) {
    std::array<float, 8> s{};
    for (std::size_t i = 0; i < x.size(); ++i) s[i % 8] = std::fma(x[i], y[i], s[i % 8]);
    return ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
}
float kahan_dot(std::span<const float> x, std::span<const float> y) {
    std::vector<float> products;
    for (std::size_t i = 0; i < x.size(); ++i) products.push_back(x[i] * y[i]);
    return kahan(products);
}
constexpr std::array textbook_dots = {TextbookDot{"sequential", fused_chain}, TextbookDot{"8 lanes", fused_lanes},
                                      TextbookDot{"Kahan", kahan_dot}};

std::vector<float> floats(const Codes& codes) {
    std::vector<float> x;
    for (const std::uint64_t code : codes) x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(code)));
    return x;
}

RC_GTEST_PROP(Orders, MultiplyAsTheTextbookDoes, ()) {
    const auto count = *rc::gen::inRange<std::size_t>(0, 100);
    const Codes x = any_terms(binary32, count, 40), y = any_terms(binary32, count, 40);
    std::vector<Product> products;
    for (std::size_t i = 0; i < count; ++i) products.push_back({x[i], y[i]});
    for (const TextbookDot& t : textbook_dots) {
        RC_LOG() << t.name << '\n';
        RC_ASSERT(sum(order(t.name), SoftAdder{binary32}, products) ==
                  std::bit_cast<std::uint32_t>(t.dot(floats(x), floats(y))));
    }
    float rounded = 0;
    for (std::size_t i = 0; i < count; ++i) rounded += floats(x)[i] * floats(y)[i];
    RC_ASSERT(sum(order("sequential"), RoundsProducts<SoftAdder>{{binary32}}, products) ==
              std::bit_cast<std::uint32_t>(rounded));
}

// The two levels of the reductions, in float.

float in_128_lanes(std::span<const float> x) {
    std::array<float, 128> s{};
    for (std::size_t i = 0; i < x.size(); ++i) s[i % 128] += x[i];
    return pairwise(s);
}
float in_128_kahan_lanes(std::span<const float> x) {
    std::array<std::vector<float>, 128> lane;
    for (std::size_t i = 0; i < x.size(); ++i) lane[i % 128].push_back(x[i]);
    std::array<float, 128> s{};
    for (std::size_t i = 0; i < 128; ++i) s[i] = kahan(lane[i]);
    return pairwise(s);
}

struct TextbookReduction {
    std::string_view name;
    float (*within)(std::span<const float>);
    std::size_t block;
    float (*across)(std::span<const float>);
};
constexpr std::array textbook_reductions = {
    TextbookReduction{"sequential", sequential, 1000000, sequential},
    TextbookReduction{"lanes", in_128_lanes, 65536, sequential},
    TextbookReduction{"pairwise", in_128_lanes, 2048, pairwise},
    TextbookReduction{"Kahan", in_128_kahan_lanes, 65536, kahan},
    TextbookReduction{"FABsum", in_128_lanes, 2048, kahan},
};

TEST(Reductions, AddAsTheTextbookDoes) {
    ASSERT_EQ(textbook_reductions.size() + 1, reductions.size()) << "all but the exact one";
    for (const std::size_t count : {0U, 1U, 130U, 2048U, 2049U, 10000U, 65536U, 65537U, 140001U}) {
        std::vector<float> x;
        for (std::size_t i = 0; i < count; ++i)
            x.push_back(std::ldexp(static_cast<float>(i * 2654435761U % 16777213) - 8e6F, -static_cast<int>(i % 7)));
        Codes codes;
        for (const float term : x) codes.push_back(std::bit_cast<std::uint32_t>(term));
        for (const TextbookReduction& t : textbook_reductions) {
            std::vector<float> sums;
            for (std::size_t i = 0; i < count; i += t.block)
                sums.push_back(t.within(std::span(x).subspan(i, std::min(t.block, count - i))));
            const float expected = sums.size() == 1 ? sums[0] : t.across(sums);
            const Reduction& r = *std::find_if(reductions.begin(), reductions.end(),
                                               [&](const Reduction& row) { return row.name == t.name; });
            EXPECT_EQ(sum(r, SoftAdder{binary32}, codes), std::bit_cast<std::uint32_t>(expected))
                << t.name << ' ' << count;
        }
    }
}

// Integers to 8, fewer than 100: no partial sum of any order leaves fp16's integers, which reach to 2^11.
RC_GTEST_PROP(Orders, AreExactWhereNothingIsRounded, ()) {
    Codes terms;
    for (const int i :
         *rc::gen::container<std::vector<int>>(*rc::gen::inRange<std::size_t>(0, 100), rc::gen::inRange(-8, 9)))
        terms.push_back(*truth::encode(binary16, i));
    const std::uint64_t exact = *truth::encode(binary16, exact_sum(binary16, terms));
    for (const Order& o : walked_orders()) {
        RC_LOG() << o.name << '\n';
        RC_ASSERT(sum(o, SoftAdder{binary16}, terms) == exact);
    }
}

// Every partial sum is x times a power of two.
RC_GTEST_PROP(Orders, PairwiseDoublesEqualTerms, ()) {
    for (const Format& f : {binary16, bfloat16, binary32}) {
        const std::uint64_t x = any_terms(f, 1, 10).at(0);
        const int k = *rc::gen::inRange(0, 9);
        const Rational exact = value(f, x) * pow2(k);
        RC_ASSERT(sum(order("pairwise"), SoftAdder{f}, Codes(std::size_t{1} << k, x)) == *truth::encode(f, exact));
    }
}

RC_GTEST_PROP(Orders, RunningSumsAreTheSumsOfAllPrefixes, ()) {
    const Codes terms = any_terms(binary16, 20, 12);
    const Codes sums = running_sums(SoftAdder{binary16}, terms);
    RC_ASSERT(sums.size() == terms.size());
    for (std::size_t n = 1; n <= terms.size(); ++n)
        RC_ASSERT(sums[n - 1] == sum(order("sequential"), SoftAdder{binary16}, std::span(terms).first(n)));
}

RC_GTEST_PROP(TwoSum, LosesNothing, ()) {
    for (const Format& f : {binary16, bfloat16, binary32}) {
        const Codes pair = any_terms(f, 2, 26);
        const SumAndError result = two_sum(SoftAdder{f}, pair[0], pair[1]);
        RC_ASSERT(value(f, result.sum) + value(f, result.error) == exact_sum(f, pair));
        RC_ASSERT(result.sum == truth::round(f, exact_sum(f, pair)).code);
    }
}

// |error| <= u |sum| + gamma^2 sum |x| with gamma = (n - 1) u / (1 - (n - 1) u): Ogita, Rump and Oishi (2005),
// proposition 4.5.
RC_GTEST_PROP(TwoSum, KeepsItsBound, ()) {
    for (const Format& f : {binary16, bfloat16, binary32}) {
        const Codes terms = any_terms(f, *rc::gen::inRange<std::size_t>(1, 60), 14);
        const Rational exact = exact_sum(f, terms), u = pow2(-f.precision);
        const Rational steps = (terms.size() - 1) * u, gamma = steps / (1 - steps);
        const Rational error = abs(value(f, sum(order("two-sum"), SoftAdder{f}, terms)) - exact);
        RC_ASSERT(error <= u * abs(exact) + gamma * gamma * sum_of_magnitudes(f, terms));
    }
}

/// |error| <= (2 u + O(n u^2)) sum |x| (Higham 2002, 4.8). For n u <= 2^-17 as here the second term is below u as long
/// as its constant is below 2^17.
bool keeps_kahans_bound(const Order& o, const Codes& terms) {
    const Rational error = abs(value(binary32, sum(o, SoftAdder{binary32}, terms)) - exact_sum(binary32, terms));
    return error <= 3 * pow2(-binary32.precision) * sum_of_magnitudes(binary32, terms);
}

RC_GTEST_PROP(Kahan, KeepsItsBound, ()) {
    RC_ASSERT(keeps_kahans_bound(order("Kahan"), any_terms(binary32, *rc::gen::inRange<std::size_t>(1, 128), 40)));
}

TEST(Kahan, BoundIsOneThatThePlainSumBreaks) {
    Codes terms(128, 0x33800000);  // 2^-24, half a unit beside 1
    terms.front() = 0x3f800000;
    EXPECT_TRUE(keeps_kahans_bound(order("Kahan"), terms));
    EXPECT_FALSE(keeps_kahans_bound(order("sequential"), terms));
}

}  // namespace
}  // namespace halfulp
