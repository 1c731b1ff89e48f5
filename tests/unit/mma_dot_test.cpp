// Claim: mma_dot computes what matrix units compute: alignment, truncation, rounding, order, special values.
// Oracle: single results of hardware, each with its source, and rules that publications state. Shared: nothing.
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/published_results.hpp"

namespace halfulp {
namespace {

using Codes = std::vector<std::uint64_t>;

const MmaSpec& unit(std::string_view gpu, std::string_view instruction, const Format& input,
                    const Format& accumulator) {
    const MmaSpec* spec = find_mma(gpu, instruction, input, accumulator);
    EXPECT_NE(spec, nullptr) << gpu << " " << instruction;
    return *spec;
}

struct Fact {
    const char* source;
    const char* gpu;
    Format input, accumulator;
    Codes a, b;
    std::uint64_t c, d;
};

// Fasi: north-numerical-computing/tensor-cores-numerical-behavior, as passed on that GPU (PeerJ CS 7:e330).
const std::vector<Fact> facts = {
    {"Fasi A, subnormal input", "V100", binary16, binary32, {0x0001}, {0x4400}, 0x00000000, 0x34800000},
    {"Fasi A, subnormal accumulator", "V100", binary16, binary32, {0x0000}, {0x0000}, 0x00000001, 0x00000001},
    {"Fasi B, exact products", "V100", binary16, binary32, {0x3bff}, {0x3bff}, 0x00000000, 0x3f7fc004},
    {"Fasi C, rounds to nearest into fp16", "V100", binary16, binary16, {1, 1}, {0x3800, 0x3400}, 0x0000, 0x0001},
    {"Fasi C, truncates into fp32", "V100", binary16, binary32, {0x3c00, 0x3c00}, {0xc000, 0x8003}, 0, 0xc0000000},
    {"Fasi D1, no extra alignment bit", "V100", binary16, binary32, {0x3c00}, {0x3c00}, 0xbf7fffff, 0x34000000},
    {"Fasi D1, one extra alignment bit", "A100", bfloat16, binary32, {0x3f80}, {0x3f80}, 0xbf7fffff, 0x33800000},
    {"Fasi B, no more than one extra alignment bit",
     "A100",
     bfloat16,
     binary32,
     {0x3f00, 0x3f00, 0x3f00, 0x3f00},
     {0x3380, 0x3380, 0x3380, 0x3380},
     0x3f800000,
     0x3f800000},
    {"Fasi A, tf32 subnormal input", "A100", tf32, binary32, {0x1}, {0x44800000 >> 13}, 0, 0x00800000},
    {"Fasi D4, third carry bit",
     "A100",
     bfloat16,
     binary32,
     {0x3f80, 0x3f80, 0x3f80, 0x3f80},
     {0x3f80, 0x3fc0, 0x3fe0, 0x3ff0},
     0x3ff00000,
     0x41000000},
    {"KM issue 7: an H100's sum of tiny products, which decides the exponent floor",
     "H100",
     bfloat16,
     binary32,
     {0x9b94, 0x19f3, 0x9a2e, 0x1a67, 0x9a25, 0x9b4e, 0x9b29, 0x9a33, 0x99e0, 0x1a14, 0x9914, 0x99d1, 0x9ae9, 0x1b1a,
      0x9a9c, 0x1b3a},
     {0x9aaf, 0x99f3, 0x9acc, 0x1b7c, 0x19ed, 0x1b25, 0x9a1b, 0x9a20, 0x9af7, 0x9a48, 0x1ae1, 0x1b32, 0x1b12, 0x1b0e,
      0x9a68, 0x1735},
     0x00000000,
     0x0000000b},
};

TEST(MmaDot, GivesWhatHardwareGave) {
    for (const Fact& fact : facts)
        EXPECT_EQ(mma_dot(unit(fact.gpu, "mma.sync", fact.input, fact.accumulator), fact.a, fact.b, fact.c), fact.d)
            << fact.source;
}

TEST(MmaDot, KeepsWhatTheGenerationKeeps) {
    for (const DirectedVector& x : test::equation10())
        EXPECT_EQ(mma_dot(*x.spec, x.a, x.b, x.c), x.d) << name_of(*x.spec);
}

Codes ones(const std::optional<Scaling>& scaling) {
    return scaling ? Codes{scaling->format == e8m0 ? 0x7fU : 0x38U} : Codes{};
}

// A NaN among the scales is a NaN result, whatever it scales (MMA-Sim, algorithms 8 and 9).
TEST(MmaDot, ANaNScaleIsANaN) {
    for (const MmaSpec& spec : mma_specs()) {
        if (!spec.scaling) continue;
        const Codes scale = ones(spec.scaling), nan{spec.scaling->format == e8m0 ? 0xffU : 0x7fU}, zeros(4, 0);
        EXPECT_EQ(mma_dot(spec, {zeros, zeros, 0, nan, scale}), 0x7fffffffU) << name_of(spec);
        EXPECT_EQ(mma_dot(spec, {zeros, zeros, 0x7f800000, scale, nan}), 0x7fffffffU) << name_of(spec);
        EXPECT_EQ(mma_dot(spec, {zeros, zeros, 0x3f800000, scale, scale}), 0x3f800000U) << name_of(spec);
    }
}

std::string refusal(const MmaSpec& spec, const MmaOperands& operands) {
    try {
        mma_dot(spec, operands);
    } catch (const InputError& error) {
        return error.what();
    }
    return "taken";
}

TEST(MmaDot, RefusesWhatTheUnitDoesNotTake) {
    const Codes one{1}, two{1, 1}, wide{0x10000}, wide_scale{0x1ff}, wide4{0x10};
    const MmaSpec &half = mma_unit("A100 mma.sync fp16->fp32"), &mx = mma_unit("B200 tcgen05.mxf4 e2m1->fp32");
    EXPECT_EQ(refusal(half, {wide, one}), "a[0]: expected a code of 16 bits, found 0x10000");
    EXPECT_EQ(refusal(half, {one, wide}), "b[0]: expected a code of 16 bits, found 0x10000");
    EXPECT_EQ(refusal(half, {one, one, 0x100000000}), "c[0]: expected a code of 32 bits, found 0x100000000");
    EXPECT_EQ(refusal(half, {two, one}), "b: expected 2 codes, as in a, found 1");
    EXPECT_EQ(refusal(half, {one, one, 0, one}), "a_scales: expected 0 scales of this unit, found 1");
    EXPECT_EQ(refusal(mma_unit("A100 mma.sync s4->s32"), {one, wide4}), "b[0]: expected a code of 4 bits, found 0x10");
    EXPECT_EQ(refusal(mx, {one, one}), "a_scales: expected 1 scales, one for 32 elements, found 0");
    EXPECT_EQ(refusal(mx, {one, one, 0, one, two}), "b_scales: expected 1 scales, one for 32 elements, found 2");
    EXPECT_EQ(refusal(mx, {one, one, 0, one, wide_scale}), "b_scales[0]: expected a code of 8 bits, found 0x1ff");
    EXPECT_EQ(refusal(mx, {one, one, 0, one, one}), "taken");
}

// Truncating units overflow to infinity, not to the largest number (MMA-Sim, KM).
TEST(MmaDot, OverflowsToInfinityWhileTruncating) {
    const MmaSpec& spec = unit("A100", "mma.sync", bfloat16, binary32);
    const Codes largest = {0x7f7f};
    EXPECT_EQ(mma_dot(spec, largest, largest, 0), 0x7f800000U);
    EXPECT_EQ(mma_dot(spec, largest, Codes{0xff7f}, 0), 0xff800000U);
    // Products beyond binary32's range may cancel: they never overflow themselves.
    EXPECT_EQ(mma_dot(spec, Codes{0x7f7f, 0x7f7f}, Codes{0x7f7f, 0xff7f}, 0x3f800000), 0U);
}

// A zero sum is -0 only if every term is -0 (MMA-Sim).
TEST(MmaDot, SignsZeroByItsTerms) {
    const MmaSpec& spec = unit("A100", "mma.sync", binary16, binary32);
    const std::uint64_t minus_zero = 0x80000000;
    EXPECT_EQ(mma_dot(spec, Codes{0x8000}, Codes{0x3c00}, minus_zero), minus_zero);
    EXPECT_EQ(mma_dot(spec, Codes{0x0000}, Codes{0x3c00}, minus_zero), 0U);
    EXPECT_EQ(mma_dot(spec, Codes{0x8000}, Codes{0x3c00}, 0), 0U);
    EXPECT_EQ(mma_dot(spec, Codes{0x3c00, 0xbc00}, Codes{0x3c00, 0x3c00}, minus_zero), 0U);
}

// Emulated fp8 takes k = 0 1 4 5 8 9 ... first, then k = 2 3 6 7 ..., each half from the other's result, and c last.
// 2^18 - 2^18 + 2^-9 comes through only if the small term is not in the block of the large ones.
TEST(MmaDot, EmulatedFp8AlternatesPairs) {
    const MmaSpec& spec = unit("H100", "mma.sync", e5m2, binary32);
    const std::uint64_t one = 0x3c, big = 0x7b, minus_big = 0xfb, tiny = 0x01;  // 1, 57344, -57344, 2^-16
    const auto sum = [&](std::size_t where) {
        Codes a(32, 0), b(32, one);
        a[0] = big, a[1] = minus_big, b[0] = b[1] = big, a[where] = tiny;
        return mma_dot(spec, a, b, 0);
    };
    const std::uint64_t kept = convert(binary32, e5m2, tiny).code;
    for (const std::size_t k : {4U, 5U, 8U, 29U}) EXPECT_EQ(sum(k), 0U) << k;
    for (const std::size_t k : {2U, 3U, 6U, 30U, 31U}) EXPECT_EQ(sum(k), kept) << k;
}

TEST(MmaDot, Binary64IsAChainOfFusedMultiplyAdds) {
    const MmaSpec& spec = unit("A100", "mma.sync", binary64, binary64);
    const auto code = [](double x) { return std::bit_cast<std::uint64_t>(x); };
    // (1 + 2^-52)^2 - 1 - 2^-51 = 2^-104: only a fused step keeps it.
    EXPECT_EQ(mma_dot(spec, Codes{code(1 + 0x1p-52)}, Codes{code(1 + 0x1p-52)}, code(-1 - 0x1p-51)), code(0x1p-104));
    // In ascending k: 1 is absorbed by 2^53 before 2^53 cancels.
    EXPECT_EQ(mma_dot(spec, Codes{code(0x1p53), code(1), code(-0x1p53)}, Codes(3, code(1)), 0), code(0));
}

}  // namespace
}  // namespace halfulp
