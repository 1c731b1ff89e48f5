// Claim: predict gives what the plan says: tiles, slices, their order and merge, C, the epilogue, one rounding to D.
// Oracle: cases worked out by hand; a walk over single elements by loops.
// Shared: mma_dot and softfloat's operations, which have tests of their own.
#include <gtest/gtest.h>

#include <bit>
#include <string>
#include <vector>

#include <halfulp/lib/diagnose/predict.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>

#include "support/gemm_data.hpp"
#include "support/predicted.hpp"

namespace halfulp {
namespace {

using test::code;
using test::expect_refused;
using test::plain;
using test::random_matrix;

using Codes = std::vector<std::uint64_t>;

const MmaSpec& a100() { return *find_mma("A100", "mma.sync", binary16, binary32); }

/// The one element that a row and a column give.
std::uint64_t element(const Unit& unit, const GemmPlan& plan, const Format& f, const Codes& a, const Codes& b,
                      const std::optional<Matrix>& c = {}) {
    const Matrix d = predict(unit, plan, {{f, 1, a.size(), a}, {f, b.size(), 1, b}, c});
    EXPECT_EQ(d.codes.size(), 1U);
    return d.codes[0];
}

/// 2^24 in the first tile of 8, 1 in the third and in the fourth.
std::uint64_t absorbed_or_not(const GemmPlan& plan) {
    Codes a(32, 0), b(32, 0);
    a[0] = b[0] = 0x6c00;  // 4096
    a[16] = b[16] = a[24] = b[24] = 0x3c00;
    return element(a100(), plan, binary16, a, b);
}

// The unit truncates 2^24 + 1 to 2^24; merges round it to the same, the even one. 2^24 + 2 is a number.
TEST(Predict, SplitsByHand) {
    constexpr std::uint64_t lost = 0x4b800000, kept = 0x4b800001;
    EXPECT_EQ(absorbed_or_not({}), lost);
    EXPECT_EQ(absorbed_or_not({.split_k = 2}), kept) << "2^24 + (1 + 1)";
    EXPECT_EQ(absorbed_or_not({.order = TileOrder::Interleaved, .split_k = 2}), lost) << "(2^24 + 1) + (0 + 1)";
    EXPECT_EQ(absorbed_or_not({.split_k = 4}), lost) << "((2^24 + 0) + 1) + 1";
    EXPECT_EQ(absorbed_or_not({.split_k = 4, .merge = Merge::Halves}), kept) << "(2^24 + 0) + (1 + 1)";
    EXPECT_EQ(absorbed_or_not({.order = TileOrder::Descending}), kept) << "(1 + 1) + 2^24";
    EXPECT_EQ(absorbed_or_not({.order = TileOrder::Descending, .split_k = 2}), kept) << "(0 + 2^24) + (1 + 1)";
    EXPECT_EQ(absorbed_or_not({.tile_k = 24, .split_k = 2}), lost) << "(2^24 + 1) + 1";
    EXPECT_EQ(absorbed_or_not({.split_k = 2, .env = {.rounding = Rounding::Down}}), kept);
    EXPECT_EQ(absorbed_or_not({.split_k = 4, .env = {.rounding = Rounding::Up}}), 0x4b800002)
        << "2^24 + 1, + 1 upwards";
}

TEST(Predict, TilesShorterThanABlockArePaddedOneByOne) {
    // 2^24 and three ones in one block of 8 give 2^24 + 2; with tiles of 4 the last one comes alone.
    Codes a(8, 0), b(8, 0);
    a[0] = b[0] = 0x6c00;
    for (const std::size_t k : {1U, 2U, 5U}) a[k] = b[k] = 0x3c00;
    EXPECT_EQ(element(a100(), {}, binary16, a, b), 0x4b800001) << "2^24 + 3, truncated";
    a[2] = 0, a[6] = b[6] = 0x3c00;
    EXPECT_EQ(element(a100(), {}, binary16, a, b), 0x4b800001);
    EXPECT_EQ(element(a100(), {.tile_k = 4}, binary16, a, b), 0x4b800001) << "2^24 + 1, truncated, + 2";
    a[6] = 0;
    EXPECT_EQ(element(a100(), {}, binary16, a, b), 0x4b800001) << "2^24 + 2 in one block";
    EXPECT_EQ(element(a100(), {.tile_k = 4}, binary16, a, b), 0x4b800000) << "2^24 + 1, truncated, + 1, truncated";
}

TEST(Predict, EpilogueByHand) {
    const Unit fma = plain("fp32-fma");
    const Codes one = {code(1)}, above = {code(1 + 0x1p-23F)};
    const Matrix minus{binary32, 1, 1, {code(-1 - 0x1p-22F)}};
    const GemmPlan scaled{.c = CPlace::Epilogue, .alpha = 1 + 0x1p-23};
    EXPECT_EQ(element(fma, scaled, binary32, one, above, minus), code(0x1p-46F)) << "only a fused step keeps it";
    EXPECT_EQ(element(fma, {.c = CPlace::Epilogue, .alpha = 3, .beta = 0.5}, binary32, one, one,
                      Matrix{binary16, 1, 1, {0x4400}}),
              code(5))
        << "3 * 1 + 0.5 * 4, C in fp16";
    const Matrix nan{binary32, 1, 1, {0x7fc00000}};
    EXPECT_EQ(element(fma, {.c = CPlace::Epilogue, .beta = 0}, binary32, one, one, nan), code(1)) << "never read";
    EXPECT_EQ(element(fma, {.c = CPlace::Epilogue}, binary32, one, one, nan), 0x7fffffff);
    EXPECT_EQ(element(fma, {.alpha = 2}, binary32, one, one, Matrix{binary32, 1, 1, {code(3)}}), code(8))
        << "C starts the accumulator, alpha scales both";
    // 1 + 2^-8 lies in the middle between two numbers of bf16, 1 + 2^-8 + 2^-23 above it.
    EXPECT_EQ(element(fma, {.output = bfloat16}, binary32, one, {code(1 + 0x1p-8F)}), 0x3f80);
    EXPECT_EQ(element(fma, {.output = bfloat16}, binary32, one, {code(1 + 0x1p-8F + 0x1p-23F)}), 0x3f81);
    EXPECT_EQ(
        element(fma, {.split_k = 2, .accumulator = binary16}, binary32, {code(2048), code(1)}, {code(1), code(1)}),
        0x6800)
        << "2048 + 1 in fp16";
}

TEST(Predict, WhereCComesInMatters) {
    // C = -2^24 first: 2^24 - 2^24 + 1 = 1. Last: 2^24 + 1 is 2^24 before C.
    const Codes a = {code(0x1p24F), code(1)}, b = {code(1), code(1)};
    const Matrix c{binary32, 1, 1, {code(-0x1p24F)}};
    EXPECT_EQ(element(plain("fp32-fma"), {.c = CPlace::Start}, binary32, a, b, c), code(1));
    EXPECT_EQ(element(plain("fp32-fma"), {.c = CPlace::Epilogue}, binary32, a, b, c), code(0));
    EXPECT_EQ(element(plain("fp32-mul-add"), {.c = CPlace::Start}, binary32, a, b, c), code(1));
    EXPECT_EQ(element(plain("fp32-fma-4-lanes"), {.c = CPlace::Start}, binary32, a, b, c), code(0))
        << "after the lanes";
}

TEST(Predict, FlushesAndRoundsOperands) {
    const GemmPlan flush{.env = {.flush_inputs = true, .flush_outputs = Flush::AfterRounding}};
    EXPECT_EQ(element(a100(), {}, binary16, {0x0001}, {0x3c00}), code(0x1p-24F));
    EXPECT_EQ(element(a100(), flush, binary16, {0x0001}, {0x3c00}), code(0)) << "a subnormal operand";
    const Unit fma = plain("fp32-fma");
    EXPECT_EQ(element(fma, {}, binary32, {code(0x1p-100F)}, {code(0x1p-40F)}), code(0x1p-140F));
    EXPECT_EQ(element(fma, flush, binary32, {code(0x1p-100F)}, {code(0x1p-40F)}), code(0)) << "a subnormal result";
    const MmaSpec& unit = *find_mma("A100", "mma.sync", tf32, binary32);
    const Codes x = {code(1 + 0x1p-11F)}, one = {code(1)};  // between two numbers of tf32
    EXPECT_EQ(element(unit, {}, binary32, x, one), code(1)) << "the low 13 bits are dropped";
    EXPECT_EQ(element(unit, {.operands = Rounding::NearestAway}, binary32, x, one), code(1 + 0x1p-10F));
    EXPECT_EQ(element(unit, {}, binary32, {0x7f800001}, one), 0x7f800000U) << "a NaN by its low bits alone is infinite";
}

// Zeros fill the last block up: a sum of -0 alone is then none.
TEST(Predict, FillsTheLastBlockWithZeros) {
    const Matrix c{binary32, 1, 1, {0x80000000}};
    for (const std::size_t k : {1U, 7U, 8U, 9U, 16U})
        EXPECT_EQ(element(a100(), {}, binary16, Codes(k, 0x8000), Codes(k, 0x3c00), c), k % 8 == 0 ? 0x80000000U : 0U)
            << k;
    EXPECT_EQ(element(a100(), {.tile_k = 4}, binary16, Codes(4, 0x8000), Codes(4, 0x3c00), c), 0x80000000U)
        << "a tile shorter than a block";
    EXPECT_EQ(element(plain("fp32-fma"), {}, binary32, {0x80000000}, {code(1)}, c), 0x80000000U) << "no blocks";
}

/// D's element by loops: slices as lists of k, filled up with zeros to whole tiles, each summed by mma_dot, merged, scaled,
/// rounded.
class Walk {
  public:
    Walk(const MmaSpec& spec, const GemmPlan& plan, const Gemm& gemm)
        : spec_(spec),
          plan_(plan),
          gemm_(gemm),
          tiles_((gemm.a.columns + plan.tile_k - 1) / plan.tile_k),
          each_((tiles_ + plan.split_k - 1) / plan.split_k) {}

