#include <halfulp/gpu/kernel/rows/rows.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::gpu::rows {
namespace {

constexpr Launch one_thread{Grid::One, 1}, one_warp{Grid::One, 32}, warp_a_row{Grid::PerRow, 32},
    block_a_row{Grid::PerRow, 256}, four_rows_a_block{Grid::WarpPerRow, 128};
constexpr Extent of_mn{Size::M, Size::N};

Kernel running_sum(std::string_view name, std::string_view file, int target, const Format& f) {
    return {name, file, target, RunningSum{f}, one_thread, {in("x", f, of_n), out("y", f, of_n), size("n", Size::N)}};
}

Kernel ordered_sum(std::string_view name, std::string_view file, int target, const OrderedSum& what) {
    const Format& f = what.format;
    Kernel row{name, file, target, what, one_thread, {in("x", f, of_n), out("y", f, of_one), size("n", Size::N)}};
    const bool lanes_or_blocks = what.grouping != Grouping::Halves && what.accumulation == Accumulation::Plain;
    if (lanes_or_blocks) row.parameters.push_back(value("count", u32));
    return row;
}

Kernel blocked_sum(std::string_view name, std::string_view file, int target, const BlockedSum& what) {
    return {name, file,     target,
            what, one_warp, {in("x", what.term, of_n), out("y", what.sum, of_n), size("n", Size::N)}};
}

Kernel lane_sum(std::string_view name, const Launch& launch, const Element& term, const Element& sum, Tree tree) {
    return {name,   "reduce",
            75,     LaneSum{term, sum, launch.threads, tree},
            launch, {in("x", term, of_mn), out("y", sum, of_m), size("n", Size::N)}};
}

Kernel lane_dot(std::string_view name, const Element& term, const Element& sum) {
    return {name,        "dot",
            75,          LaneDot{term, sum, block_a_row.threads},
            block_a_row, {in("a", term, of_mn), in("b", term, of_mn), out("d", sum, of_m), size("n", Size::N)}};
}

Kernel matrix_vector(std::string_view name, const Element& term, const Element& sum) {
    return {name,
            "gemv",
            75,
            MatrixVector{term, sum, 32},
            four_rows_a_block,
            {in("a", term, {Size::M, Size::K}), in("x", term, of_k), out("y", sum, of_m), size("m", Size::M),
             size("k", Size::K)}};
}

}  // namespace

std::vector<Kernel> ordered_sums() {
    using enum Grouping;
    using enum Accumulation;
    const Format f32 = binary32, f16 = binary16, bf16 = bfloat16;
    return {
        running_sum("running_sum_f32", "orders", 75, f32),
        running_sum("running_sum_f16", "orders", 75, f16),
        running_sum("running_sum_bf16", "orders_bf16", 80, bf16),
        ordered_sum("sum_blocks_f32", "orders", 75, {f32, Blocks}),
        ordered_sum("sum_blocks_f16", "orders", 75, {f16, Blocks}),
        ordered_sum("sum_blocks_bf16", "orders_bf16", 80, {bf16, Blocks}),
        ordered_sum("sum_lanes_f32", "orders", 75, {f32, Lanes}),
        ordered_sum("sum_lanes_f16", "orders", 75, {f16, Lanes}),
        ordered_sum("sum_lanes_bf16", "orders_bf16", 80, {bf16, Lanes}),
        ordered_sum("sum_halves_f32", "orders", 75, {f32, Halves}),
        ordered_sum("sum_halves_f16", "orders", 75, {f16, Halves}),
        ordered_sum("sum_halves_bf16", "orders_bf16", 80, {bf16, Halves}),
        ordered_sum("sum_kahan_f32", "orders", 75, {f32, Lanes, Kahan}),
        ordered_sum("sum_kahan_f16", "orders", 75, {f16, Lanes, Kahan}),
        ordered_sum("sum_kahan_bf16", "orders_bf16", 80, {bf16, Lanes, Kahan}),
        ordered_sum("sum_two_sum_f32", "orders", 75, {f32, Lanes, TwoSum}),
        ordered_sum("sum_two_sum_f16", "orders", 75, {f16, Lanes, TwoSum}),
        ordered_sum("sum_two_sum_bf16", "orders_bf16", 80, {bf16, Lanes, TwoSum}),
        blocked_sum("blocked_sum_k8_f16_f32", "blocked_sum_turing", 75,
                    {f16, f32, "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32"}),
        blocked_sum("blocked_sum_k8_f16_f16", "blocked_sum_turing", 75,
                    {f16, f16, "mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16"}),
        blocked_sum("blocked_sum_f16_f32", "blocked_sum", 80,
                    {f16, f32, "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32"}),
        blocked_sum("blocked_sum_f16_f16", "blocked_sum", 80,
                    {f16, f16, "mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16"}),
        blocked_sum("blocked_sum_bf16_f32", "blocked_sum", 80,
                    {bf16, f32, "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32"}),
    };
}

std::vector<Kernel> lane_sums() {
    using enum Tree;
    const Element f32 = binary32, f16 = binary16, bf16 = bfloat16;
    return {
        lane_sum("sum_neighbours_f32_f32", warp_a_row, f32, f32, Halves),
        lane_sum("sum_neighbours_f16_f16", warp_a_row, f16, f16, Halves),
        lane_sum("sum_neighbours_f16_f32", warp_a_row, f16, f32, Halves),
        lane_sum("sum_neighbours_bf16_f32", warp_a_row, bf16, f32, Halves),
        lane_sum("sum_neighbours_s8_s32", warp_a_row, s8, s32, Halves),
        lane_sum("sum_folded_f32_f32", warp_a_row, f32, f32, Folded),
        lane_sum("sum_folded_f16_f16", warp_a_row, f16, f16, Folded),
        lane_sum("sum_folded_f16_f32", warp_a_row, f16, f32, Folded),
        lane_sum("sum_folded_bf16_f32", warp_a_row, bf16, f32, Folded),
        lane_sum("sum_folded_s8_s32", warp_a_row, s8, s32, Folded),
        lane_sum("sum_block_f32_f32", block_a_row, f32, f32, Halves),
        lane_sum("sum_block_f16_f16", block_a_row, f16, f16, Halves),
        lane_sum("sum_block_f16_f32", block_a_row, f16, f32, Halves),
        lane_sum("sum_block_bf16_f32", block_a_row, bf16, f32, Halves),
        lane_sum("sum_block_s8_s32", block_a_row, s8, s32, Halves),
        lane_dot("dot_f32_f32", f32, f32),
        lane_dot("dot_f16_f16", f16, f16),
        lane_dot("dot_f16_f32", f16, f32),
        lane_dot("dot_bf16_f32", bf16, f32),
        {"dot_s8_s32",
         "dot_s8",
         80,
         LaneDot{s8, s32, warp_a_row.threads},
         warp_a_row,
         {in("a", s8, {Size::M, Size::PaddedN}), in("b", s8, {Size::M, Size::PaddedN}), out("d", s32, of_m),
          size("n", Size::N), size("pitch", Size::PaddedN)}},
        matrix_vector("gemv_f32_f32", f32, f32),
        matrix_vector("gemv_f16_f16", f16, f16),
        matrix_vector("gemv_f16_f32", f16, f32),
        matrix_vector("gemv_bf16_f32", bf16, f32),
        matrix_vector("gemv_s8_s32", s8, s32),
    };
}

}  // namespace halfulp::gpu::rows
