// Claim: mma_matrix delivers what mma_dot says of each element, of every row of the table, by every instruction set of
// this CPU, with any shape and number of threads, on matrices of numbers and of everything else; bad input is refused.
// Oracle: mma_dot, which is held to recorded hardware elsewhere. Shared: the rows, and mma_dot where a row has no twin.

#include <halfulp/lib/matrix_unit/mma_matrix.hpp>

#include <gtest/gtest.h>

#include <atomic>
#include <cfenv>
#include <chrono>
#include <new>
#include <thread>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/twin/threads.hpp>

#include "support/matrix_comparison.hpp"

namespace halfulp::test {
namespace {

/// Every kind of matrix, in turns with k below, at and beyond the steps of a row, and columns beyond a panel.
TEST(MmaMatrix, IsMmaDotOfEachElement) {
    Seen seen;
    std::size_t turn = 0;
    for (const MmaSpec& spec : distinct_rows()) {
        const auto step = static_cast<std::size_t>(step_of(spec));
        const std::array ks{3 * step + 3, step, std::size_t{1}, step + 1, 2 * step - 1};
        for (const HostileKind& kind : hostile_kinds) {
            const Hostile x(spec, kind, {3, 37, ks[turn % ks.size()]}, turn);
            seen.count(spec, x, expect_hostile(spec, kind, x));
            ++turn;
        }
    }
    seen.expect_each(1000);
}

TEST(MmaMatrix, TakesEveryShapeAndManyThreads) {
    for (const char* name : {"H100 wgmma fp16->fp32", "H100 mma.sync e4m3->fp16", "A100 mma.sync fp64->fp64",
                             "A100 mma.sync s8*u8->s32", "A100 mma.sync.satfinite s8*u8->s32"}) {
        const MmaSpec& spec = mma_unit(name);
        for (const MatrixShape& shape :
             {MatrixShape{0, 3, 4}, MatrixShape{3, 0, 4}, MatrixShape{3, 4, 0}, MatrixShape{0, 0, std::size_t{1} << 60},
              MatrixShape{1, 1, 1}, MatrixShape{67, 33, 19}, MatrixShape{130, 65, 40}}) {
            const Hostile x(spec, hostile_kinds[3], shape, 7);
            const Codes expected = one_by_one(spec, x);
            for (const unsigned threads : {0U, 1U, 3U, 50U})
                expect_equal(expected, multiplied(spec, x, threads),
                             name_of(spec) + ", m = " + std::to_string(shape.m));
        }
    }
}

/// In the calling thread or in another: `share` ends, with that exception, whatever the other threads do.
TEST(MmaMatrix, WhatAThreadThrowsReachesTheCaller) {
    for (const unsigned threads : {1U, 2U, 8U}) {
        std::atomic<std::size_t> done = 0;
        const auto fails_at = [&](std::size_t bad) {
            return [&done, bad](std::size_t i) {
                if (i == bad) throw std::bad_alloc();
                ++done;
            };
        };
        for (const std::size_t bad : {0U, 5U, 99U})
            EXPECT_THROW(twin::share(100, threads, fails_at(bad)), std::bad_alloc);
        done = 0;
        EXPECT_NO_THROW(twin::share(100, threads, fails_at(100)));
        EXPECT_EQ(done, 100U);
        EXPECT_THROW(twin::share(100, threads, [](std::size_t) { throw InputError("all"); }), InputError);
    }
    std::atomic<std::size_t> begun = 0;
    const auto fails_first = [&](std::size_t i) {
        if (i == 0) throw std::bad_alloc();
        ++begun;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    };
    EXPECT_THROW(twin::share(2000, 2, fails_first), std::bad_alloc);
    EXPECT_LT(begun, 1999U) << "little is begun after a failure";
}

TEST(MmaMatrix, MayReplaceC) {
    for (const char* name : {"H100 wgmma bf16->fp32", "A100 mma.sync fp64->fp64", "A100 mma.sync s8*u8->s32"}) {
        const MmaSpec& spec = mma_unit(name);
        const Hostile x(spec, hostile_kinds[3], {70, 40, 33}, 5);
        Codes d = x.c;
        mma_matrix(spec, x.shape, x.a, x.b, d, d, 3);
        expect_equal(one_by_one(spec, x), d, name_of(spec));
    }
}

/// Wherever in a step of two blocks the opposite infinity stands.
TEST(MmaMatrix, OppositeInfinitiesMeet) {
    MmaSpec spec = mma_unit("H100 mma.sync e5m2->fp16");
    spec.c_last = false;
    ASSERT_TRUE(has_twin(spec));
    const std::uint64_t one = 0x3C, minus_infinity = 0xFC;
    for (std::size_t k = 0; k < 32; ++k) {
        const Codes a(32, one), c = {0x7C00};
        Codes b(32, one), d(1);
        mma_matrix(spec, {1, 1, 32}, a, b, c, d);
        EXPECT_EQ(d, c);
        b[k] = minus_infinity;
        mma_matrix(spec, {1, 1, 32}, a, b, c, d);
        EXPECT_EQ(d, Codes{0x7FFF}) << k;
    }
}

/// A product of bytes, k times, on either side of what 32 bits hold.
struct Limit {
    const char *saturating, *wrapping;
    std::uint64_t a, b;
    std::int64_t product, limit, outwards;
};

TEST(MmaMatrix, SaturatesAtTheLimitOnly) {
    const auto code = [](std::int64_t x) -> std::uint64_t { return static_cast<std::uint32_t>(x); };
    for (const Limit& x :
         {Limit{"T4 mma.sync.satfinite u8->s32", "T4 mma.sync u8->s32", 255, 255, 65025, 2147483647, 1},
          Limit{"T4 mma.sync.satfinite s8->s32", "T4 mma.sync s8->s32", 128, 127, -16256, -2147483648, -1}})
        for (const std::size_t k : {std::size_t{4}, std::size_t{100}, std::size_t{30000}}) {
            const std::int64_t most = x.limit - static_cast<std::int64_t>(k) * x.product;
            const Codes a(k, x.a), b(2 * k, x.b), c = {code(most), code(most + x.outwards)};
            Codes d(2);
            mma_matrix(mma_unit(x.saturating), {1, 2, k}, a, b, c, d);
            EXPECT_EQ(d, (Codes{code(x.limit), code(x.limit)})) << k;
            mma_matrix(mma_unit(x.wrapping), {1, 2, k}, a, b, c, d);
            EXPECT_EQ(d, (Codes{code(x.limit), code(x.limit + x.outwards)})) << k;
        }
}

/// Rounding Up and flags raised, as a caller may have left them.
TEST(MmaMatrix, LeavesTheCallersEnvironmentAlone) {
    const MmaSpec spec = mma_unit("H100 mma.sync fp16->fp16");
    const Hostile x(spec, hostile_kinds[0], {3, 40, 33}, 5);
    const Codes expected = one_by_one(spec, x);
    std::fenv_t saved;
    std::fegetenv(&saved);
    std::fesetround(FE_UPWARD);
    std::feclearexcept(FE_ALL_EXCEPT);
    const Codes got = multiplied(spec, x);
    const int rounding = std::fegetround(), raised = std::fetestexcept(FE_ALL_EXCEPT);
    std::fesetenv(&saved);
    expect_equal(expected, got, "rounding up");
    EXPECT_EQ(rounding, FE_UPWARD);
    EXPECT_EQ(raised, 0);
}

/// Every row that aligns has one; rows that the rules of the twins do not cover have none.
TEST(MmaMatrix, TellsWhichRowsAreFast) {
    for (const MmaSpec& spec : mma_specs())
        EXPECT_EQ(has_twin(spec), spec.family == Family::AlignedSum || spec.family == Family::ScaledGroups ||
                                      (spec.family == Family::Integers && spec.accumulator == Element(s32)))
            << name_of(spec);
    const MmaSpec h100 = mma_unit("H100 wgmma fp16->fp32");
    for (const auto& change : std::initializer_list<void (*)(MmaSpec&)>{
             [](MmaSpec& s) { s.fraction_bits = 41; }, [](MmaSpec& s) { s.group = 33; },
             [](MmaSpec& s) { s.rounding = Rounding::Down; }, [](MmaSpec& s) { s.a = binary32; },
             [](MmaSpec& s) { s.b = ieee(16, 13); }, [](MmaSpec& s) { s.accumulator = binary64; },
             [](MmaSpec& s) { s.subnormals = Subnormals::Flushed; }, [](MmaSpec& s) { s.multiplied = e4m3fn; },
             [](MmaSpec& s) { s.accumulator = s.kept = binary16; },
             [](MmaSpec& s) { s.order = KOrder::AlternatePairs, s.fraction_bits = 22; }}) {
        MmaSpec spec = h100;
        change(spec);
        EXPECT_FALSE(has_twin(spec));
    }
    const auto expect_slow = [](const char* name, void (*change)(MmaSpec&)) {
        MmaSpec spec = mma_unit(name);
        change(spec);
        EXPECT_FALSE(has_twin(spec));
    };
    const char *mxfp8 = "B200 tcgen05.mxf8f6f4 e4m3->fp32", *nvfp4 = "B200 tcgen05.mxf4nvf4.4X.ue4m3 e2m1->fp32";
    expect_slow(mxfp8, [](MmaSpec& s) { s.scaling->format = ue4m3; });
    expect_slow(mxfp8, [](MmaSpec& s) { s.scaling->block = 16; });
    expect_slow(mxfp8, [](MmaSpec& s) { s.order = KOrder::OddFirst, s.group = 16; });
    expect_slow(mxfp8, [](MmaSpec& s) { s.a = bfloat16; });
    expect_slow(mxfp8, [](MmaSpec& s) { s.b = bfloat16; });
    expect_slow(nvfp4, [](MmaSpec& s) { s.scaling->block = 8; });
    expect_slow(nvfp4, [](MmaSpec& s) { s.scaling.reset(); });
    expect_slow(nvfp4, [](MmaSpec& s) { s.a = e4m3fn; });
    expect_slow(nvfp4, [](MmaSpec& s) { s.group = 40; });
    MmaSpec bytes = mma_unit("T4 mma.sync s8->s32");
    bytes.group = 6;
    EXPECT_FALSE(has_twin(bytes));
}

TEST(MmaMatrix, RefusesBadInput) {
    const MmaSpec spec = mma_unit("H100 wgmma fp16->fp32");
    const Codes six(6), four(4), wide = {0, 0, 0, 0, 0, 0x10000};
    Codes d(4, 7);
    const auto message = [&](const Codes& a, const Codes& b, const Codes& c, std::size_t k) -> std::string {
        try {
            mma_matrix(spec, {2, 2, k}, a, b, c, d);
        } catch (const InputError& error) {
            return error.what();
        }
        return "none";
    };
    EXPECT_EQ(message(four, six, four, 3), "A: expected 2 x 3 elements, found 4");
    EXPECT_EQ(message(six, four, four, 3), "B: expected 3 x 2 elements, found 4");
    EXPECT_EQ(message(six, six, six, 3), "C: expected 2 x 2 elements, found 6");
    EXPECT_EQ(message(six, six, four, std::size_t{1} << 63), "A: expected 2 x 9223372036854775808 elements, found 6");
    EXPECT_EQ(message({}, {}, four, std::size_t{1} << 63), "A: expected 2 x 9223372036854775808 elements, found 0");
    EXPECT_EQ(message(six, wide, four, 3), "B[5]: expected a code of 16 bits, found 0x10000");
    EXPECT_EQ(message(wide, six, four, 3), "A[5]: expected a code of 16 bits, found 0x10000");
    EXPECT_EQ(message(six, six, {0, 1ULL << 32, 0, 0}, 3), "C[1]: expected a code of 32 bits, found 0x100000000");
    EXPECT_THROW(mma_matrix(spec, {2, 2, 3}, six, six, four, std::span(d).first(3)), InputError);
    MmaSpec scaled = spec;
    scaled.scaling = Scaling{e8m0, 2};
    const auto of_scales = [&](const Codes& a_scales, const Codes& b_scales) -> std::string {
        try {
            mma_matrix(scaled, {2, 2, 3}, six, six, four, d, 1, {a_scales, b_scales});
        } catch (const InputError& error) {
            return error.what();
        }
        return "none";
    };
    EXPECT_EQ(of_scales({}, four), "A's scales: expected 2 x 2 elements, found 0");
    EXPECT_EQ(of_scales(four, six), "B's scales: expected 2 x 2 elements, found 6");
    EXPECT_EQ(of_scales(four, {0, 0, 0, 256}), "B's scales[3]: expected a code of 8 bits, found 0x100");
    EXPECT_EQ(of_scales({256, 0, 0, 0}, four), "A's scales[0]: expected a code of 8 bits, found 0x100");
    EXPECT_THROW(mma_matrix(spec, {2, 2, 3}, six, six, four, d, 1, {four, four}), InputError) << "no scales here";
    EXPECT_EQ(d, Codes(4, 7));
}

}  // namespace
}  // namespace halfulp::test
