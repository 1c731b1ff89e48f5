// Claim: the narrow engine is the exact one, bits and flags, in every rounding and with any rules of overflow, tininess,
// flushing and NaNs: every pair of codes of 8 bits and every code of 16, by each operation and conversion; pairs and
// triples of 16 bits as far as they are drawn; Stochastic with the random bits at which it turns.
// Oracle: the exact engine, which the definition, MPFR and the CPU check; of the digits of roots, Boost's integer roots.
// Shared: the rows of formats.hpp, and the two functions that define each rounding, rounds_away and
// overflow_is_infinite, from which the narrow engine has its table.
#include <halfulp/lib/truth/rational.hpp>
#include <string>
#include <vector>

#include "support/cases.hpp"
#include "support/narrow_engine.hpp"
#include "support/operation.hpp"

namespace halfulp::test {
namespace {

std::string name(const Format& f) {
    return row_of(f) ? std::string{name_of(f)} : std::to_string(f.width) + "_" + std::to_string(f.precision);
}

class Narrow : public testing::TestWithParam<NarrowEngine> {
  protected:
    const NarrowEngine engine = GetParam();
    const Format f = engine.format;
    SplitMix bits{static_cast<std::uint64_t>(f.width * 64 + f.precision)};
};
class NarrowOf8Bits : public Narrow {};

std::vector<NarrowEngine> engines_of_8_bits() {
    std::vector<NarrowEngine> some;
    for (const NarrowEngine& engine : narrow_engines)
        if (engine.format.width <= 8) some.push_back(engine);
    return some;
}

std::string case_name_of(const testing::TestParamInfo<NarrowEngine>& row) { return name(row.param.format); }
INSTANTIATE_TEST_SUITE_P(Formats, Narrow, testing::ValuesIn(narrow_engines), case_name_of);
INSTANTIATE_TEST_SUITE_P(Formats, NarrowOf8Bits, testing::ValuesIn(engines_of_8_bits()), case_name_of);

TEST_P(NarrowOf8Bits, EveryPair) {
    Comparison comparison{name(f) + " pairs"};
    for (std::uint64_t pair = 0; pair >> 2 * f.width == 0; ++pair)
        for (const NamedOperation& op : arithmetic_operations)
            if (op.operands == 2)
                expect_as_exact(engine, op, {pair >> f.width, pair & f.code_mask(), 0}, bits, comparison);
}

TEST_P(Narrow, EveryRoot) {
    Comparison comparison{name(f) + " roots"};
    for (std::uint64_t code = 0; code <= f.code_mask(); ++code)
        expect_as_exact(engine, row_of(Operation::Sqrt), {code, 0, 0}, bits, comparison);
}

TEST_P(Narrow, EdgeOperands) {
    Comparison comparison{name(f) + " edges"};
    for (int i = 0; i < cases(20'000); ++i) {
        const Operands operands = edge_operands(f, bits);
        for (const NamedOperation& op : arithmetic_operations) expect_as_exact(engine, op, operands, bits, comparison);
    }
}

// Zeros, infinities and NaNs in every place, and what is next to them: edges seldom meet there, as 0 * inf + NaN does.
TEST_P(Narrow, SpecialOperands) {
    Comparison comparison{name(f) + " special"};
    std::vector<std::uint64_t> codes;
    for (const std::uint64_t magnitude : {std::uint64_t{0}, std::uint64_t{1}, f.min_normal_code(), f.max_code(),
                                          f.max_code() + 1, f.max_code() + 2, f.nan_code() + 1, f.magnitude_mask()})
        for (const std::uint64_t sign : {std::uint64_t{0}, f.sign_bit()})
            codes.push_back((magnitude & f.magnitude_mask()) | sign);
    for (const std::uint64_t a : codes)
        for (const std::uint64_t b : codes)
            for (const std::uint64_t c : codes)
                for (const NamedOperation& op : arithmetic_operations)
                    expect_as_exact(engine, op, {a, b, c}, bits, comparison);
}

/// The least random bits with which the exact engine steps up to another magnitude than with 0; 0 if there are none.
std::uint64_t stochastic_threshold(const Format& f, Operation op, const Operands& operands) {
    const auto steps_up =
        [&, code = compute(op, f, operands, {.rounding = Rounding::Stochastic}).code](std::uint64_t bits) {
            return compute(op, f, operands, {.rounding = Rounding::Stochastic, .random = bits}).code != code;
        };
    std::uint64_t below = 0, from = ~std::uint64_t{0};
    if (!steps_up(from)) return 0;
    while (from - below > 1) {
        const std::uint64_t middle = below + (from - below) / 2;
        (steps_up(middle) ? from : below) = middle;
    }
    return from;
}

// Random bits that miss the threshold by one in 2^64 tell whether all 64 bits of the fraction are right.
TEST_P(Narrow, StochasticAtItsThreshold) {
    Comparison comparison{name(f) + " thresholds"};
    for (int i = 0; i < 300; ++i) {
        const Operands operands = edge_operands(f, bits);
        for (const NamedOperation& op : arithmetic_operations) {
            const std::uint64_t threshold = stochastic_threshold(f, op.operation, operands);
            for (const std::uint64_t random : {threshold, threshold - 1}) {
                const Env env{.rounding = Rounding::Stochastic, .random = random};
                comparison.expect(compute(op.operation, f, operands, env), engine.compute(op.operation, operands, env),
                                  f, f, {operands.data(), op.operands}, env);
            }
        }
    }
}

/// The integer part and the next 64 bits of the square root, the last one set where there are more.
void expect_digits_of_root(std::uint32_t radicand) {
    const truth::Integer square = truth::Integer{radicand} << 128, all = sqrt(square);
    const auto whole = static_cast<std::uint32_t>(truth::Integer{all >> 64});
    const auto digits = static_cast<std::uint64_t>(truth::Integer{all - (truth::Integer{whole} << 64)});
    ASSERT_EQ(narrow::root_of_integer(radicand), whole) << radicand;
    ASSERT_EQ(narrow::more_of_root(whole, radicand - whole * whole), digits | (all * all == square ? 0U : 1U))
        << radicand;
}

// Significands of 14 bits become these multiples of 2^15; and next to squares the integer part is hardest.
TEST(NarrowRoot, DigitsOfEveryRadicandAndNextToSquares) {
    for (std::uint32_t radicand = 1U << 28; radicand < 1U << 30; radicand += 1U << 15) expect_digits_of_root(radicand);
    for (std::uint32_t root = (1U << 14) + 1; root < 1U << 15; ++root) {
        expect_digits_of_root(root * root - 1);
        expect_digits_of_root(root * root);
    }
}

/// A conversion in one rounding with some other rules.
template <Format To, Format From>
void expect_converted_as_exact(std::uint64_t code, Rounding rounding, SplitMix& bits, Comparison& comparison) {
    const Env env = any_environment(rounding, bits);
    comparison.expect(convert(To, From, code, env), narrow::convert<To, From>(code, env), To, From, {&code, 1}, env);
}

template <Format To, Format From>
void expect_every_code_converted() {
    SplitMix bits{1};
    Comparison comparison{name(From) + " to " + name(To)};
    for (std::uint64_t code = 0; code <= From.code_mask(); ++code)
        for (const NamedRounding& row : roundings)
            expect_converted_as_exact<To, From>(code, row.rounding, bits, comparison);
}

template <Format To>
void expect_binary32_converted() {
    SplitMix bits{2};
    Comparison comparison{"binary32 to " + name(To)};
    for (int i = 0; i < cases(50'000); ++i)
        for (const NamedRounding& row : roundings)
            expect_converted_as_exact<To, binary32>(edge_to_convert(To, binary32, bits), row.rounding, bits,
                                                    comparison);
}

template <std::size_t... engine>
void expect_conversions_with_binary32(std::index_sequence<engine...>) {
    (expect_binary32_converted<narrow_engines[engine].format>(), ...);
    (expect_every_code_converted<binary32, narrow_engines[engine].format>(), ...);
}

template <Format From, std::size_t... engine>
void expect_conversions_from(std::index_sequence<engine...>) {
    (expect_every_code_converted<narrow_engines[engine].format, From>(), ...);
}

constexpr auto every_engine = std::make_index_sequence<narrow_engines.size()>{};

TEST(NarrowConvert, WithBinary32) { expect_conversions_with_binary32(every_engine); }
TEST(NarrowConvert, FromE4m3fn) { expect_conversions_from<e4m3fn>(every_engine); }
TEST(NarrowConvert, FromE5m2fnuz) { expect_conversions_from<e5m2fnuz>(every_engine); }
TEST(NarrowConvert, FromE8m0) { expect_conversions_from<e8m0>(every_engine); }
TEST(NarrowConvert, FromE2m1) { expect_conversions_from<e2m1>(every_engine); }
TEST(NarrowConvert, BetweenBinary16AndOthers) {
    expect_every_code_converted<bfloat16, binary16>();
    expect_every_code_converted<binary16, bfloat16>();
    expect_every_code_converted<e4m3fn, binary16>();
    expect_every_code_converted<e5m2, bfloat16>();
    expect_every_code_converted<e8m0, bfloat16>();
    expect_every_code_converted<tf32, binary16>();
}

// 1 + 2^-10 to the third, at compile time; and the double rounding that binary32 would do (llvm#98389).
static_assert(narrow::fma<binary16>(0x3C01, 0x3C01, 0, {.rounding = Rounding::Up}) ==
              Rounded{0x3C03, {.inexact = true}});
static_assert(narrow::fma<binary16>(0x520B, 0x00E9, 0x2FF6).code == 0x3001);
static_assert(narrow::sqrt<bfloat16>(0x4000).code == 0x3FB5);
static_assert(narrow::convert<e4m3fn, binary32>(0x43E88000, {.overflow = Overflow::Saturate}).code == 0x7E);

}  // namespace
}  // namespace halfulp::test
