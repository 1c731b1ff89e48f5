// Claim: each family of matrix units computes what is published of it, on every row of the table.
// Oracle: the published rules on exact rationals (support/mma_by_rationals.hpp); arXiv:2511.10909, table 8; cases worked
// out by hand. Shared with the code: the rows of the table.
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/mma_by_rationals.hpp"
#include "support/mma_cases.hpp"
#include "support/published_results.hpp"

namespace halfulp::test {
namespace {

using property::SplitMix;

// Rows of the aligned families are many and alike, of the others few.
TEST(MmaFamilies, EveryRowAgainstExactRationals) {
    SplitMix bits{7};
    for (const MmaSpec& row : mma_specs()) {
        const int cases = row.family == Family::AlignedSum || row.family == Family::Integers ? 10 : 150;
        int overflowed = 0;
        for (int i = 0; i < cases; ++i) {
            const ZeroSign zero_sign = i % 8 == 0 ? ZeroSign::PositiveZero : ZeroSign::MmaSim;
            const MmaSpec spec = with_options(row, {.zero_sign = zero_sign});
            const Case x = some_case(spec, bits);
            try {
                ASSERT_EQ(mma_dot(spec, x), MmaByRationals(spec).dot(x)) << text(spec, x);
            } catch (const Overflowed&) {
                ++overflowed;
            }
        }
        EXPECT_LE(overflowed, cases * 3 / 4) << name_of(row);
    }
}

/// A group of the largest significands of a format, with products of one sign or of either.
Case widest_case(const MmaSpec& spec, bool alike, std::uint64_t c) {
    const Format& f = spec.a.format;
    const std::uint64_t one = f.min_normal_code() * static_cast<std::uint64_t>(f.bias),
                        almost_two = one | (f.min_normal_code() - 1);
    Case x;
    for (int i = 0; i < spec.group; ++i) {
        x.a.push_back(almost_two);
        x.b.push_back(alike || i % 2 == 0 ? almost_two : almost_two ^ f.sign_bit());
    }
    x.c = c;
    return x;
}

// Whatever the products' width and the bits that are kept: those of the rows, and those where sums need more than 64 bits.
TEST(MmaFamilies, AlignedSumsOfAnyWidth) {
    SplitMix bits{11};
    for (const Format& format : {bfloat16, binary32, binary64})
        for (const int group : {1, 16, 64})
            for (const int fraction_bits : {25, 54, 55, 56, 57, 58, 60, 61, 62, 90}) {
                MmaSpec spec = mma_unit("H100 mma.sync fp16->fp32");
                spec.a = spec.b = format;
                spec.group = group, spec.fraction_bits = fraction_bits;
                spec.accumulator = spec.kept = binary64;
                std::vector<Case> cases = {widest_case(spec, true, 0), widest_case(spec, false, 0),
                                           widest_case(spec, true, 0x4000000000000000)};
                cases.push_back(some_case(spec, bits));
                for (const Case& x : cases) {
                    try {
                        EXPECT_EQ(mma_dot(spec, x), MmaByRationals(spec).dot(x)) << fraction_bits << text(spec, x);
                    } catch (const Overflowed&) {
                    }
                }
            }
}

/// The sum, as a number, on a unit with binary32 results.
float sum_on(const char* unit, const std::vector<float>& a, const std::vector<float>& b, float c) {
    const MmaSpec& spec = mma_unit(unit);
    const std::uint64_t d = mma_dot(spec, codes(spec.a.format, a), codes(spec.b.format, b), word(c));
    return std::bit_cast<float>(static_cast<std::uint32_t>(d));
}

// 288 as 12 * 24 is aligned by 2^3 2^4, as 18 * 16 by 2^4 2^4: eight products of 2^-18 stand or fall by one bit.
TEST(MmaFamilies, ProductsAreNotNormalised) {
    std::vector<float> a(9, 0x1p-9F), b(9, 0x1p-9F);
    a[0] = 12, b[0] = 24;
    EXPECT_EQ(word(sum_on("B200 tcgen05 e4m3->fp32", a, b, 0)), 0x43900001U);
    a[0] = 18, b[0] = 16;
    EXPECT_EQ(word(sum_on("B200 tcgen05 e4m3->fp32", a, b, 0)), 0x43900000U);
}

// -16 * 2^19 in the first group of 16, -1.75 / 2 in the second one, and 2^23: nothing is cut off.
TEST(MmaFamilies, Fp4IsScaledInGroupsOf16) {
    std::vector<float> a(64, 0), b(64, 0);
    a[0] = -4, b[0] = 4;
    a[16] = -1, b[16] = 1, a[17] = -1, b[17] = 0.5F, a[31] = -0.5F, b[31] = 0.5F;
    const MmaSpec& spec = mma_unit("B200 tcgen05.mxf4nvf4.4X.ue8m0 e2m1->fp32");
    const Codes of_a{138, 127, 127, 127}, of_b{135, 126, 127, 127}, x = codes(e2m1, a), y = codes(e2m1, b);
    EXPECT_EQ(mma_dot(spec, {x, y, word(0x1p23F), of_a, of_b}), word(-0.875F));
    // A group that cancels still pushes what lies 36 bits below its scales off the end.
    const Codes cancels = codes(e2m1, [] {
        std::vector<float> v(32, 0);
        v[0] = v[1] = v[16] = 1;
        return v;
    }());
    const Codes signs = codes(e2m1, [] {
        std::vector<float> v(32, 0);
        v[0] = v[16] = 1;
        v[1] = -1;
        return v;
    }());
    EXPECT_EQ(mma_dot(spec, {cancels, signs, 0, Codes{127 + 35, 127}, Codes{127, 127}}), word(1));
    EXPECT_EQ(mma_dot(spec, {cancels, signs, 0, Codes{127 + 36, 127}, Codes{127, 127}}), 0U);
}

// ue4m3: the top bit of the byte does not count, the smallest subnormal is 2^-9, and a scale of 0 is a group of 0.
TEST(MmaFamilies, Nvfp4ScalesAreUnsigned) {
    const MmaSpec& spec = mma_unit("B200 tcgen05.mxf4nvf4.4X.ue4m3 e2m1->fp32");
    const Codes six{7};
    EXPECT_EQ(mma_dot(spec, {six, six, 0, Codes{0x01}, Codes{0x38}}), word(36 * 0x1p-9F));
    EXPECT_EQ(mma_dot(spec, {six, six, 0, Codes{0x81}, Codes{0xb8}}), word(36 * 0x1p-9F));
    EXPECT_EQ(mma_dot(spec, {six, six, 0, Codes{0x7e}, Codes{0x7e}}), word(36.0F * 448 * 448));
    EXPECT_EQ(mma_dot(spec, {six, six, word(1), Codes{0}, Codes{0x7e}}), word(1));
    EXPECT_EQ(mma_dot(spec, {six, six, word(1), Codes{0xff}, Codes{0x38}}), 0x7fffffffU);
}

// Two products of 2^16 cancel, and leave 2^(16 - 35) as the last place of the other group.
TEST(MmaFamilies, Nvfp4IsAlignedByItsScales) {
    const MmaSpec& spec = mma_unit("B200 tcgen05.mxf4nvf4.4X.ue4m3 e2m1->fp32");
    std::vector<float> a(32, 0), b(32, 0);
    a[0] = a[1] = b[0] = 1, b[1] = -1, a[16] = b[16] = 0.5F;
    const Codes scales{0x78, 0x01};  // 2^8 and 2^-9
    EXPECT_EQ(mma_dot(spec, {codes(e2m1, a), codes(e2m1, b), 0, scales, scales}), 0U);
    a[16] = 1;
    EXPECT_EQ(mma_dot(spec, {codes(e2m1, a), codes(e2m1, b), 0, scales, scales}), word(0x1p-19F));
}

// binary32's least number less what lies at or below the last place that the floor leaves: 2^(-133 - 25) for scaled fp8,
// 2^(-139 - 35) for fp4 (MMA-Sim's exponents of zero).
TEST(MmaFamilies, ScaledUnitsHaveFloors) {
    const MmaSpec& fp8 = mma_unit("B200 tcgen05.mxf8f6f4 e5m2->fp32");
    const auto less = [&](float part) {
        return mma_dot(fp8, {codes(e5m2, {0x1p-9F, part}), codes(e5m2, {1, -0x1p-10F}), 0, Codes{0}, Codes{127 - 13}});
    };
    EXPECT_EQ(less(0x1p-8F), 0U);
    EXPECT_EQ(less(0x1p-9F), 1U);
    const MmaSpec& fp4 = mma_unit("B200 tcgen05.mxf4nvf4.4X.ue8m0 e2m1->fp32");
    std::vector<float> a(32, 0), b(32, 0);
    std::fill(a.begin(), a.begin() + 16, 4.0F);
    std::fill(b.begin(), b.begin() + 16, 4.0F);
    a[16] = 1, b[16] = -1;
    const auto scaled_by = [&](std::uint64_t scale) {
        return mma_dot(fp4, {codes(e2m1, a), codes(e2m1, b), 0, Codes{27, 27}, Codes{127 - 57, scale}});
    };
    EXPECT_EQ(scaled_by(127 - 74), 0U);
    EXPECT_EQ(scaled_by(127 - 75), 1U);
}

// Half a unit of 1 and a little more: 31 bits below the sum, or below 2^-126, the little counts, one bit further not.
TEST(MmaFamilies, Cdna3FloorsTheSum) {
    const char* half = "MI300X mfma fp16->fp32";
    EXPECT_EQ(sum_on(half, {0x1p-12F, 0x1p-16F}, {0x1p-12F, 0x1p-15F}, 1), 1 + 0x1p-23F);
    EXPECT_EQ(sum_on(half, {0x1p-12F, 0x1p-16F}, {0x1p-12F, 0x1p-16F}, 1), 1.0F);
    const char* bf16 = "MI300X mfma bf16->fp32";
    EXPECT_EQ(sum_on(bf16, {0x1p-75F, 0x1p-79F}, {0x1p-75F, 0x1p-78F}, 0), 0x1p-149F);
    EXPECT_EQ(sum_on(bf16, {0x1p-75F, 0x1p-79F}, {0x1p-75F, 0x1p-79F}, 0), 0.0F);
    // Products of 2^128 and more are infinite, though the sum is not.
    EXPECT_EQ(sum_on(bf16, {0x1p64F, 0x1p64F}, {0x1p64F, -0x1p62F}, 0), std::bit_cast<float>(0x7f800000U));
    EXPECT_EQ(sum_on(bf16, {0x1p64F, 0x1p64F}, {0x1p63F, -0x1p62F}, 0), 0x1p126F);
}

TEST(MmaFamilies, Cdna1HasNoNegativeZeroSum) {
    EXPECT_EQ(word(sum_on("MI100 mfma fp16->fp32", {-0.0F}, {1}, -0.0F)), 0U);
    EXPECT_EQ(word(sum_on("MI100 mfma fp32->fp32", {-0.0F}, {1}, -0.0F)), 0x80000000U);
}

// 1 + 2^-30: inexact sums become odd where FPCR.EBF is 0, and are rounded to nearest where it is 1.
TEST(MmaFamilies, ArmRoundsToOdd) {
    EXPECT_EQ(word(sum_on("Arm BFDOT bf16->fp32", {0x1p-15F, 0}, {0x1p-15F, 0}, 1)), 0x3f800001U);
    EXPECT_EQ(word(sum_on("Arm-EBF BFDOT bf16->fp32", {0x1p-15F, 0}, {0x1p-15F, 0}, 1)), 0x3f800000U);
    EXPECT_EQ(word(sum_on("Arm BFDOT bf16->fp32", {0x1p-130F}, {0x1p10F}, 0)), 0U);  // flushed
    EXPECT_EQ(word(sum_on("Arm-EBF BFDOT bf16->fp32", {0x1p-130F}, {0x1p10F}, 0)), word(0x1p-120F));
    EXPECT_EQ(mma_dot(mma_unit("Arm BFDOT bf16->fp32"), Codes{0xffff}, Codes{0x3f80}, 0), 0x7fc00000U);
    EXPECT_EQ(mma_dot(mma_unit("Arm BFDOT bf16->fp32"), codes(bfloat16, {0x1p127F}), codes(bfloat16, {2}), 0),
              0x7f800000U);
}

// BFMLALB and BFMLALT, of one product, are ordinary fused multiply-adds.
TEST(MmaFamilies, ArmsMultiplyAddsRoundToNearest) {
    for (const char* unit : {"Arm BFMLALB bf16->fp32", "Arm BFMLALT bf16->fp32", "Arm-EBF BFMLALB bf16->fp32"}) {
        EXPECT_EQ(sum_on(unit, {0x1p-15F}, {0x1p-15F}, 1), 1.0F);
        EXPECT_EQ(sum_on(unit, {0x1.02p-12F}, {0x1p-12F}, 1), 1 + 0x1p-23F);
        EXPECT_EQ(sum_on(unit, {0x1p-130F}, {0x1p-10F}, 0x1p-149F), 0x1p-140F + 0x1p-149F);
        // The product is not rounded: (1 + 2^-7)^2 = 1 + 2^-6 + 2^-14.
        EXPECT_EQ(sum_on(unit, {0x1.02p0F}, {0x1.02p0F}, -0x1.04p0F), 0x1p-14F);
    }
}

/// Complex fp16 products by Bochs's TCMMRLFP16PS and TCMMIMFP16PS, on this CPU's binary32: two chains, whose sum is added.
float complex_part(bool real, const std::vector<float>& a, const std::vector<float>& b, float c) {
    float even = 0, odd = 0;
    for (std::size_t k = 0; k < a.size(); k += 2) {
        even = std::fma(real ? a[k] : a[k + 1], b[k], even);
        odd = std::fma(real ? -a[k + 1] : a[k], b[k + 1], odd);
    }
    return c + (even + odd);
}

// What rows.h says of them: TDPFP16PS with the imaginary parts of B negated, and with the parts of B exchanged.
TEST(MmaFamilies, ComplexAmxIsTdpfp16psOfRearrangedPairs) {
    SplitMix bits{9};
    for (int i = 0; i < 200; ++i) {
        std::vector<float> a(32), b(32), negated(32), exchanged(32);
        const auto some = [&] { return static_cast<float>(static_cast<int>(bits() % 4097) - 2048) * 0x1p-9F; };
        for (std::size_t k = 0; k < 32; ++k) a[k] = some(), b[k] = some() * (bits() % 8 == 0 ? 0x1p9F : 1);
        for (std::size_t k = 0; k < 32; ++k) negated[k] = k % 2 == 0 ? b[k] : -b[k], exchanged[k] = b[k ^ 1];
        const float c = some();
        EXPECT_EQ(sum_on("x86 TDPFP16PS fp16->fp32", a, negated, c), complex_part(true, a, b, c));
        EXPECT_EQ(sum_on("x86 TDPFP16PS fp16->fp32", a, exchanged, c), complex_part(false, a, b, c));
    }
}

// The even and the odd k of AMX apart: 2^24 + 1 + 1 is 2^24 + 2 in one chain, and in two with the ones together.
TEST(MmaFamilies, AmxKeepsTwoChains) {
    EXPECT_EQ(sum_on("x86 TDPBF16PS bf16->fp32", {0x1p12F, 1, 0, 1}, {0x1p12F, 1, 0, 1}, 0), 0x1p24F + 2);
    EXPECT_EQ(sum_on("x86 TDPBF16PS bf16->fp32", {0x1p12F, 0, 1, 0, 1}, {0x1p12F, 0, 1, 0, 1}, 0), 0x1p24F);
    EXPECT_EQ(sum_on("x86 TDPFP16PS fp16->fp32", {0x1p-24F}, {1}, 0), 0x1p-24F);  // fp16's subnormal numbers count
    EXPECT_EQ(sum_on("x86 TDPBF16PS bf16->fp32", {0x1p-127F}, {0x1p10F}, 0), 0.0F);
}

// 2^8 + 2^-18 is rounded to 2^8, and 2^32 + 2^8 is then a tie.
TEST(MmaFamilies, AmxFp8RoundsBeforeItAdds) {
    for (const char* unit : {"x86 TDPHF8PS e4m3->fp32", "x86 TDPBF8PS e5m2->fp32"}) {
        EXPECT_EQ(sum_on(unit, {16, 0x1p-9F}, {16, 0x1p-9F}, 0x1p32F), 0x1p32F);
        EXPECT_EQ(sum_on(unit, {16, 0x1p-6F}, {16, 0x1p-6F}, 0x1p32F), 0x1p32F + 0x1p9F);
    }
}

// CDNA2 reads subnormal numbers and -0 as +0, and flushes results to the zero of their sign, which the running value keeps.
TEST(MmaFamilies, Cdna2Flushes) {
    const char* unit = "MI250X mfma bf16->fp32";
    EXPECT_EQ(word(sum_on(unit, {-0.0F}, {1}, -0.0F)), 0U);
    EXPECT_EQ(word(sum_on(unit, {-0x1p-130F}, {0x1p10F}, -0x1p-130F)), 0U);
    EXPECT_EQ(word(sum_on(unit, {-0x1p-70F}, {0x1p-70F}, 0x1p-100F)), word(0x1p-100F));
    EXPECT_EQ(word(sum_on(unit, {0x1.8p-63F, -0x1p-63F}, {0x1p-63F, 0x1p-63F}, 0)), 0U);
    EXPECT_EQ(word(sum_on(unit, {-0x1.8p-63F, 0}, {0x1p-63F, 0}, 0x1p-126F)), 0x80000000U);
    const std::vector<float> b{0x1p-63F, 0, 0x1p-70F, 0x1p-70F};
    EXPECT_EQ(word(sum_on(unit, {-0x1.8p-63F, 0, -0x1p-70F, -0x1p-70F}, b, 0x1p-126F)), 0x80000000U);
    EXPECT_EQ(word(sum_on("MI100 mfma bf16->fp32", {0x1.8p-63F, -0x1p-63F}, {0x1p-63F, 0x1p-63F}, 0)), word(0x1p-127F));
}

// CDNA1 and CDNA3: a sum of -0 is +0, but what underflows keeps its sign, as rounding has it.
TEST(MmaFamilies, AmdsSumsThatUnderflowKeepTheirSign) {
    for (const char* unit : {"MI100 mfma bf16->fp32", "MI300X mfma bf16->fp32"}) {
        EXPECT_EQ(word(sum_on(unit, {-0.0F}, {1}, -0.0F)), 0U) << unit;
        EXPECT_EQ(word(sum_on(unit, {-0x1p-133F}, {0x1p-20F}, 0)), 0x80000000U) << unit;
        EXPECT_EQ(word(sum_on(unit, {0x1p-133F}, {0x1p-20F}, 0)), 0U) << unit;
    }
}

// A c that is infinite is lost on CDNA3 beside fp8 products of 2^25 and more (MMA-Sim's code).
TEST(MmaFamilies, Cdna3LosesInfinityBesideLargeFp8Products) {
    const float inf = std::bit_cast<float>(0x7f800000U);
    EXPECT_EQ(sum_on("MI300X mfma e5m2fnuz->fp32", {0x1p12F}, {0x1p12F}, inf), inf);
    EXPECT_EQ(sum_on("MI300X mfma e5m2fnuz->fp32", {0x1p13F}, {0x1p12F}, inf), 0x1p25F);
    EXPECT_EQ(sum_on("MI300X mfma fp16->fp32", {0x1p13F}, {0x1p12F}, inf), inf);
}

TEST(MmaFamilies, IntegersWrapOrSaturate) {
    const Codes a(32, 0x7f), b(32, 0x7f), minus(32, 0x80);
    // 32 * 127 * 127 = 516128, 32 * 128 * 128 = 524288
    const std::uint64_t most = 0x7fffffff, least = 0x80000000;
    EXPECT_EQ(mma_dot(mma_unit("A100 mma.sync s8->s32"), a, b, most), most + 516128);
    EXPECT_EQ(mma_dot(mma_unit("A100 mma.sync.satfinite s8->s32"), a, b, most), most);
    EXPECT_EQ(mma_dot(mma_unit("A100 mma.sync.satfinite s8->s32"), a, minus, least), least);
    EXPECT_EQ(mma_dot(mma_unit("A100 mma.sync u8*s8->s32"), minus, minus, 0), 0xffffffffU & (0U - 524288U));
    EXPECT_EQ(mma_dot(mma_unit("A100 mma.sync s4->s32"), Codes{8}, Codes{7}, 0), 0xffffffc8U);  // -8 * 7
    EXPECT_EQ(mma_dot(mma_unit("A100 mma.sync u4->s32"), Codes{8}, Codes{7}, 0), 56U);
}

// The options change what they name, on the rows they speak of.
TEST(MmaFamilies, OptionsAnswerTheDisputedPoints) {
    const auto km_floor = [](const char* unit) {
        return with_options(mma_unit(unit), {.fp16_floor = MmaOptions::Fp16Floor::KM}).exponent_floor;
    };
    EXPECT_EQ(km_floor("V100 mma.sync fp16->fp16"), -19);
    EXPECT_EQ(km_floor("A100 mma.sync fp16->fp16"), -20);
    EXPECT_EQ(km_floor("Ada mma.sync e4m3->fp16"), -132);
    EXPECT_EQ(km_floor("H100 mma.sync fp16->fp16"), -21);
    EXPECT_EQ(km_floor("H100 wgmma fp16->fp16"), -133);
    EXPECT_EQ(km_floor("T4 mma.sync fp16->fp16"), -21);
    EXPECT_EQ(km_floor("A100 mma.sync fp16->fp32"), -132);
    const MmaSpec& half = mma_unit("A100 mma.sync fp16->fp16");
    const Codes minus_zero{0x8000}, one{0x3c00}, tiny{0x8001};
    const MmaSpec positive = with_options(half, {.zero_sign = ZeroSign::PositiveZero});
    EXPECT_EQ(mma_dot(half, minus_zero, one, 0x8000), 0x8000U);
    EXPECT_EQ(mma_dot(positive, minus_zero, one, 0x8000), 0U);
    EXPECT_EQ(mma_dot(half, tiny, Codes{0x3400}, 0), 0x8000U);  // -2^-26
    EXPECT_EQ(mma_dot(positive, tiny, Codes{0x3400}, 0), 0U);
}

}  // namespace
}  // namespace halfulp::test
