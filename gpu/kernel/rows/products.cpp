#include <halfulp/gpu/kernel/rows/rows.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::gpu::rows {
namespace {

constexpr Launch tiles{Grid::PerTile, 128};
constexpr Extent of_a{Size::M, Size::PaddedK}, of_b{Size::N, Size::PaddedK}, of_d{Size::M, Size::N};

std::vector<Parameter> sizes_and_pitches() {
    return {size("m", Size::M), size("n", Size::N), size("k", Size::K), size("lda", Size::PaddedK),
            size("ldb", Size::PaddedK)};
}

/// Arrays, then sizes and pitches.
std::vector<Parameter> with_sizes(std::vector<Parameter> arrays) {
    for (const Parameter& p : sizes_and_pitches()) arrays.push_back(p);
    return arrays;
}

Kernel product(std::string_view name, std::string_view file, int target, const MatrixProduct& what) {
    return {name, file,  target,
            what, tiles, with_sizes({in("a", what.term, of_a), in("b", what.term, of_b), out("d", what.sum, of_d)})};
}

Kernel requantised() {
    auto parameters =
        with_sizes({in("a", s8, of_a), in("b", s8, of_b), in("scale", binary32, of_n), out("d", s8, of_d)});
    parameters.push_back(value("zero_point", s32));
    return {"gemm_s8_s8", "gemm_s8", 80, RequantisedProduct{"mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32"},
            tiles,        parameters};
}

Kernel chains_of_fma() {
    return {"gemm_f32_f32",
            "gemm_f32",
            75,
            MatrixProduct{binary32, binary32, ""},
            {Grid::PerNumber, 128},
            {in("a", binary32, {Size::M, Size::K}), in("b", binary32, {Size::N, Size::K}), out("d", binary32, of_d),
             size("m", Size::M), size("n", Size::N), size("k", Size::K)}};
}

}  // namespace

std::vector<Kernel> products() {
    const Element f32 = binary32, f16 = binary16, bf16 = bfloat16, e4m3 = e4m3fn;
    return {
        chains_of_fma(),
        product("gemm_k8_f16_f32", "gemm_turing", 75, {f16, f32, "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32"}),
        product("gemm_k8_f16_f16", "gemm_turing", 75, {f16, f16, "mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16"}),
        product("gemm_k16_s8_s32", "gemm_turing", 75, {s8, s32, "mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32"}),
        product("gemm_f16_f32", "gemm_f16", 80, {f16, f32, "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32"}),
        product("gemm_f16_f16", "gemm_f16", 80, {f16, f16, "mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16"}),
        product("gemm_bf16_f32", "gemm_bf16", 80, {bf16, f32, "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32"}),
        product("gemm_tf32_f32", "gemm_tf32", 80, {tf32, f32, "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32"}),
        product("gemm_s8_s32", "gemm_s8", 80, {s8, s32, "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32"}),
        requantised(),
        product("gemm_e4m3_f32", "gemm_fp8", 89, {e4m3, f32, "mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32"}),
        product("gemm_e5m2_f32", "gemm_fp8", 89, {e5m2, f32, "mma.sync.aligned.m16n8k32.row.col.f32.e5m2.e5m2.f32"}),
        product("gemm_e4m3_f16", "gemm_fp8", 89, {e4m3, f16, "mma.sync.aligned.m16n8k32.row.col.f16.e4m3.e4m3.f16"}),
    };
}

}  // namespace halfulp::gpu::rows
