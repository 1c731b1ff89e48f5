// Claim: on telling_matrices, rows that could be mistaken for another give another D: for every matrix instruction that a kernel
// probes, on every GPU that has it, and for every change of which some result can tell. They are few, and none is chosen in
// vain.
// Oracle: mma_dot, element by element. Shared: nothing but the rows and their changes. That a change of which no result can
// tell changes nothing is evidence_test's claim.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <halfulp/gpu/kernel/table.hpp>
#include <halfulp/lib/diagnose/telling_matrices.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

#include "support/cases.hpp"
#include "support/matrix_comparison.hpp"

namespace halfulp::test {
namespace {

bool tells(const MmaSpec& row, const MmaSpec& changed, const std::vector<Hostile>& matrices) {
    return std::any_of(matrices.begin(), matrices.end(),
                       [&](const Hostile& x) { return one_by_one(row, x) != one_by_one(changed, x); });
}

/// What an instruction of a GPU is asked, and what is wrong with that.
void expect_all_told(const MmaInstruction& instruction) {
    const MmaSpec& row = *instruction.spec;
    SCOPED_TRACE(name_of(row) + ", " + instruction.name);
    const auto size = [](int x) { return static_cast<std::size_t>(x); };
    std::vector<RowChange> changes = changes_of(row, instruction.k);
    const auto matrices =
        telling_matrices(row, changes, {size(instruction.m), size(instruction.n), size(instruction.k)}, 1);
    std::erase_if(changes, [&](const RowChange& change) { return !change.moot.empty() || change.row == row; });
    for (const RowChange& change : changes)
        EXPECT_TRUE(tells(row, change.row, matrices)) << "untold: " << change.field << ' ' << change.change;
    EXPECT_LE(matrices.size(), 12U);
    for (const Hostile& x : matrices)
        EXPECT_TRUE(std::any_of(changes.begin(), changes.end(), [&](const RowChange& change) {
            return tells(row, change.row, {x});
        })) << "chosen in vain";
}

TEST(TellingMatrices, TellEveryChange) {
    std::size_t instructions = 0;
    for (const gpu::Kernel& kernel : gpu::kernels()) {
        const auto* one = std::get_if<gpu::OneInstruction>(&kernel.meaning);
        for (const Processor& processor : processors) {
            if (one == nullptr || !processor.is_nvidia()) continue;
            try {
                const MmaInstruction instruction = find_instruction(processor.name, one->name);
                if (instructions++ % (is_sanitized ? 8 : 1) == 0) expect_all_told(instruction);
            } catch (const InputError&) {  // it has no such instruction
            }
        }
    }
    EXPECT_GT(instructions, 90U);
}

TEST(TellingMatrices, AreTheSameForTheSameSeed) {
    const MmaSpec& row = mma_unit("H100 mma.sync fp16->fp32");
    const auto of = [&](std::uint64_t seed) {
        std::vector<std::vector<std::uint64_t>> all;
        for (const Hostile& x : telling_matrices(row, changes_of(row, 16), {16, 8, 16}, seed)) all.push_back(x.a);
        return all;
    };
    EXPECT_EQ(of(3), of(3));
    EXPECT_NE(of(3), of(4));
}

}  // namespace
}  // namespace halfulp::test
