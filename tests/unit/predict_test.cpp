// Claim: predict gives what the plan says: tiles, slices, their order and merge, C, the epilogue, one rounding to D.
// Oracle: cases worked out by hand; a walk over single elements by loops; textbook loops in this machine's arithmetic.
// Shared: mma_dot and softfloat's operations, which have tests of their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <halfulp/lib/diagnose/predict.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/dot.hpp>

#include "support/gemm_data.hpp"

namespace halfulp {
namespace {

using test::random_matrix;
using Codes = std::vector<std::uint64_t>;

const MmaSpec& a100() { return *find_mma("A100", "mma.sync", binary16, binary32); }

const PlainSum& plain(std::string_view name) {
    for (const PlainSum& sum : plain_sums)
        if (sum.name == name) return sum;
    throw std::logic_error(std::string(name));
}

std::uint64_t code(float x) { return std::bit_cast<std::uint32_t>(x); }

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

/// D's element by loops: slices as lists of k, filled up with zeros to whole tiles, each summed by mma_dot, merged, scaled, rounded.
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

/// A row and a column as floats, and their plain sums by loops.
struct Loops {
    std::vector<float> a, b;

    float lanes(std::size_t count, bool fused) const {
        std::vector<float> sums(count, 0);
        for (std::size_t k = 0; k < a.size(); ++k) {
            float& sum = sums[k % count];
            sum = fused ? std::fma(a[k], b[k], sum) : sum + a[k] * b[k];
        }
        for (std::size_t half = count / 2; half > 0; half /= 2) {
            std::vector<float> next;
            for (std::size_t i = 0; i < half; ++i) next.push_back(sums[2 * i] + sums[2 * i + 1]);
            sums = next;
        }
        return sums[0];
    }
    float pairwise(std::size_t first, std::size_t count) const {
        if (count == 1) return a[first] * b[first];
        const std::size_t half = (count + 1) / 2;
        return pairwise(first, half) + pairwise(first + half, count - half);
    }
    float kahan() const {
        float sum = 0, excess = 0;
        for (std::size_t k = 0; k < a.size(); ++k) {
            const float wanted = a[k] * b[k] - excess, next = sum + wanted;
            excess = (next - sum) - wanted;
            sum = next;
        }
        return sum;
    }
    float in_double() const {
        double sum = 0;
        for (std::size_t k = 0; k < a.size(); ++k) sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
        return static_cast<float>(sum);
    }
};

TEST(Predict, PlainSumsAreTextbookLoops) {
    const std::size_t k = 77;
    for (const Format& f : {binary32, binary16, bfloat16}) {
        const Matrix a = random_matrix(f, 1, k, 5, 4), b = random_matrix(f, k, 1, 6, 4);
        Loops loops;
        for (std::size_t i = 0; i < k; ++i) {
            loops.a.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(convert(binary32, f, a.codes[i]).code)));
            loops.b.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(convert(binary32, f, b.codes[i]).code)));
        }
        std::map<std::string, std::uint64_t> expected = {
            {"fp32-pairwise", code(loops.pairwise(0, k))},
            {"fp32-kahan", code(loops.kahan())},
            {"fp64-fma", code(loops.in_double())},
            {"correctly-rounded", dot(binary32, {f, a.codes}, {f, b.codes}).code},
        };
        for (const std::size_t lanes : {1U, 4U, 8U, 16U})
            for (const bool fused : {true, false}) {
                const std::string name = fused ? "fp32-fma" : "fp32-mul-add";
                expected[lanes == 1 ? name : name + "-" + std::to_string(lanes) + "-lanes"] =
                    code(loops.lanes(lanes, fused));
            }
        for (const auto& [name, d] : expected)
            EXPECT_EQ(predict(plain(name), {.output = binary32}, {a, b}).codes[0], d) << name << ' ' << name_of(f);
        EXPECT_EQ(expected.size() + 2, plain_sums.size()) << "fp16 is below";
    }
    std::uint64_t fused = 0, rounded = 0;
    const Matrix a = random_matrix(binary16, 1, k, 5), b = random_matrix(binary16, k, 1, 6);
    for (std::size_t i = 0; i < k; ++i) {
        fused = compute(Operation::Fma, binary16, Operands{a.codes[i], b.codes[i], fused}).code;
        const std::uint64_t product = compute(Operation::Mul, binary16, Operands{a.codes[i], b.codes[i]}).code;
        rounded = compute(Operation::Add, binary16, Operands{rounded, product}).code;
    }
    EXPECT_EQ(predict(plain("fp16-fma"), {}, {a, b}).codes[0], fused);
    EXPECT_EQ(predict(plain("fp16-mul-add"), {}, {a, b}).codes[0], rounded);
}

