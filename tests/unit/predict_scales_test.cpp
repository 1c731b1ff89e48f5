// Claim: predict takes each block of K with its scales, whatever the plan.
// Oracle: sums of powers of two, exact in every order. Shared: nothing.
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <vector>

#include <halfulp/lib/diagnose/predict.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/round_pack.hpp>

#include "support/gemm_data.hpp"
#include "support/predicted.hpp"

namespace halfulp {
namespace {

using test::code;
using test::expect_refused;
using test::plain;

using Codes = std::vector<std::uint64_t>;

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
