// Claim: NaN, infinity, overflow and zeros follow the published rules wherever along an instruction's k they stand.
// Oracle: the rules (MMA-Sim, KM, QT; Intel's SDM; Arm's pseudocode). Shared with the code: the rows of the table.
#include <gtest/gtest.h>

#include <set>

#include <halfulp/softfloat/convert.hpp>

#include "support/mma_cases.hpp"
#include "support/row_instructions.hpp"

namespace halfulp::test {
namespace {

std::uint64_t one(const Format& f) { return from_integer(f, 1).code; }

/// Ones, as many as the row's longest instruction has, and scales of one.
class Ones {
  public:
    explicit Ones(const MmaSpec& row) : row_(row) {
        const auto k = static_cast<std::size_t>(longest_k(row));
        ones_.a.assign(k, one(row.a.format));
        ones_.b.assign(k, one(row.b.format));
        ones_.c = one(out());
        if (!row.scaling) return;
        const std::size_t scales = k / static_cast<std::size_t>(row.scaling->block);
        ones_.a_scales = ones_.b_scales = Codes(scales, one(row.scaling->format));
    }

    std::size_t k() const { return ones_.a.size(); }
    const Format& out() const { return row_.accumulator.format; }

    /// What the unit makes of the ones, some of them changed.
    template <class Change>
    std::uint64_t with(const Change& change) const {
        Case x = ones_;
        change(x);
        return mma_dot(row_, x);
    }

    /// NaN: on NVIDIA the positive one of all ones.
    template <class Change>
    void expect_nan(const Change& change, std::size_t k) const {
        const std::uint64_t d = with(change);
        EXPECT_TRUE(out().is_nan(d)) << name_of(row_) << " k " << k;
        EXPECT_TRUE(row_.nan != NanPolicy::Cuda || d == out().magnitude_mask()) << name_of(row_) << " k " << k;
    }

  private:
    const MmaSpec& row_;
    Case ones_;
};

std::vector<const MmaSpec*> rows_of_numbers() {
    std::vector<const MmaSpec*> rows;
    for (const MmaSpec& row : mma_specs())
        if (!row.a.integer) rows.push_back(&row);
    return rows;
}

TEST(MmaSpecials, NaNAnywhereIsNaN) {
    for (const MmaSpec* row : rows_of_numbers()) {
        const Ones ones(*row);
        const Format &a = row->a.format, &b = row->b.format;
        ones.expect_nan([&](Case& x) { x.c = ones.out().nan_code(); }, 0);
        for (std::size_t k = 0; k < ones.k(); ++k) {
            if (a.has_nan()) ones.expect_nan([&](Case& x) { x.a[k] = a.nan_code(); }, k);
            if (b.has_nan()) ones.expect_nan([&](Case& x) { x.b[k] = b.nan_code(); }, k);
            if (b.has_nan()) ones.expect_nan([&](Case& x) { x.b[k] = b.nan_code(), x.c = ones.out().inf_code(); }, k);
        }
    }
}

TEST(MmaSpecials, InfinityWinsUnlessItMeetsItsOppositeOrZero) {
    for (const MmaSpec* row : rows_of_numbers()) {
        const Ones ones(*row);
        const std::uint64_t inf = ones.out().inf_code(), minus_inf = inf | ones.out().sign_bit();
        for (const std::uint64_t c : {inf, minus_inf})
            EXPECT_EQ(ones.with([&](Case& x) { x.c = c; }), c) << name_of(*row);
        for (const auto& [side, zeros, f] :
             {std::tuple(&Case::a, &Case::b, row->a.format), std::tuple(&Case::b, &Case::a, row->b.format)}) {
            if (!f.has_inf) continue;
            const std::uint64_t plus = f.inf_code(), minus = plus | f.sign_bit();
            const auto put = [side = side](Case& x, std::size_t k, std::uint64_t code) { (x.*side)[k] = code; };
            for (std::size_t k = 0; k < ones.k(); ++k) {
                EXPECT_EQ(ones.with([&](Case& x) { put(x, k, plus); }), inf) << name_of(*row) << " k " << k;
                EXPECT_EQ(ones.with([&](Case& x) { put(x, k, minus); }), minus_inf) << name_of(*row) << " k " << k;
                EXPECT_EQ(ones.with([&](Case& x) { put(x, k, minus), x.c = minus_inf; }), minus_inf) << name_of(*row);
                ones.expect_nan([&](Case& x) { put(x, k, plus), x.c = minus_inf; }, k);
                ones.expect_nan([&, z = zeros](Case& x) { put(x, k, plus), (x.*z)[k] = 0; }, k);
                for (std::size_t other = 0; other < ones.k(); ++other)
                    if (other != k) ones.expect_nan([&](Case& x) { put(x, k, plus), put(x, other, minus); }, k);
            }
        }
    }
}

// The largest products of one block cancel: none overflows itself. Of two blocks the first one's result is infinite.
TEST(MmaSpecials, ProductsDoNotOverflowBeforeTheirSum) {
    std::set<std::string> seen;
    for (const MmaSpec* row : rows_of_numbers()) {
        const Format &a = row->a.format, &b = row->b.format, &out = row->accumulator.format;
        const bool aligned = row->family == Family::AlignedSum && row->order == KOrder::Ascending && !row->scaling;
        if (!aligned || a.emax() + b.emax() <= out.emax()) continue;
        seen.insert(name_of(*row));
        const Ones ones(*row);
        const auto block = static_cast<std::size_t>(row->group);
        for (std::size_t k = 0; k < ones.k(); ++k)
            for (std::size_t other = k + 1; other < ones.k(); ++other) {
                const std::uint64_t d = ones.with([&](Case& x) {
                    x.a.assign(ones.k(), 0), x.c = 0;
                    x.a[k] = a.max_code(), x.a[other] = a.max_code() | a.sign_bit();
                    x.b[k] = x.b[other] = b.max_code();
                });
                EXPECT_EQ(d, k / block == other / block ? 0 : out.inf_code()) << name_of(*row) << k << " " << other;
            }
    }
    EXPECT_TRUE(seen.contains("A100 mma.sync wmma bf16->fp32") && seen.contains("V100 mma.sync wmma fp16->fp16"));
}

// -0 only if every product and c is -0 (MMA-Sim), and of AMD's sums, of AMX's chains and of emulated fp8, which start from
// +0, never.
TEST(MmaSpecials, ASumOfZerosIsNegativeOnlyIfAllOfThemAre) {
    for (const MmaSpec* row : rows_of_numbers()) {
        const Format &a = row->a.format, &out = row->accumulator.format;
        if (!a.has_negative_zero) continue;
        const Ones ones(*row);
        const auto zeros = [&](Case& x) { x.a.assign(ones.k(), a.sign_bit()), x.c = out.sign_bit(); };
        const bool never = row->zero_sign == ZeroSign::PositiveSum || row->family == Family::TwoChains ||
                           row->subnormals == Subnormals::FlushedPositive || row->order == KOrder::AlternatePairs;
        EXPECT_EQ(ones.with(zeros), never ? 0 : out.sign_bit()) << name_of(*row);
        EXPECT_EQ(ones.with([&](Case& x) { zeros(x), x.c = 0; }), 0U) << name_of(*row);
        for (std::size_t k = 0; k < ones.k(); ++k)
            EXPECT_EQ(ones.with([&](Case& x) { zeros(x), x.a[k] = 0; }), 0U) << name_of(*row) << " k " << k;
    }
}

}  // namespace
}  // namespace halfulp::test