/// The one element of integers.
std::uint64_t of_integers(std::string_view unit, const GemmPlan& plan, const Codes& a, const Codes& b,
                          const std::optional<Matrix>& c = {}) {
    return predict(mma_unit(unit), plan, {{s8, 1, a.size(), a}, {s8, b.size(), 1, b}, c}).codes[0];
}

TEST(Predict, IntegersByHand) {
    const Codes a(32, 0x7f), b(32, 0x7f);  // 32 * 127 * 127 = 516128
    const Matrix most{s32, 1, 1, {0x7fffffff}};
    const char *wraps = "T4 mma.sync s8->s32", *saturates = "T4 mma.sync.satfinite s8->s32";
    EXPECT_EQ(of_integers(wraps, {}, a, b), 516128U);
    EXPECT_EQ(of_integers(wraps, {}, a, Codes(32, 0x80)), static_cast<std::uint32_t>(-32 * 127 * 128));
    EXPECT_EQ(of_integers(wraps, {}, a, b, most), 0x80000000U + 516127);
    EXPECT_EQ(of_integers(saturates, {}, a, b, most), 0x7fffffffU);
    EXPECT_EQ(of_integers(saturates, {.split_k = 2}, a, b, most), 0x80000000U + 516128 / 2 - 1) << "merges wrap";
    EXPECT_EQ(of_integers(saturates, {.c = CPlace::Epilogue}, a, b, most), 0x80000000U + 516127) << "so does C";
    EXPECT_EQ(of_integers(saturates, {.c = CPlace::Epilogue, .beta = 0}, a, b, most), 516128U);
    const Codes x = {1, 3}, y = {1, 1};
    EXPECT_EQ(of_integers(wraps, {.alpha = 0.5, .accumulator = binary32}, x, y), code(2));
    EXPECT_EQ(of_integers(wraps, {.output = bfloat16}, x, y), 0x4080U);
    const Matrix odd{s32, 1, 1, {(1U << 24) - 3}};
    EXPECT_EQ(of_integers(wraps, {.output = binary32}, x, y, odd), code(0x1p24F)) << "2^24 + 1";
    EXPECT_EQ(of_integers(wraps, {.c = CPlace::Epilogue, .alpha = 2, .accumulator = binary32}, x, y,
                          Matrix{binary32, 1, 1, {code(0.5)}}),
              code(8.5));
}

/// Ones in e2m1, and scales 1, 2, 4, ... for A, 1 for B: sums of powers of two times the length of a block.
Gemm ones_with_scales(const Format& scale, std::size_t k, std::size_t block) {
    Gemm gemm{{e2m1, 1, k, Codes(k, 2)}, {e2m1, k, 1, Codes(k, 2)}};
    const std::size_t blocks = (k + block - 1) / block;
    const auto one = [&](unsigned shift) { return round_pack(scale, exact(1U << shift)).code; };
    gemm.a_scales = Matrix{scale, 1, blocks, {}};
    gemm.b_scales = Matrix{scale, blocks, 1, Codes(blocks, one(0))};
    for (unsigned i = 0; i < blocks; ++i) gemm.a_scales->codes.push_back(one(i % 8));
    return gemm;
}

void expect_sum(const MmaSpec& spec, const Gemm& gemm, std::size_t k, double sum) {
    for (const std::size_t split : {1U, 2U, 4U})
        for (const TileOrder order : {TileOrder::Ascending, TileOrder::Interleaved, TileOrder::Descending}) {
            const GemmPlan plan{.tile_k = split == 4 ? 64U : 0U, .order = order, .split_k = split};
            if (!fills_slices(spec, plan, k)) continue;
            EXPECT_EQ(predict(spec, plan, gemm).codes[0], code(static_cast<float>(sum)))
                << name_of(spec) << ", K " << k << ' ' << text_of(plan);
        }
}