    std::uint64_t at(std::size_t i, std::size_t j) const {
        std::vector<std::uint64_t> sums;
        for (std::size_t s = 0; s < plan_.split_k; ++s) {
            const bool starts = gemm_.c && plan_.c == CPlace::Start && s == 0;
            sums.push_back(slice(s, i, j, starts ? gemm_.c->at(i, j) : 0));
        }
        const Format& f = spec_.accumulator.format;
        const std::uint64_t sum = merged(sums);
        if (plan_.c == CPlace::Start) return sum;
        const auto factor = [&](double x) { return convert(f, binary64, std::bit_cast<std::uint64_t>(x)).code; };
        const std::uint64_t c = compute(Operation::Mul, f, Operands{factor(plan_.beta), gemm_.c->at(i, j)}).code;
        return compute(Operation::Fma, f, Operands{factor(plan_.alpha), sum, c}).code;
    }

  private:
    /// The t-th tile of a slice; one beyond the last where the slice has no more.
    std::size_t tile(std::size_t s, std::size_t t) const {
        const std::size_t end = std::min((s + 1) * each_, tiles_), first = s * each_;
        switch (plan_.order) {
            case TileOrder::Ascending: return first + t;
            case TileOrder::Interleaved: return t * plan_.split_k + s;
            case TileOrder::Descending: return first + t < end ? end - 1 - t : tiles_;
        }
        return tiles_;
    }
    std::uint64_t slice(std::size_t s, std::size_t i, std::size_t j, std::uint64_t c) const {
        Codes a, b;
        for (std::size_t t = 0; t < each_; ++t)
            for (std::size_t k = 0; k < plan_.tile_k; ++k) {
                const std::size_t at = tile(s, t) * plan_.tile_k + k;
                const bool ends = at >= gemm_.a.columns;
                if (tile(s, t) >= tiles_) continue;
                a.push_back(ends ? 0 : gemm_.a.at(i, at));
                b.push_back(ends ? 0 : gemm_.b.at(at, j));
            }
        return mma_dot(spec_, a, b, c);
    }
    /// Of one, two or four.
    std::uint64_t merged(const std::vector<std::uint64_t>& s) const {
        const auto add = [&](std::uint64_t x, std::uint64_t y) {
            return compute(Operation::Add, spec_.accumulator.format, Operands{x, y}).code;
        };
        if (s.size() == 1) return s[0];
        if (s.size() == 2) return add(s[0], s[1]);
        return plan_.merge == Merge::Halves ? add(add(s[0], s[1]), add(s[2], s[3]))
                                            : add(add(add(s[0], s[1]), s[2]), s[3]);
    }

