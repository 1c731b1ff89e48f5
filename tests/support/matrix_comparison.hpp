#pragma once

#include <gtest/gtest.h>

#include <halfulp/lib/diagnose/hostile_matrices.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/classify.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <map>
#include <string>

#include "support/kernel_targets.hpp"

// Whole matrices beside mma_dot on each element.

namespace halfulp::test {

using Codes = std::vector<std::uint64_t>;

/// A row for each way to compute that the table has, and for some that it has not.
inline std::vector<MmaSpec> distinct_rows() {
    std::vector<MmaSpec> rows;
    const auto add = [&](const MmaSpec& spec) {
        const auto same = [&](MmaSpec other) {
            other.processor = spec.processor, other.instruction = spec.instruction, other.evidence = spec.evidence;
            return other == spec;
        };
        if (std::none_of(rows.begin(), rows.end(), same)) rows.push_back(spec);
    };
    for (const MmaSpec& spec : mma_specs()) add(spec);
    for (const char* name :
         {"H100 mma.sync fp16->fp16", "H100 mma.sync e5m2->fp16", "H100 mma.sync e5m2->fp32", "H100 wgmma bf16->fp32"})
        add(with_options(mma_unit(name), {.zero_sign = ZeroSign::PositiveZero}));
    MmaSpec nearest = mma_unit("H100 wgmma tf32->fp32"), coarse = mma_unit("H100 mma.sync e4m3->fp32");
    nearest.rounding = Rounding::NearestEven;
    coarse.order = KOrder::Ascending;
    coarse.fraction_bits = 6;  // shows by which exponents numbers align that are subnormal in e4m3 alone
    MmaSpec alternating = mma_unit("H100 mma.sync e5m2->fp16"), positive_sum = mma_unit("H100 mma.sync fp16->fp16");
    MmaSpec late_positive_sum = alternating;
    late_positive_sum.zero_sign = ZeroSign::PositiveSum;
    alternating.c_last = false;
    positive_sum.zero_sign = ZeroSign::PositiveSum;
    MmaSpec deep = mma_unit("H100 wgmma bf16->fp32"), groups = mma_unit("B200 tcgen05.mxf4nvf4.4X.ue4m3 e2m1->fp32");
    deep.fraction_bits = 40;
    groups.fraction_bits = 9, groups.rounding = Rounding::NearestEven, groups.zero_sign = ZeroSign::PositiveSum;
    MmaSpec short_blocks = mma_unit("B200 tcgen05.mxf8f6f4 e4m3->fp32");
    short_blocks.group = 8;
    for (const MmaSpec& spec :
         {nearest, coarse, alternating, positive_sum, late_positive_sum, deep, groups, short_blocks})
        add(spec);
    return rows;
}

inline Codes one_by_one(const MmaSpec& spec, const Hostile& x) {
    Codes d(x.c.size());
    Codes column;
    for (std::size_t i = 0; i < x.shape.m; ++i)
        for (std::size_t j = 0; j < x.shape.n; ++j) d[i * x.shape.n + j] = mma_dot(spec, x.operands(i, j, column));
    return d;
}

inline Codes multiplied(const MmaSpec& spec, const Hostile& x, unsigned threads = 1) {
    Codes d(x.c.size() + 1, 0xA5A5);
    mma_matrix(spec, x.shape, x.a, x.b, x.c, std::span(d).first(x.c.size()), threads, {x.a_scales, x.b_scales});
    EXPECT_EQ(d.back(), 0xA5A5U);
    d.pop_back();
    return d;
}

inline void expect_equal(const Codes& expected, const Codes& got, const std::string& what) {
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < expected.size(); ++i) {
        if (got[i] == expected[i] || ++wrong > 3) continue;
        ADD_FAILURE() << what << ", element " << i << std::hex << ": expected 0x" << expected[i] << ", got 0x"
                      << got[i];
    }
    EXPECT_EQ(wrong, 0U) << what << ", of " << expected.size();
}

/// A kind of matrix for a row, by every instruction set if it has a twin.
inline Codes expect_hostile(const MmaSpec& spec, const HostileKind& kind, const Hostile& x) {
    const Codes expected = one_by_one(spec, x);
    const std::string what = name_of(spec) + ", " + std::string(kind.name) + ", k = " + std::to_string(x.shape.k);
    if (has_twin(spec))
        on_every_target([&] { expect_equal(expected, multiplied(spec, x), what); });
    else
        expect_equal(expected, multiplied(spec, x), what);
    return expected;
}

/// How many results of aligned sums were of each kind: a comparison says nothing about results that never occurred.
class Seen {
  public:
    void count(const MmaSpec& spec, const Hostile& x, const Codes& d) {
        if (spec.family != Family::AlignedSum) return;
        MmaSpec exact = spec, away = spec;
        exact.fraction_bits = 90;
        away.rounding = Rounding::Up;
        const Codes uncut = one_by_one(exact, x), up = one_by_one(away, x);
        const bool finite = is_finite(spec.a, x.a) && is_finite(spec.b, x.b) && is_finite(spec.accumulator, x.c);
        const auto note = [this](std::string_view kind, bool is_so) { counts_[kind] += is_so ? 1U : 0U; };
        for (std::size_t i = 0; i < d.size(); ++i) {
            const Class kind = classify(spec.accumulator.format, d[i]);
            const bool infinite = kind == Class::NegativeInfinity || kind == Class::PositiveInfinity;
            note("NaN", kind == Class::QuietNaN);
            note("infinite", infinite);
            note("overflown", infinite && finite);
            note("+0", kind == Class::PositiveZero);
            note("-0", kind == Class::NegativeZero);
            note("subnormal", is_subnormal(spec.accumulator.format, d[i]));
            note("other if no bit of a product is cut off", uncut[i] != d[i]);
            note("other if rounded up", up[i] != d[i]);
        }
    }

    void expect_each(std::size_t many) const {
        for (const auto& [kind, count] : counts_) EXPECT_GE(count, many) << kind;
    }

  private:
    static bool is_finite(const Element& e, const Codes& codes) {
        return std::all_of(codes.begin(), codes.end(), [&](std::uint64_t code) {
            return (code & e.format.magnitude_mask()) <= e.format.max_code();
        });
    }

    std::map<std::string_view, std::size_t> counts_;
};

}  // namespace halfulp::test
