// Claim: on telling_matrices, rows that could be mistaken for another give another D: of every unit that mma.sync has, for
// every change of which some result can tell, but for those named here. They are few, and none is chosen in vain.
// Oracle: mma_dot, element by element. Shared: nothing but the rows and their changes.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <halfulp/lib/diagnose/telling_matrices.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

#include "support/matrix_comparison.hpp"

namespace halfulp::test {
namespace {

struct Case {
    const char* row;
    std::vector<std::string> untold;
};

/// A row, and the changes that the search leaves untold: binary32 operands align subnormal numbers by other exponents, but
/// no tile that it tries makes that a bit of binary16, or of a product of fp8.
const std::vector<Case> cases = {
    {"V100 mma.sync fp16->fp32", {}},
    {"T4 mma.sync fp16->fp32", {}},
    {"A100 mma.sync fp16->fp32", {}},
    {"A100 mma.sync bf16->fp32", {}},
    {"A100 mma.sync tf32->fp32", {}},
    {"A100 mma.sync fp64->fp64", {}},
    {"A100 mma.sync.satfinite s8->s32", {}},
    {"A100 mma.sync.satfinite u8->s32", {}},
    {"H100 mma.sync fp16->fp32", {}},
    {"H100 mma.sync fp16->fp16", {"multiplied fp32"}},
    {"RTX5090 mma.sync e4m3->fp32", {"multiplied fp32"}},
};

bool tells(const MmaSpec& row, const MmaSpec& changed, const std::vector<Hostile>& matrices) {
    return std::any_of(matrices.begin(), matrices.end(),
                       [&](const Hostile& x) { return one_by_one(row, x) != one_by_one(changed, x); });
}

TEST(TellingMatrices, TellEveryChangeButTheNamedOnes) {
    for (const Case& c : cases) {
        const MmaSpec& row = mma_unit(c.row);
        const std::vector<RowChange> changes = changes_of(row);
        const auto matrices = telling_matrices(row, changes, {16, 8, static_cast<std::size_t>(longest_k(row))}, 1);
        std::vector<std::string> untold;
        for (const RowChange& change : changes)
            if (change.moot.empty() && !tells(row, change.row, matrices))
                untold.push_back(change.field + ' ' + change.change);
        EXPECT_EQ(untold, c.untold) << c.row;
        EXPECT_LE(matrices.size(), 10U) << c.row;
        for (const Hostile& x : matrices)
            EXPECT_TRUE(std::any_of(changes.begin(), changes.end(), [&](const RowChange& change) {
                return tells(row, change.row, {x});
            })) << c.row;
    }
}

TEST(TellingMatrices, AreTheSameForTheSameSeed) {
    const MmaSpec& row = mma_unit("H100 mma.sync fp16->fp32");
    const auto of = [&](std::uint64_t seed) {
        std::vector<std::vector<std::uint64_t>> all;
        for (const Hostile& x : telling_matrices(row, changes_of(row), {16, 8, 16}, seed)) all.push_back(x.a);
        return all;
    };
    EXPECT_EQ(of(3), of(3));
    EXPECT_NE(of(3), of(4));
}

}  // namespace
}  // namespace halfulp::test