// All sums are exact, so that every plan gives them; an element that meets another block's scale shows.
TEST(Predict, ScalesStayWithTheirBlocks) {
    for (const char* name : {"RTX5090 mma.sync.mxf4 e2m1->fp32", "B200 tcgen05.mxf4nvf4.4X.ue8m0 e2m1->fp32",
                             "RTX5090 mma.sync.mxf4nvf4.4X.ue4m3 e2m1->fp32", "B200 tcgen05.mxf8f6f4 e2m1->fp32"})
        for (const std::size_t k : {256U, 250U, 130U, 20U, 5U}) {
            const MmaSpec& spec = mma_unit(name);
            const auto block = static_cast<std::size_t>(spec.scaling->block);
            const Gemm gemm = ones_with_scales(spec.scaling->format, k, block);
            double sum = 0;
            for (std::size_t i = 0; i < k; ++i) sum += std::ldexp(1, static_cast<int>(i / block % 8));
            expect_sum(spec, gemm, k, sum);
            for (const char* plain_name : {"fp32-fma", "fp64-fma", "correctly-rounded"})
                EXPECT_EQ(predict(plain(plain_name), {.output = binary32}, gemm).codes[0],
                          code(static_cast<float>(sum)))
                    << plain_name << ", K " << k;
        }
}

TEST(Predict, ANaNScaleGivesNaN) {
    const MmaSpec& spec = mma_unit("RTX5090 mma.sync.mxf4 e2m1->fp32");
    Gemm gemm = ones_with_scales(e8m0, 128, 32);
    gemm.b_scales->codes[3] = 0xff;
    EXPECT_EQ(predict(spec, {}, gemm).codes[0], 0x7fffffffU);
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

void expect_refused(const Unit& unit, const GemmPlan& plan, const Gemm& gemm, const std::string& message) {
    try {
        predict(unit, plan, gemm);
        FAIL() << message;
    } catch (const InputError& error) {
        EXPECT_EQ(error.what(), message);
    }
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

TEST(Predict, RefusesIntegersThatDoNotFit) {
    const MmaSpec& unit = mma_unit("T4 mma.sync s8->s32");
    const Gemm bytes{{s8, 2, 16, Codes(32)}, {s8, 16, 3, Codes(48)}, random_matrix(binary32, 2, 3, 4)};
    expect_refused(unit, {}, bytes, "expected C of s32, as sums are, found fp32");
    expect_refused(unit, {.output = s8}, {bytes.a, bytes.b}, "expected D of s32, as sums are, found s8");
    expect_refused(unit, {.alpha = 2}, {bytes.a, bytes.b},
                   "expected alpha 1 and beta 0 or 1, as sums are integers, found 2 and 1");
    expect_refused(unit, {.c = CPlace::Epilogue, .beta = 3}, {bytes.a, bytes.b},
                   "expected alpha 1 and beta 0 or 1, as sums are integers, found 1 and 3");
    expect_refused(unit, {}, {bytes.a, {u8, 16, 3, Codes(48)}},
                   "expected operands of s8 and s8, as the unit takes, found s8 and u8");
    expect_refused(unit, {}, {bytes.a, {s8, 16, 3, Codes(48, 0x100)}}, "B[0]: expected a code of 8 bits, found 0x100");
}

TEST(Predict, RefusesScalesThatDoNotFit) {
    const MmaSpec& unit = mma_unit("RTX5090 mma.sync.mxf4 e2m1->fp32");
    const Gemm gemm = ones_with_scales(e8m0, 64, 32);
    const auto changed = [&](auto change) {
        Gemm other = gemm;
        change(other);
        return other;
    };
    const std::string taken = "expected operands of e2m1 and e2m1, a ue8m0 for 32 of them, as the unit takes, found ";
    expect_refused(unit, {.tile_k = 48}, gemm,
                   "expected tiles of whole blocks of 32, as scales are for, found tiles of 48");
    expect_refused(unit, {}, changed([](Gemm& g) { g.b_scales.reset(); }),
                   "expected scales of both A and B, or none, found those of one");
    expect_refused(unit, {}, changed([](Gemm& g) { g.a_scales->element = ue4m3; }),
                   "expected scales of one format for A and B of numbers, found others");
    expect_refused(unit, {}, changed([](Gemm& g) { g.a_scales->rows = 2, g.a_scales->codes.resize(4); }),
                   "expected scales of 1 x blocks and blocks x 1, found 2 x 2 and 2 x 1");
    expect_refused(unit, {}, ones_with_scales(e8m0, 64, 22),
                   "expected a scale for every 2^i elements of 64, found 3 scales");
    expect_refused(unit, {}, changed([](Gemm& g) { g.a_scales.reset(), g.b_scales.reset(); }), taken + "e2m1 and e2m1");
    expect_refused(unit, {}, ones_with_scales(ue4m3, 64, 16), taken + "e2m1 and e2m1, a ue4m3 for 16 of them");
    expect_refused(unit, {}, changed([](Gemm& g) { g.a_scales->codes[1] = 0x100; }),
                   "A's scales[1]: expected a code of 8 bits, found 0x100");
}

}  // namespace
}  // namespace halfulp
