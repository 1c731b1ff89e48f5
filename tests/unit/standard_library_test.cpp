// Claim: std::numeric_limits, std::hash, streams and fmt know Float<F>.
// Oracle: for binary32 and binary64 the compiler's own numeric_limits; for every format of at most 16 bits what the standard
// says of each member, looked up among all numbers of the format, which lib/truth decodes; which format has which special
// values, from its publication. Texts: literals. Shared with the code: the rows of the format table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <halfulp/lib/adapter/fmt.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/hash.hpp>
#include <halfulp/softfloat/limits.hpp>
#include <halfulp/softfloat/stream.hpp>
#include <iomanip>
#include <limits>
#include <set>
#include <sstream>
#include <string>
#include <unordered_set>
#include <vector>

namespace halfulp {
namespace {

using truth::Rational;
using Half = Float<binary16>;

template <Format F>
using Limits = std::numeric_limits<Float<F>>;

/// Calls check<F>() for every format of the table of at most that width.
template <int most_width>
void for_formats(auto check) {
    [&]<std::size_t... i>(std::index_sequence<i...>) {
        const auto one = [&]<Format F>() {
            if constexpr (F.width <= most_width) check.template operator()<F>();
        };
        (one.template operator()<formats[i].format>(), ...);
    }
    (std::make_index_sequence<formats.size()>{});
}

Rational power(int base, int exponent) {
    Rational x = 1;
    for (int i = 0; i < std::abs(exponent); ++i) x *= base;
    return exponent < 0 ? 1 / x : x;
}

template <Format F>
Rational value(Float<F> x) {
    return truth::value(F, x.code).value();
}

/// Those of a format of at most 16 bits, exactly.
std::set<double> numbers_of(const Format& f) {
    std::set<double> numbers;
    for (std::uint64_t code = 0; code <= f.code_mask(); ++code)
        if (const auto x = truth::value(f, code)) numbers.insert(static_cast<double>(*x));
    return numbers;
}

/// How many of the numbers lie in [2^e, 2^(e+1)).
std::ptrdiff_t in_binade(const std::set<double>& numbers, int e) {
    return std::distance(numbers.lower_bound(std::ldexp(1, e)), numbers.lower_bound(std::ldexp(1, e + 1)));
}

TEST(NumericLimits, AreWhatTheStandardSaysOfEachMember) {
    for_formats<16>([]<Format F>() {
        SCOPED_TRACE(name_of(F));
        using L = Limits<F>;
        const auto numbers = numbers_of(F);
        EXPECT_EQ(value(L::max()), *numbers.rbegin());
        EXPECT_EQ(value(L::lowest()), *numbers.begin());
        EXPECT_EQ(value(L::denorm_min()), *numbers.upper_bound(0));
        EXPECT_EQ(value(L::epsilon()), *numbers.upper_bound(1) - 1);
        EXPECT_EQ(value(L::round_error()), 0.5);
        EXPECT_EQ(L::is_signed, *numbers.begin() < 0);

        constexpr int all = 1 << (L::digits - 1);
        EXPECT_EQ(in_binade(numbers, 0), all) << "numbers from 1 to 2";
        EXPECT_EQ(value(L::min()), power(2, L::min_exponent - 1));
        EXPECT_EQ(in_binade(numbers, L::min_exponent - 1), all) << "all digits from min() on";
        EXPECT_LT(in_binade(numbers, L::min_exponent - 2), all) << "and not below";
        EXPECT_EQ(L::has_denorm == std::denorm_present, L::min() != L::denorm_min());
        EXPECT_TRUE(power(2, L::max_exponent - 1) <= value(L::max()) && value(L::max()) < power(2, L::max_exponent));
    });
}

template <class L>
void expect_decimal_exponents(const Rational& min, const Rational& max) {
    EXPECT_TRUE(power(10, L::min_exponent10 - 1) < min && min <= power(10, L::min_exponent10));
    EXPECT_TRUE(power(10, L::max_exponent10) <= max && max < power(10, L::max_exponent10 + 1));
    EXPECT_TRUE(power(10, L::digits10) <= power(2, L::digits - 1) &&
                power(2, L::digits - 1) < power(10, L::digits10 + 1));
    EXPECT_TRUE(power(2, L::digits) <= power(10, L::max_digits10 - 1) &&
                power(10, L::max_digits10 - 2) < power(2, L::digits));
}

TEST(NumericLimits, HaveTheDecimalDigitsAndExponentsOfTheirDefinition) {
    for_formats<64>([]<Format F>() {
        SCOPED_TRACE(name_of(F));
        expect_decimal_exponents<Limits<F>>(value(Limits<F>::min()), value(Limits<F>::max()));
    });
    // The largest numbers, 8 and 2^-4, are in the binades of 10 and 10^-1, and below these.
    constexpr Format up_to_8 = {.width = 3, .precision = 1, .bias = 4, .is_signed = false, .has_subnormals = false};
    constexpr Format small = {.width = 3, .precision = 1, .bias = 11, .is_signed = false, .has_subnormals = false};
    expect_decimal_exponents<Limits<up_to_8>>(value(Limits<up_to_8>::min()), 8);
    expect_decimal_exponents<Limits<small>>(value(Limits<small>::min()), power(2, -4));
}

/// Of each format: infinity, quiet NaN, signaling NaN, subnormal numbers, IEC 60559.
struct Special {
    const char* name;
    bool inf, quiet, signaling, subnormal, iec559;
};
constexpr std::array specials = {
    Special{"binary64", true, true, true, true, true},    Special{"binary32", true, true, true, true, true},
    Special{"tf32", true, true, true, true, false},       Special{"binary16", true, true, true, true, true},
    Special{"bfloat16", true, true, true, true, false},   Special{"e5m2", true, true, true, true, false},
    Special{"e4m3fn", false, true, false, true, false},   Special{"e4m3_ieee", true, true, true, true, false},
    Special{"e5m2fnuz", false, true, false, true, false}, Special{"e4m3fnuz", false, true, false, true, false},
    Special{"e3m2", false, false, false, true, false},    Special{"e2m3", false, false, false, true, false},
    Special{"e2m1", false, false, false, true, false},    Special{"e8m0", false, true, false, false, false},
};

TEST(NumericLimits, HaveTheSpecialValuesOfTheirFormat) {
    std::size_t seen = 0;
    for_formats<64>([&]<Format F>() {
        using L = Limits<F>;
        const auto row = std::find_if(specials.begin(), specials.end(), [](auto& x) { return x.name == name_of(F); });
        ASSERT_NE(row, specials.end()) << name_of(F);
        ++seen;
        SCOPED_TRACE(row->name);
        EXPECT_EQ(L::has_infinity, row->inf);
        EXPECT_EQ(L::has_quiet_NaN, row->quiet);
        EXPECT_EQ(L::has_signaling_NaN, row->signaling);
        EXPECT_EQ(L::has_denorm, row->subnormal ? std::denorm_present : std::denorm_absent);
        EXPECT_EQ(L::is_iec559, row->iec559);
        EXPECT_EQ(L::infinity() > L::max(), row->inf);
        EXPECT_EQ(L::quiet_NaN() != L::quiet_NaN(), row->quiet);
        EXPECT_EQ(L::signaling_NaN() != L::signaling_NaN(), row->signaling);
    });
    EXPECT_EQ(seen, specials.size());
}

template <class L, class Native, class Code>
void expect_as_native() {
    using N = std::numeric_limits<Native>;
    const auto members = []<class M>() {
        return std::vector<int>{M::is_specialized,  M::is_signed,     M::is_integer,        M::is_exact,
                                M::has_infinity,    M::has_quiet_NaN, M::has_signaling_NaN, M::has_denorm,
                                M::has_denorm_loss, M::round_style,   M::is_iec559,         M::is_bounded,
                                M::is_modulo,       M::digits,        M::digits10,          M::max_digits10,
                                M::radix,           M::min_exponent,  M::min_exponent10,    M::max_exponent,
                                M::max_exponent10,  M::traps,         M::tinyness_before};
    };
    EXPECT_EQ(members.template operator()<L>(), members.template operator()<N>());
    EXPECT_EQ(L::min().code, std::bit_cast<Code>(N::min()));
    EXPECT_EQ(L::lowest().code, std::bit_cast<Code>(N::lowest()));
    EXPECT_EQ(L::max().code, std::bit_cast<Code>(N::max()));
    EXPECT_EQ(L::epsilon().code, std::bit_cast<Code>(N::epsilon()));
    EXPECT_EQ(L::round_error().code, std::bit_cast<Code>(N::round_error()));
    EXPECT_EQ(L::infinity().code, std::bit_cast<Code>(N::infinity()));
    EXPECT_EQ(L::quiet_NaN().code, std::bit_cast<Code>(N::quiet_NaN()));
    EXPECT_EQ(L::signaling_NaN().code, std::bit_cast<Code>(N::signaling_NaN()));
    EXPECT_EQ(L::denorm_min().code, std::bit_cast<Code>(N::denorm_min()));
}

TEST(NumericLimits, AreTheCompilersOnesWhereItHasTheFormat) {
    expect_as_native<Limits<binary32>, float, std::uint32_t>();
    expect_as_native<Limits<binary64>, double, std::uint64_t>();
    expect_as_native<std::numeric_limits<const Float<binary32>>, float, std::uint32_t>();
}

TEST(Hash, EqualNumbersHashAlike) {
    const std::hash<Half> hash;
    EXPECT_EQ(hash(Half{0x8000}), hash(Half{0x0000}));
    std::unordered_set<Half> numbers;
    std::set<std::size_t> hashes;
    for (std::uint32_t code = 0; code <= 0xFFFF; ++code) {
        const Half x{static_cast<std::uint16_t>(code)};
        if (x != x) continue;
        numbers.insert(x);
        hashes.insert(hash(x));
    }
    const std::size_t distinct = 0x10000 - 2 * 1023 - 1;  // without the NaNs, and with one zero
    EXPECT_EQ(numbers.size(), distinct);
    EXPECT_EQ(hashes.size(), distinct);
    const std::hash<Float<e8m0>> scale;
    EXPECT_NE(scale(Float<e8m0>{0}), scale(Float<e8m0>{1})) << "code 0 is 2^-127, no zero";
}

std::string streamed(const auto& x) {
    std::ostringstream out;
    out << std::setw(6) << std::setfill('_') << x;
    return out.str();
}

TEST(Streams, WriteTheShortestDecimalThatReadsBack) {
    EXPECT_EQ(streamed(Half{0x2E66}), "___0.1");
    EXPECT_EQ(streamed(Half{0xFC00}), "__-inf");
    EXPECT_EQ(streamed(Float<e4m3fn>{0x7E}), "___448");
    EXPECT_EQ(streamed(Float<bfloat16>{0x7FC0}), "___nan");
}

TEST(Streams, ReadWhatTheyWrote) {
    for_formats<8>([]<Format F>() {
        std::stringstream stream;
        for (std::uint64_t code = 0; code <= F.code_mask(); ++code) stream << Float<F>::from_code(code) << '\n';
        for (std::uint64_t code = 0; code <= F.code_mask(); ++code) {
            Float<F> x;
            ASSERT_TRUE(stream >> x) << name_of(F) << " " << code;
            EXPECT_EQ(x.code, F.is_nan(code) ? F.nan_code() : code) << name_of(F);
        }
    });
}

/// What is read of a text: the code, whether it was taken for a number, and what is left.
struct Read {
    std::uint16_t code;
    bool good;
    std::string left;

