// Claim: predict multiplies integers and makes of their sums what the plan says.
// Oracle: cases worked out by hand; loops in this machine's integers and floats. Shared: nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>
#include <vector>

#include <halfulp/lib/diagnose/predict.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/name.hpp>

#include "support/gemm_data.hpp"
#include "support/predicted.hpp"

namespace halfulp {
namespace {

using test::code;
using test::expect_refused;
using test::random_matrix;

using Codes = std::vector<std::uint64_t>;

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

/// clamp(nearest(alpha * sum) + zero point), as ONNX has it.
/// How sums become codes.
struct Requantising {
    Rounding rounding;
    float (*whole)(float);  ///< the same rounding
    float alpha;
    IntegerType d;
    std::int32_t zero_point;

    std::int64_t of(std::int32_t sum) const {
        const float scaled = static_cast<float>(sum) * alpha;
        return std::clamp<std::int64_t>(static_cast<std::int64_t>(whole(scaled)) + zero_point, d == s8 ? -128 : 0,
                                        d == s8 ? 127 : 255);
    }
    bool is_end(std::int64_t code) const { return code == (d == s8 ? -128 : 0) || code == (d == s8 ? 127 : 255); }
};

/// C + A B of u8 by s8.
std::vector<std::int32_t> sums_of(const Gemm& gemm) {
    std::vector<std::int32_t> sums;
    for (std::size_t i = 0; i < gemm.a.rows; ++i)
        for (std::size_t j = 0; j < gemm.b.columns; ++j) {
            auto sum = static_cast<std::int32_t>(gemm.c->at(i, j));
            for (std::size_t k = 0; k < gemm.a.columns; ++k)
                sum += static_cast<std::int32_t>(gemm.a.at(i, k)) * static_cast<std::int8_t>(gemm.b.at(k, j));
            sums.push_back(sum);
        }
    return sums;
}

struct Seen {
    std::size_t clamped = 0, ties = 0;
};

void expect_requantised(const Gemm& gemm, const std::vector<std::int32_t>& sums, const Requantising& r, Seen& seen) {
    const GemmPlan plan{.alpha = r.alpha,
                        .accumulator = binary32,
                        .output = r.d,
                        .requantised = r.rounding,
                        .zero_point = r.zero_point};
    const Matrix got = predict(mma_unit("x86 VPDPBUSD u8*s8->s32"), plan, gemm);
    ASSERT_EQ(got.element, Element(r.d));
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const std::int64_t wanted = r.of(sums[i]);
        ASSERT_EQ(got.codes[i], static_cast<std::uint64_t>(wanted) & 0xff)
            << sums[i] << " * " << r.alpha << " by " << name_of(r.rounding);
        seen.clamped += r.is_end(wanted) ? 1U : 0U;
        seen.ties += std::fabs(std::remainder(static_cast<float>(sums[i]) * r.alpha, 1.0F)) == 0.5F ? 1U : 0U;
    }
}

TEST(Predict, RequantisesAsLoopsDo) {
    Gemm gemm{test::random_integers(u8, 9, 40, 1), test::random_integers(s8, 40, 11, 2),
              test::random_integers(IntegerType{14, true}, 9, 11, 3)};
    gemm.c->element = s32;
    for (std::uint64_t& c : gemm.c->codes) c = ((c ^ 0x2000) - 0x2000) & 0xffffffff;
    const std::vector<std::int32_t> sums = sums_of(gemm);
    const std::pair<Rounding, float (*)(float)> roundings[] = {{Rounding::NearestEven, std::nearbyint},
                                                               {Rounding::NearestAway, std::round},
                                                               {Rounding::TowardZero, std::trunc},
                                                               {Rounding::Down, std::floor}};
    Seen seen;
    for (const auto& [rounding, whole] : roundings)
        for (const float alpha : {0x1p-6F, 0.00123F, -0.0037F, 1e9F})
            for (const auto& [d, zero_point] : {std::pair{s8, -3}, std::pair{s8, 0}, std::pair{u8, 200}})
                expect_requantised(gemm, sums, {rounding, whole, alpha, d, zero_point}, seen);
    EXPECT_GT(seen.clamped, 1000U);
    EXPECT_GT(seen.ties, 0U);
}

TEST(Predict, RequantisesTiesByHand) {
    const auto tie = [](std::uint64_t x, const GemmPlan& plan) {
        GemmPlan halves = plan;
        halves.alpha = 0.5, halves.accumulator = binary32, halves.output = s8;
        return of_integers("T4 mma.sync s8->s32", halves, {x}, {1});
    };
    EXPECT_EQ(tie(5, {}), 2U) << "2.5";
    EXPECT_EQ(tie(5, {.zero_point = 1}), 3U) << "the zero point comes after the rounding";
    EXPECT_EQ(tie(5, {.requantised = Rounding::NearestAway}), 3U);
    EXPECT_EQ(tie(0xfb, {}), 0xfeU) << "-2.5";
    EXPECT_EQ(tie(0xfb, {.requantised = Rounding::Down}), 0xfdU);
    EXPECT_EQ(tie(127, {.zero_point = 100}), 127U) << "clamped at last";
}

TEST(Predict, RefusesIntegersThatDoNotFit) {
    const MmaSpec& unit = mma_unit("T4 mma.sync s8->s32");
    const Gemm bytes{{s8, 2, 16, Codes(32)}, {s8, 16, 3, Codes(48)}, random_matrix(binary32, 2, 3, 4)};
    expect_refused(unit, {}, bytes, "expected C of s32, as sums are, found fp32");
    expect_refused(unit, {.output = s8}, {bytes.a, bytes.b}, "expected D of s32, as sums are, found s8");
    const GemmPlan requantised{.accumulator = binary32, .output = s8, .zero_point = 128};
    expect_refused(unit, requantised, {bytes.a, bytes.b}, "expected a zero point of s8, found 128");
    expect_refused(unit, {.accumulator = binary32, .output = s32}, {bytes.a, bytes.b},
                   "expected D of numbers, as sums are, found s32");
    expect_refused(unit, {.alpha = 2}, {bytes.a, bytes.b},
                   "expected alpha 1 and beta 0 or 1, as sums are integers, found 2 and 1");
    expect_refused(unit, {.c = CPlace::Epilogue, .beta = 3}, {bytes.a, bytes.b},
                   "expected alpha 1 and beta 0 or 1, as sums are integers, found 1 and 3");
    expect_refused(unit, {}, {bytes.a, {u8, 16, 3, Codes(48)}},
                   "expected operands of s8 and s8, as the unit takes, found s8 and u8");
    expect_refused(unit, {}, {bytes.a, {s8, 16, 3, Codes(48, 0x100)}}, "B[0]: expected a code of 8 bits, found 0x100");
}

}  // namespace
}  // namespace halfulp
