// Claim: pairs of bytes that an instruction saturates are predicted, as many as there are, and foreseen where nobody looked.
// Oracle: cases by hand, x86's instruction itself, and all combinations of bytes. Shared: nothing.
#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <numeric>

#include <halfulp/lib/plan/pair_sums.hpp>
#include <halfulp/lib/plan/prediction.hpp>
#include <halfulp/lib/plan/run.hpp>
#include <halfulp/softfloat/random.hpp>

#include "support/plan_problems.hpp"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace halfulp::plan {
namespace {

TEST(Saturation, IsPredictedAndCounted) {
    // (127 + 128) (127 + 127) and (-127 + 128) (127 + 127); the last pair is a single product.
    const Problem p = of_bytes(Kind::Gemm, {127, 127, -127, -127, 127}, {127, 127, 127, 127, 127});
    const Prediction one = predicted_everywhere(p, saturating_policy());
    EXPECT_EQ(one.saturated, 1U);
    EXPECT_TRUE(one.is_forbidden());
    const double lost = 255 * 254 - 32767;
    EXPECT_EQ(computed(p, saturating_policy(), 1)[0], 127.0 * 127 - lost);
    EXPECT_NEAR(one.expected, lost, 1);
    EXPECT_GE(one.bound, lost);
    EXPECT_LE(one.bound, lost + 1);
    const Problem many = made(Kind::Gemm, 40, workload::Data::Uniform);
    const Prediction all = predicted_everywhere(many, saturating_policy());
    const std::vector<std::size_t> counts = saturated_pairs(many);
    EXPECT_EQ(all.saturated, std::accumulate(counts.begin(), counts.end(), std::size_t{0}));
    EXPECT_GT(all.saturated, 1000U);
    EXPECT_EQ(saturated_pairs(p), std::vector<std::size_t>{1});
}

TEST(Saturation, IsForeseenInWhatIsNotLookedAt) {
    std::vector<float> a(2 * 64, 1), b(2, 127);
    a[0] = a[1] = 127;  // one row of 64
    const Problem p = problem(Kind::Gemv, a, b, 64, 1);
    const std::vector<std::size_t> places = {7};
    EXPECT_TRUE(predicted(p, saturating_policy(), places).raised(Flag::IntegerSaturation));
    EXPECT_EQ(predicted(p, saturating_policy(), places).saturated, 0U);
    a[1] = 1;  // 255 * 64 and 129 * 127 are together 32703
    EXPECT_FALSE(predicted(problem(Kind::Gemv, a, {64, 127}, 64, 1), saturating_policy(), places)
                     .raised(Flag::IntegerSaturation));
}

#if defined(__x86_64__)
/// The sum of the eight sums of pairs that the instruction makes of 16 bytes, those of a raised by 128.
__attribute__((target("ssse3"))) std::int64_t maddubs(const std::int8_t* a, const std::int8_t* b) {
    const auto load = [](const std::int8_t* x) { return _mm_loadu_si128(reinterpret_cast<const __m128i*>(x)); };
    const __m128i raised = _mm_xor_si128(load(a), _mm_set1_epi8(INT8_MIN));
    std::array<std::int16_t, 8> pairs{};
    _mm_storeu_si128(reinterpret_cast<__m128i*>(pairs.data()), _mm_maddubs_epi16(raised, load(b)));
    return std::accumulate(pairs.begin(), pairs.end(), std::int64_t{0});
}

TEST(Saturation, IsThatOfTheInstruction) {
    std::vector<std::int8_t> a, b;
    for (std::uint64_t i = 0; i < 4096; ++i) {
        a.push_back(static_cast<std::int8_t>(random_bits(1, i)));
        b.push_back(static_cast<std::int8_t>(random_bits(2, i)));
    }
    const PairSum sum = pair_sum({1, 1, a.size(), a, b}, 0, 0);
    std::int64_t by_instruction = 0, exact = 0;
    for (std::size_t i = 0; i < a.size(); i += 16) by_instruction += maddubs(&a[i], &b[i]);
    for (std::size_t i = 0; i < a.size(); ++i) {
        by_instruction -= 128 * b[i];
        exact += a[i] * b[i];
    }
    EXPECT_EQ(sum.sum, by_instruction);
    EXPECT_EQ(sum.sum + sum.lost, exact);
    EXPECT_GT(sum.saturated, 50U);
}
#endif

TEST(Saturation, CanBeExactlyWhereSomeRowOfTheRangesDoes) {
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
        std::vector<std::int8_t> a, b;
        const auto draw = [&](std::uint64_t i) {
            const auto range = static_cast<int>(seed % 120) + 8;
            return static_cast<std::int8_t>(
                static_cast<int>(random_bits(seed, i) % static_cast<std::uint64_t>(2 * range)) - range);
        };
        for (std::uint64_t i = 0; i < 8; ++i) a.push_back(draw(i));        // 4 x 2
        for (std::uint64_t i = 0; i < 6; ++i) b.push_back(draw(100 + i));  // 2 x 3
        const ByteMatrices x{4, 3, 2, a, b};
        bool any = false;  // of all combinations of the bytes of both columns of A
        for (std::size_t i = 0; i < 4; ++i)
            for (std::size_t j = 0; j < 4; ++j)
                for (std::size_t column = 0; column < 3; ++column) {
                    const int pair = (a[2 * i] + 128) * b[column] + (a[2 * j + 1] + 128) * b[3 + column];
                    any = any || pair > INT16_MAX || pair < INT16_MIN;
                }
        EXPECT_EQ(may_saturate(x), any) << seed;
    }
}

}  // namespace
}  // namespace halfulp::plan