    const MmaSpec& spec_;
    const GemmPlan& plan_;
    const Gemm& gemm_;
    std::size_t tiles_, each_;
};

std::vector<GemmPlan> plans() {
    std::vector<GemmPlan> all;
    for (const std::size_t split : {1U, 2U, 4U})
        for (const TileOrder order : {TileOrder::Ascending, TileOrder::Interleaved, TileOrder::Descending})
            for (const Merge merge : {Merge::Forward, Merge::Halves}) {
                all.push_back({.tile_k = 16, .order = order, .split_k = split, .merge = merge});
                all.push_back(all.back());
                all.back().c = CPlace::Epilogue, all.back().alpha = 0.75, all.back().beta = -1.5;
            }
    return all;
}

void expect_walked(const MmaSpec& spec, const GemmPlan& plan, std::size_t k) {
    const Gemm gemm{random_matrix(binary16, 3, k, k), random_matrix(binary16, k, 4, k + 1),
                    random_matrix(spec.accumulator.format, 3, 4, k + 2)};
    const Matrix d = predict(spec, plan, gemm, 2);
    const Walk walk(spec, plan, gemm);
    for (std::size_t i = 0; i < 3; ++i)
        for (std::size_t j = 0; j < 4; ++j) ASSERT_EQ(d.at(i, j), walk.at(i, j)) << text_of(plan) << ", K " << k;
}

TEST(Predict, EqualsAWalkOverElements) {
    for (const MmaSpec* spec : {&a100(), find_mma("H100", "mma.sync", binary16, binary16)})
        for (const std::size_t k : {64U, 72U, 63U})
            for (const GemmPlan& plan : plans())
                if (fills_slices(*spec, plan, k)) expect_walked(*spec, plan, k);
}

TEST(Predict, RefusesWhatDoesNotFit) {
    const Matrix a = random_matrix(binary16, 2, 16, 1), b = random_matrix(binary16, 16, 3, 2);
    expect_refused(a100(), {}, {a, a}, "expected B with 16 rows, as A is 2 x 16, found 2 x 16");
    expect_refused(a100(), {}, {a, b, a}, "expected C of 2 x 3, found 2 x 16");
    expect_refused(a100(), {}, {a, random_matrix(bfloat16, 16, 3, 2)},
                   "expected operands of fp16 and fp16, as the unit takes, found fp16 and bf16");
    expect_refused(a100(), {.split_k = 3}, {a, b}, "expected a K with tiles of 8 for each of 3 slices, found 16");
    expect_refused(a100(), {.tile_k = 3, .split_k = 4}, {a, b},
                   "expected a K with tiles of 3 for each of 4 slices, found 16");  // 6 tiles: 2, 2, 2 and none
    expect_refused(a100(), {.split_k = 0}, {a, b}, "expected a K with tiles of 8 for each of 0 slices, found 16");
    expect_refused(a100(), {}, {{binary16, 2, 0, {}}, {binary16, 0, 3, {}}},
                   "expected a K with tiles of 8 for each of 1 slices, found 0");
    expect_refused(a100(), {.beta = 2}, {a, b, random_matrix(binary32, 2, 3, 4)},
                   "expected beta 1, as C starts the accumulator, found 2");
    expect_refused(a100(), {.output = s32}, {a, b}, "expected D of numbers, as sums are, found s32");
    expect_refused(plain("fp32-fma"), {}, {a, {s8, 16, 3, Codes(48)}},
                   "expected operands of numbers, as the unit takes, found fp16 and s8");
}

}  // namespace
}  // namespace halfulp
