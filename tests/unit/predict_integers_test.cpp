// Claim: predict multiplies integers and makes of their sums what the plan says.
// Oracle: cases worked out by hand. Shared: nothing.
#include <gtest/gtest.h>

#include <string_view>
#include <vector>

#include <halfulp/lib/diagnose/predict.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

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

}  // namespace
}  // namespace halfulp
