// Claim: bugs that kernels are known to have, planted in the PTX of this library's kernels one at a time, are all caught: by
// what the interpreter says of the access or the collective that is wrong, or by bits that are not those of the kernel's row.
// Of bits it is said which, of which numbers (exact ones: data went elsewhere; others alone: a rounding, an order or a range),
// and what they have in common.
// Oracle: each bug is one by construction. That the PTX without it passes is the claim of gpu_kernels_test.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>
#include <optional>
#include <regex>
#include <string>

#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/gpu/kernel/expected.hpp>
#include <halfulp/gpu/kernel/ptx_text.hpp>
#include <halfulp/gpu/observe/difference.hpp>
#include <halfulp/gpu/observe/make_call.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>

namespace halfulp::gpu {
namespace {

struct Bug {
    const char* name;
    const char* kernel;
    const char* from;    ///< a regular expression
    std::string to;      ///< and what takes the place of what it matches
    int place;           ///< the how-manieth match of the kernel's text, from 0
    const char* caught;  ///< in the message
};

constexpr const char* gemm = "gemm_f16_f32";

/// Lanes below 16 alone come to the instruction; the others go on, or do what takes its place.
const std::string half = "{ .reg .pred %half; .reg .b32 %lane; mov.u32 %lane, %laneid; setp.lt.u32 %half, %lane, 16;\n";
const std::string guarded = half + "@%half $&\n}",
                  beside_bar_warp = half + "@%half bra LOW; bar.warp.sync -1; bra.uni MEET; LOW: $& MEET: }",
                  in_both_branches = half + "@%half bra LOW; $& bra.uni MEET; LOW: $& MEET: }";

const Bug bugs[] = {
    {"accumulators swapped", gemm, R"((mma\.sync\S*\s+\{)(%f\d+), (%f\d+),)", "$1$3, $2,", 0,
     "exact numbers: d: 512 of 6300 differ, in rows 0 to 7 of each 32, columns 0 to 7 of each 32; first row 0, column 2"},
    {"registers of A swapped", gemm, R"((mma\.sync\S*\s+\{[^}]*\}, \{%r\d+), (%r\d+), (%r\d+))", "$1, $3, $2", 0,
     "exact numbers: d: 883 of 6300 differ, in rows 0 to 15 of each 32, columns 0 to 7 of each 32; first row 0, column 0"},
    {"registers of B swapped", gemm, R"((mma\.sync\S*\s+\{[^}]*\}, \{[^}]*\}, \{)(%r\d+), (%r\d+))", "$1$3, $2", 0,
     "exact numbers: d: 895 of 6300 differ, in rows 0 to 15 of each 32, columns 0 to 7 of each 32; first row 0, column 0"},
    {"no barrier before a tile is read", gemm, R"(bar\.sync\s+0;)", "", 0, "nobody has written"},
    {"no barrier before a tile is overwritten", gemm, R"(bar\.sync\s+0;)", "", 1, "race"},
    {"a wait too short by one group", gemm, R"(cp\.async\.wait_group 1)", "cp.async.wait_group 2", 0,
     "asynchronous copy"},
    {"no wait", gemm, R"(cp\.async\.wait_group 1;)", "", 0, "asynchronous copy"},
    {"a group not committed", gemm, R"(cp\.async\.commit_group;)", "", 1, "asynchronous copy"},
    {"a copy of 8 bytes for 16", gemm, R"(cp\.async\.cg(\.shared\.global \S+ \S+), 16,)", "cp.async.ca$1, 8,", 0,
     "more bytes"},
    {"rows of a tile not aligned", gemm, R"((ldmatrix\S*\s+\{[^}]*\}, \[%r\d+))", "$1+8", 0, "no multiple of 16"},
    {"ldmatrix transposed", gemm, R"((ldmatrix\.sync\.aligned\.m8n8\.x4))", "$1.trans", 0,
     "exact numbers: d: 3332 of 6300 differ, in rows 0 to 15 of each 32, columns 0 to 89; first row 0, column 0"},
    {"an edge without a guard", gemm, R"(@%p\d+ bra\s+\S+(?=\s+st\.global))", "", 0, "race"},
    {"the accumulator not begun from 0", gemm, R"(mov\.f32\s+%f\d+, 0f00000000;)", "", 0, "no value"},
    {"a row too many", "gemv_f32_f32", R"(@%p1 bra\s+\S+)", "", 0, "not allocated"},
    {"the loop never left", "gemv_f32_f32", R"(@%p3 bra)", "bra.uni", 0, "not allocated"},
    {"products rounded toward zero", "gemv_f32_f32", R"(fma\.rn)", "fma.rz", 0,
     "model numbers: y: 11 of 13 differ, in elements 1 to 12; first element 1: 0x4628e030, expected 0x4628e02c; each is at most 20 numbers off"},
    {"lanes of the wrong side", "sum_neighbours_f32_f32", R"(shfl\.sync\.bfly)", "shfl.sync.up", 4,
     "exact numbers: y: 4 of 5 differ, in elements 0 to 4; first element 0: 0xc28c0000, expected 0xc29a0000"},
    {"half of the lanes left out", "sum_neighbours_f32_f32", R"((shfl\S+ \S+ \S+ \S+) 31)", "$1 4111", 4,
     "exact numbers: y: 4 of 5 differ, in elements 0 to 4; first element 0: 0xc28c0000, expected 0xc29a0000"},
    {"a lane not in its mask", "sum_neighbours_f32_f32", R"((shfl\S+ \S+ \S+ \S+ 31,) -1)", "$1 2147483647", 0, "mask"},
    {"a barrier for some", "sum_block_f32_f32", R"(bar\.sync)", "@%p3 bar.sync", 0, "nobody has written"},
    {"no barrier between writing and reading", "sum_block_f32_f32", R"(bar\.sync\s+0;)", "", 0, "nobody has written"},
    {"an address of another space", "sum_block_f32_f32", R"(st\.shared\.f32\s+\[%r(\d+)\])",
     "st.shared.f32 [%r$1+65536]", 0, "shared"},
    {"redux of another operation", "dot_s8_s32", R"(redux\.sync\.add)", "redux.sync.max", 0,
     "exact numbers: d: 5 of 5 differ, in elements 0 to 4; first element 0: 0x00000024, expected 0x000000b9"},
    {"bytes without a sign", "dot_s8_s32", R"(dp4a\.s32\.s32)", "dp4a.u32.s32", 0,
     "exact numbers: d: 5 of 5 differ, in elements 0 to 4; first element 0: 0xfffff1b9, expected 0x000000b9; each is off by a multiple of 256"},
    {"saturation for wrapping", "mma_m16n8k32_s32_s8", R"(row\.col\.s32)", "row.col.satfinite.s32", 0,
     "model numbers: d: 161 of 640 differ, in elements 6 to 635; first element 6: 0x7fffffff, expected 0x8000572e; each is at the end of the range"},
    {"stored toward zero", "scale_f32_f16", R"(cvt\.rn\.f16)", "cvt.rz.f16", 0,
     "expected 0xe82d; each is the next number towards zero"},
    {"rounded down instead of to nearest", "quantise_f32_s8", R"(cvt\.rni\.s32)", "cvt.rmi.s32", 0,
     "expected 0x21; each is the next number below"},
    {"clamped too late", "quantise_f32_s8", R"((mov\.u32\s+%r\d+), 127)", "$1, 255", 0,
     "model numbers: y: 149 of 1006 differ, in elements 2 to 996; first element 2: 0xc7, expected 0x7f; the end of the range is expected of each"},
    {"negative numbers kept", "f32_to_f16_rn_relu", R"(\.relu)", "", 0,
     "first element 0: 0xc000, expected 0x0000; each is negative where zero is expected"},
    {"neighbours in the wrong halves of a word", "f32_to_f16x2_rn", R"((cvt\S*\s+%r\d+, )(%f\d+), (%f\d+))", "$1$3, $2",
     0, "first element 0: 0x4000, expected 0xc000; columns 1 apart are exchanged"},
    {"a shuffle in one branch, a warp barrier in the other", "sum_neighbours_f32_f32", R"(shfl\.sync[^;]*;)",
     beside_bar_warp, 4, "(shfl.sync.bfly.b32), lanes 0xffff0000 wait in line 103 (bar.warp.sync)"},
    {"a shuffle for half a warp", "sum_neighbours_f32_f32", R"(shfl\.sync[^;]*;)", guarded, 0,
     "add.rn.f32: reads %f12, which has no value"},
    {"ldmatrix by half a warp", gemm, R"(ldmatrix[^;]*;)", guarded, 0,
     "ldmatrix.sync.aligned.m8n8.x4.shared.b16: divergence"},
    {"mma by half a warp", gemm, R"(mma\.sync[^;]*;)", guarded, 0,
     "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32: divergence"},
    {"ldmatrix in both branches", gemm, R"(ldmatrix[^;]*;)", in_both_branches, 0,
     "ldmatrix.sync.aligned.m8n8.x4.shared.b16: divergence"},
    {"a barrier in both branches", "sum_block_f32_f32", R"(bar\.sync[^;]*;)", in_both_branches, 0,
     "bar.sync: divergence"},
};

/// The PTX of the kernel's file with the bug; nothing where the expression matches nowhere in the kernel.
std::optional<std::string> planted(const Bug& bug, const Kernel& kernel) {
    const std::string text(ptx_text(kernel.file));
    const std::size_t begin = text.find(fmt::format(".entry {}(", kernel.name));
    const std::size_t end = std::min(text.find(".entry", begin + 1), text.size());
    const std::regex from(bug.from);
    auto match = std::sregex_iterator(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                      text.begin() + static_cast<std::ptrdiff_t>(end), from);
    for (int i = 0; i < bug.place && match != std::sregex_iterator(); ++i) ++match;
    if (match == std::sregex_iterator()) return std::nullopt;
    const std::size_t at = begin + static_cast<std::size_t>(match->position());
    return text.substr(0, at) + match->format(bug.to) + text.substr(at + static_cast<std::size_t>(match->length()));
}

/// What the interpreter says, or "bits" where these alone are wrong; nothing if the bug shows nowhere.
std::string caught(const Kernel& kernel, const std::string& ptx) {
    const auto device = open_ptx("sm_80", {.step_limit = 1'000'000});
    for (const InputClass numbers : input_classes) {
        const Call call = make_call(kernel, ragged_sizes(kernel, numbers), numbers, 1);
        try {
            const Arrays got = run_kernel(*device, {.name = kernel.file, .ptx = ptx}, kernel, call);
            const std::string found = difference(kernel, call.sizes, got, expected(kernel, call, "sm_80"));
            if (!found.empty()) return fmt::format("{} numbers: {}", name_of(numbers), found);
        } catch (const InputError& error) {
            return error.what();
        }
    }
    return {};
}

TEST(SeededBugs, AreAllCaught) {
    for (const Bug& bug : bugs) {
        const Kernel& kernel = *find_kernel(bug.kernel);
        const std::optional<std::string> ptx = planted(bug, kernel);
        ASSERT_TRUE(ptx) << bug.name;
        const std::string found = caught(kernel, *ptx);
        EXPECT_FALSE(found.empty()) << bug.name;
        EXPECT_NE(found.find(bug.caught), std::string::npos) << bug.name << ": " << found;
        std::cout << bug.kernel << ", " << bug.name << ": " << found << '\n';
    }
}

}  // namespace
}  // namespace halfulp::gpu
