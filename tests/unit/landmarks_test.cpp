// Claim: each format's row describes the encoding that its standard publishes, and rounding turns over where the
// published numbers say.
// Oracle: the numbers printed in the standards (IEEE 754-2019 table 3.5, OCP FP8 1.0 table 1, OCP MX 1.0 tables 1, 2, 4
// and 7, arXiv:2206.02915 table 1, the PTX ISA's section on alternate floating-point data formats; for e4m3 with
// infinities, ml_dtypes' float8_e4m3), as literals, by the compiler. Shared: nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp {
namespace {

constexpr int none = -1;

struct Landmarks {
    std::string_view name;
    Format format;
    int bias, emin, emax;
    double max, min_normal, min_positive, epsilon;
    std::uint64_t one, max_code, inf, nan;  ///< codes; 0 where there is none
    std::uint64_t nans;                     ///< how many codes are NaN
    int tie_at_zero;                        ///< 2^this lies midway between 0 and the least positive number
};

constexpr std::array published = {
    Landmarks{"binary64", binary64, 1023, -1022, 1023, 0x1.fffffffffffffp1023, 0x1p-1022, 0x1p-1074, 0x1p-52,
              0x3FF0000000000000, 0x7FEFFFFFFFFFFFFF, 0x7FF0000000000000, 0x7FF8000000000000, 0x1FFFFFFFFFFFFE, -1075},
    Landmarks{"binary32", binary32, 127, -126, 127, 0x1.fffffep127, 0x1p-126, 0x1p-149, 0x1p-23, 0x3F800000, 0x7F7FFFFF,
              0x7F800000, 0x7FC00000, 16777214, -150},
    Landmarks{"tf32", tf32, 127, -126, 127, 0x1.ffcp127, 0x1p-126, 0x1p-136, 0x1p-10, 0x1FC00, 0x3FBFF, 0x3FC00,
              0x3FE00, 2046, -137},
    Landmarks{"binary16", binary16, 15, -14, 15, 65504, 0x1p-14, 0x1p-24, 0x1p-10, 0x3C00, 0x7BFF, 0x7C00, 0x7E00, 2046,
              -25},
    Landmarks{"bfloat16", bfloat16, 127, -126, 127, 0x1.fep127, 0x1p-126, 0x1p-133, 0x1p-7, 0x3F80, 0x7F7F, 0x7F80,
              0x7FC0, 254, -134},
    Landmarks{"e5m2", e5m2, 15, -14, 15, 57344, 0x1p-14, 0x1p-16, 0.25, 0x3C, 0x7B, 0x7C, 0x7E, 6, -17},
    Landmarks{"e4m3fn", e4m3fn, 7, -6, 8, 448, 0x1p-6, 0x1p-9, 0.125, 0x38, 0x7E, 0, 0x7F, 2, -10},
    Landmarks{"e4m3_ieee", e4m3, 7, -6, 7, 240, 0x1p-6, 0x1p-9, 0.125, 0x38, 0x77, 0x78, 0x7C, 14, -10},
    Landmarks{"e5m2fnuz", e5m2fnuz, 16, -15, 15, 57344, 0x1p-15, 0x1p-17, 0.25, 0x40, 0x7F, 0, 0x80, 1, -18},
    Landmarks{"e4m3fnuz", e4m3fnuz, 8, -7, 7, 240, 0x1p-7, 0x1p-10, 0.125, 0x40, 0x7F, 0, 0x80, 1, -11},
    Landmarks{"e3m2", e3m2, 3, -2, 4, 28, 0.25, 0.0625, 0.25, 0x0C, 0x1F, 0, 0, 0, -5},
    Landmarks{"e2m3", e2m3, 1, 0, 2, 7.5, 1, 0.125, 0.125, 0x08, 0x1F, 0, 0, 0, -4},
    Landmarks{"e2m1", e2m1, 1, 0, 2, 6, 1, 0.5, 0.5, 0x2, 0x7, 0, 0, 0, -2},
    Landmarks{"e8m0", e8m0, 127, -127, 127, 0x1p127, 0x1p-127, 0x1p-127, 1, 0x7F, 0xFE, 0, 0xFF, 1, none},
};

/// The number of a code; every number of these formats is a double.
constexpr double number(const Format& f, std::uint64_t code) {
    const Exact x = decode(f, code);
    double value = static_cast<double>(static_cast<std::uint64_t>(x.sig));
    for (int e = x.exp; e > 0; --e) value *= 2;
    for (int e = x.exp; e < 0; ++e) value /= 2;
    return x.negative ? -value : value;
}

constexpr bool everywhere(bool (*holds)(const Landmarks&)) {
    return std::all_of(published.begin(), published.end(), holds);
}

static_assert(published.size() == formats.size());
static_assert(everywhere([](const Landmarks& l) { return name_of(l.format) == l.name; }));
static_assert(everywhere([](const Landmarks& l) { return l.format.bias == l.bias; }));
static_assert(everywhere([](const Landmarks& l) { return l.format.emin() == l.emin; }));
static_assert(everywhere([](const Landmarks& l) { return l.format.emax() == l.emax; }));
static_assert(everywhere([](const Landmarks& l) { return l.format.max_code() == l.max_code; }));
static_assert(everywhere([](const Landmarks& l) { return number(l.format, l.max_code) == l.max; }));
static_assert(everywhere([](const Landmarks& l) {
    return number(l.format, l.format.min_normal_code()) == l.min_normal;
}));
static_assert(everywhere([](const Landmarks& l) { return number(l.format, l.format.min_code()) == l.min_positive; }));
static_assert(everywhere([](const Landmarks& l) { return number(l.format, l.one) == 1; }));
static_assert(everywhere([](const Landmarks& l) { return number(l.format, l.one + 1) == 1 + l.epsilon; }));
static_assert(everywhere([](const Landmarks& l) { return l.format.has_inf == (l.inf != 0); }));
static_assert(everywhere([](const Landmarks& l) { return !l.format.has_inf || l.format.inf_code() == l.inf; }));
static_assert(everywhere([](const Landmarks& l) { return l.format.has_nan() == (l.nans != 0); }));
static_assert(everywhere([](const Landmarks& l) { return !l.format.has_nan() || l.format.nan_code() == l.nan; }));

TEST(Landmarks, NumberOfNaNs) {
    for (const Landmarks& l : published) {
        if (l.format.width > 19) continue;
        std::uint64_t nans = 0;
        for (std::uint64_t code = 0; code <= l.format.code_mask(); ++code) nans += l.format.is_nan(code) ? 1U : 0U;
        EXPECT_EQ(nans, l.nans) << l.name;
    }
}
static_assert(binary32.nan_codes * 2 == 16777214 && binary64.nan_codes * 2 == 0x1FFFFFFFFFFFFE);

// Rounding. `n(sig, exp)` is sig * 2^exp.

constexpr Status exactly{}, inexact{.inexact = true};
constexpr Status overflow{.overflow = true, .inexact = true}, underflow{.underflow = true, .inexact = true};
constexpr Status invalid_only{.invalid = true};
constexpr Env nearest{}, away{.rounding = Rounding::NearestAway}, zero{.rounding = Rounding::TowardZero};
constexpr Env up{.rounding = Rounding::Up}, down{.rounding = Rounding::Down}, odd{.rounding = Rounding::ToOdd};
constexpr Env tiny_before{.tininess = Tininess::BeforeRounding};
constexpr Env saturating{.overflow = Overflow::Saturate};
constexpr Env truncating_to_infinity{.rounding = Rounding::TowardZero, .overflow = Overflow::ToInfinity};

constexpr Exact n(std::int64_t sig, int exp = 0) {
    Exact x = exact(sig);
    x.exp = exp;
    return x;
}
constexpr Exact infinite(bool negative = false) { return Exact::inf(negative); }
constexpr Exact not_a_number = Exact::nan({});

constexpr bool gives(const Format& f, const Exact& x, const Env& env, std::uint64_t code, Status status) {
    return round_pack(f, x, env) == Rounded{code, status};
}

// The largest number, and the tie above it.
static_assert(gives(binary16, n(65504), nearest, 0x7BFF, exactly));
static_assert(gives(binary16, n(65520 * 128 - 1, -7), nearest, 0x7BFF, inexact));  // 65519.9921875
static_assert(gives(binary16, n(65520), nearest, 0x7C00, overflow));
static_assert(gives(binary16, n(-65520), nearest, 0xFC00, overflow));
static_assert(gives(binary16, n(65520), away, 0x7C00, overflow));
static_assert(gives(binary16, n(65520), zero, 0x7BFF, inexact));  // not 7.4's overflow: below 65536
static_assert(gives(binary16, n(65536), zero, 0x7BFF, overflow));
static_assert(gives(binary16, n(65505), up, 0x7C00, overflow));
static_assert(gives(binary16, n(-65505), up, 0xFBFF, inexact));
static_assert(gives(binary16, n(65536), odd, 0x7BFF, overflow));
static_assert(gives(binary16, n(65520), saturating, 0x7BFF, overflow));
static_assert(gives(binary16, n(65536), truncating_to_infinity, 0x7C00, overflow));
static_assert(gives(binary64, n((1LL << 54) - 1, 970), nearest, 0x7FF0000000000000, overflow));
static_assert(gives(binary64, n((1LL << 62) - (1 << 8) - 1, 962), nearest, 0x7FEFFFFFFFFFFFFF, inexact));
static_assert(gives(binary32, n((1 << 25) - 1, 103), nearest, 0x7F800000, overflow));
static_assert(gives(binary32, n((1 << 26) - 3, 102), nearest, 0x7F7FFFFF, inexact));
static_assert(gives(tf32, n((1 << 12) - 1, 116), nearest, 0x3FC00, overflow));
static_assert(gives(tf32, n((1 << 13) - 3, 115), nearest, 0x3FBFF, inexact));
static_assert(gives(bfloat16, n(255, 120), nearest, 0x7F7F, exactly));
static_assert(gives(bfloat16, n(511, 119), nearest, 0x7F80, overflow));
static_assert(gives(bfloat16, n(1021, 118), nearest, 0x7F7F, inexact));
static_assert(gives(e5m2, n(61440), nearest, 0x7C, overflow));
static_assert(gives(e5m2, n(61439), nearest, 0x7B, inexact));
static_assert(gives(e5m2, n(61440), saturating, 0x7B, overflow));
static_assert(gives(e4m3fn, n(464), nearest, 0x7E, inexact));  // 448, whose code is even
static_assert(gives(e4m3fn, n(465), nearest, 0x7F, overflow));
static_assert(gives(e4m3fn, n(464), away, 0x7F, overflow));
static_assert(gives(e4m3fn, n(465), saturating, 0x7E, overflow));
static_assert(gives(e4m3fn, n(-465), saturating, 0xFE, overflow));
static_assert(gives(e4m3, n(247), nearest, 0x77, inexact));
static_assert(gives(e4m3, n(248), nearest, 0x78, overflow));
static_assert(gives(e5m2fnuz, n(61439), nearest, 0x7F, inexact));
static_assert(gives(e5m2fnuz, n(61440), nearest, 0x80, overflow));
static_assert(gives(e5m2fnuz, n(-61440), saturating, 0xFF, overflow));
static_assert(gives(e4m3fnuz, n(247), nearest, 0x7F, inexact));
static_assert(gives(e4m3fnuz, n(248), nearest, 0x80, overflow));
static_assert(gives(e4m3fnuz, n(-248), nearest, 0x80, overflow));

// The formats of OCP MX have neither infinity nor NaN: whatever the Env, they saturate, and NaN is invalid.
static_assert(gives(e3m2, n(29), nearest, 0x1F, inexact));
static_assert(gives(e3m2, n(30), nearest, 0x1F, overflow));
static_assert(gives(e3m2, infinite(true), nearest, 0x3F, overflow));
static_assert(gives(e3m2, not_a_number, nearest, 0x1F, invalid_only));
static_assert(gives(e2m3, n(61, -3), nearest, 0x1F, inexact));  // 7.625
static_assert(gives(e2m3, n(31, -2), nearest, 0x1F, overflow));
static_assert(gives(e2m3, infinite(), nearest, 0x1F, overflow));
static_assert(gives(e2m3, not_a_number, nearest, 0x1F, invalid_only));
static_assert(gives(e2m1, n(27, -2), nearest, 0x7, inexact));  // 6.75
static_assert(gives(e2m1, n(7), nearest, 0x7, overflow));
static_assert(gives(e2m1, n(-100), truncating_to_infinity, 0xF, overflow));
static_assert(gives(e2m1, infinite(), nearest, 0x7, overflow));
static_assert(gives(e2m1, not_a_number, nearest, 0x7, invalid_only));
static_assert(gives(e2m1, n(5), nearest, 0x6, inexact));        // between 4 and 6
static_assert(gives(e2m1, n(5, -1), nearest, 0x4, inexact));    // 2.5, between 2 and 3
static_assert(gives(e2m1, n(3, -2), nearest, 0x2, underflow));  // 0.75 has two bits, hence stays below 1: tiny
static_assert(gives(e2m1, n(7, -3), nearest, 0x2, inexact));    // 0.875 rounds to 1 in two bits: not tiny
static_assert(gives(e2m1, n(7, -3), tiny_before, 0x2, underflow));
static_assert(gives(e4m3fn, infinite(), nearest, 0x7F, overflow));  // no infinity: NaN
static_assert(gives(e4m3fn, infinite(), saturating, 0x7E, overflow));
static_assert(gives(e5m2, infinite(), nearest, 0x7C, exactly));
static_assert(gives(e5m2, infinite(), saturating, 0x7B, overflow));
static_assert(gives(e5m2, not_a_number, saturating, 0x7E, exactly));
static_assert(gives(e5m2fnuz, infinite(true), nearest, 0x80, overflow));

// The least number, and the tie below it.
constexpr bool tie_at_zero_goes_to_zero(const Landmarks& l) {
    return l.tie_at_zero == none || (gives(l.format, n(1, l.tie_at_zero), nearest, 0, underflow) &&
                                     gives(l.format, n(1, l.tie_at_zero), away, 1, underflow) &&
                                     gives(l.format, n((1LL << 60) + 1, l.tie_at_zero - 60), nearest, 1, underflow) &&
                                     gives(l.format, n(1, l.tie_at_zero - 1000), up, 1, underflow) &&
                                     gives(l.format, n(1, l.tie_at_zero - 1000), down, 0, underflow));
}
static_assert(everywhere(tie_at_zero_goes_to_zero));
static_assert(gives(binary16, n(1, -25), nearest, 0, underflow));
static_assert(gives(binary16, n(-1, -25), nearest, 0x8000, underflow));
static_assert(gives(bfloat16, n(1, -134), nearest, 0, underflow));
static_assert(gives(bfloat16, n(-1, -134), down, 0x8001, underflow));
static_assert(gives(binary16, n(1, -24), nearest, 1, exactly));  // tiny but exact: no underflow

// 0x387FF000 as binary32, (1 - 2^-12) * 2^-14: it becomes the least normal number, tiny only before rounding.
static_assert(gives(binary16, n(0xFFF, -26), nearest, 0x0400, inexact));
static_assert(gives(binary16, n(0xFFF, -26), tiny_before, 0x0400, underflow));
static_assert(gives(binary16, n(0xFFEFFF, -38), nearest, 0x0400, underflow));  // 0x387FEFFF: below in 11 bits

// The code of -0 is the NaN of fnuz: what rounds to zero is +0, and so is -0.
static_assert(gives(e5m2fnuz, n(-1, -30), nearest, 0, underflow));
static_assert(gives(e4m3fnuz, n(-1, -11), nearest, 0, underflow));
static_assert(gives(e4m3fnuz, n(-1, -30), up, 0, underflow));
static_assert(gives(e4m3fnuz, Exact::zero(true), nearest, 0, exactly));
static_assert(gives(e4m3fnuz, Exact{.kind = Kind::Cancelled}, down, 0, exactly));
static_assert(gives(e4m3fn, Exact{.kind = Kind::Cancelled}, down, 0x80, exactly));
static_assert(gives(e4m3fn, Exact{.kind = Kind::Cancelled}, nearest, 0, exactly));

// e8m0: powers of two only; ties go to the even code.
static_assert(gives(e8m0, n(3), nearest, 128, inexact));
static_assert(gives(e8m0, n(6), nearest, 130, inexact));
static_assert(gives(e8m0, n(3), away, 129, inexact));
static_assert(gives(e8m0, n(3), odd, 129, inexact));
static_assert(gives(e8m0, n(3, 126), nearest, 0xFE, inexact));
static_assert(gives(e8m0, n(25, 123), nearest, 0xFF, overflow));
static_assert(gives(e8m0, n(25, 123), saturating, 0xFE, overflow));
static_assert(gives(e8m0, n(1, -127), nearest, 0, exactly));
static_assert(gives(e8m0, n(1, -128), nearest, 0, underflow));
static_assert(gives(e8m0, n(1, -128), up, 0, underflow));
static_assert(gives(e8m0, Exact::zero(false), nearest, 0, underflow));
static_assert(gives(e8m0, Exact::zero(true), nearest, 0, underflow));
static_assert(gives(e8m0, n(-1), nearest, 0xFF, invalid_only));
static_assert(gives(e8m0, infinite(true), nearest, 0xFF, invalid_only));
static_assert(gives(e8m0, infinite(), nearest, 0xFF, overflow));
static_assert(gives(e8m0, not_a_number, nearest, 0xFF, exactly));

}  // namespace
}  // namespace halfulp