    explicit Read(const std::string& text) {
        std::istringstream in(text);
        Half x{0x1234};
        good = static_cast<bool>(in >> x);
        code = x.code;
        in.clear();
        std::getline(in, left);
    }
};

TEST(Streams, ReadAWordAndSayWhereItIsNoNumber) {
    for (const auto& [text, code, good, left] :
         std::vector<std::tuple<std::string, int, bool, std::string>>{{"  1.5,2", 0x3E00, true, ",2"},
                                                                      {"-0x1.8p+1 x", 0xC200, true, " x"},
                                                                      {"+inf", 0x7C00, true, ""},
                                                                      {"65519.99", 0x7BFF, true, ""},
                                                                      {"65520", 0x7C00, false, ""},
                                                                      {"-1e9", 0xFC00, false, ""},
                                                                      {"1e-99", 0x0000, true, ""},
                                                                      {"1.5m", 0x0000, false, ""},
                                                                      {"one", 0x0000, false, ""},
                                                                      {",", 0x0000, false, ","}}) {
        const Read read(text);
        EXPECT_EQ(read.code, code) << text;
        EXPECT_EQ(read.good, good) << text;
        EXPECT_EQ(read.left, left) << text;
    }
    const Read nothing("  ");
    EXPECT_FALSE(nothing.good);
}

TEST(Fmt, FormatsTheTextAsText) {
    const Half x{0x2E66};
    EXPECT_EQ(fmt::format("{}|{:>6}|{:*^7}|{:.<5}|{:{}}|", x, x, x, x, x, 4), "0.1|   0.1|**0.1**|0.1..|0.1 |");
    EXPECT_EQ(fmt::format("{}", Half{0x7BFF}), "65504");
    for (const char* with_precision : {"{:.2}", "{:>8.2}", "{:.<8.2}", "{:.{}}"})
        EXPECT_THROW(static_cast<void>(fmt::format(fmt::runtime(with_precision), x, 2)), fmt::format_error)
            << with_precision;
}

}  // namespace
}  // namespace halfulp
