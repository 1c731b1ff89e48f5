#include <halfulp/gpu/kernel/rows/rows.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::gpu::rows {
namespace {

/// An instruction of m x 8 x k.
struct Row {
    std::string_view name, file;
    int target;
    std::string_view instruction;
    Element a, b, d;
    std::uint32_t m, k;
};

constexpr Element f64 = binary64, f32 = binary32, f16 = binary16, bf16 = bfloat16, e4m3 = e4m3fn;

constexpr Row table[] = {
    {"mma_m16n8k8_f32_f16", "probe_turing", 75, "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32", f16, f16, f32, 16,
     8},
    {"mma_m16n8k8_f16_f16", "probe_turing", 75, "mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16", f16, f16, f16, 16,
     8},
    {"mma_m8n8k16_s32_s8", "probe_turing", 75, "mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32", s8, s8, s32, 8, 16},
    {"mma_m8n8k16_s32_u8", "probe_turing", 75, "mma.sync.aligned.m8n8k16.row.col.s32.u8.u8.s32", u8, u8, s32, 8, 16},
    {"mma_m8n8k16_s32_s8_satfinite", "probe_turing", 75, "mma.sync.aligned.m8n8k16.row.col.satfinite.s32.s8.s8.s32", s8,
     s8, s32, 8, 16},
    {"mma_m16n8k16_f32_f16", "probe_ampere", 80, "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32", f16, f16, f32, 16,
     16},
    {"mma_m16n8k16_f16_f16", "probe_ampere", 80, "mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16", f16, f16, f16, 16,
     16},
    {"mma_m16n8k16_f32_bf16", "probe_ampere", 80, "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", bf16, bf16,
     f32, 16, 16},
    {"mma_m16n8k8_f32_bf16", "probe_ampere", 80, "mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32", bf16, bf16, f32,
     16, 8},
    {"mma_m16n8k8_f32_tf32", "probe_ampere", 80, "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", tf32, tf32, f32,
     16, 8},
    {"mma_m16n8k4_f32_tf32", "probe_ampere", 80, "mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32", tf32, tf32, f32,
     16, 4},
    {"mma_m16n8k32_s32_s8", "probe_ampere", 80, "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32", s8, s8, s32, 16, 32},
    {"mma_m16n8k32_s32_u8", "probe_ampere", 80, "mma.sync.aligned.m16n8k32.row.col.s32.u8.u8.s32", u8, u8, s32, 16, 32},
    {"mma_m16n8k32_s32_s8_u8", "probe_ampere", 80, "mma.sync.aligned.m16n8k32.row.col.s32.s8.u8.s32", s8, u8, s32, 16,
     32},
    {"mma_m16n8k32_s32_u8_s8", "probe_ampere", 80, "mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32", u8, s8, s32, 16,
     32},
    {"mma_m16n8k32_s32_s8_satfinite", "probe_ampere", 80, "mma.sync.aligned.m16n8k32.row.col.satfinite.s32.s8.s8.s32",
     s8, s8, s32, 16, 32},
    {"mma_m16n8k16_s32_s8", "probe_ampere", 80, "mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32", s8, s8, s32, 16, 16},
    {"mma_m8n8k4_f64_f64", "probe_ampere", 80, "mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64", f64, f64, f64, 8, 4},
    {"mma_m16n8k32_f32_e4m3", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32", e4m3, e4m3, f32,
     16, 32},
    {"mma_m16n8k32_f32_e5m2", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f32.e5m2.e5m2.f32", e5m2, e5m2, f32,
     16, 32},
    {"mma_m16n8k32_f32_e4m3_e5m2", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e5m2.f32", e4m3, e5m2,
     f32, 16, 32},
    {"mma_m16n8k32_f32_e5m2_e4m3", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f32.e5m2.e4m3.f32", e5m2, e4m3,
     f32, 16, 32},
    {"mma_m16n8k32_f16_e4m3", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f16.e4m3.e4m3.f16", e4m3, e4m3, f16,
     16, 32},
    {"mma_m16n8k32_f16_e5m2", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f16.e5m2.e5m2.f16", e5m2, e5m2, f16,
     16, 32},
};

Kernel kernel_of(const Row& row) {
    constexpr std::uint32_t n = 8;
    const auto tiles_of = [](std::uint32_t elements) { return Extent{Size::M, Size::One, elements}; };
    return {row.name,
            row.file,
            row.target,
            OneInstruction{row.instruction},
            {Grid::PerRow, 32},
            {in("a", row.a, tiles_of(row.m * row.k)), in("b", row.b, tiles_of(n * row.k)),
             in("c", row.d, tiles_of(row.m * n)), out("d", row.d, tiles_of(row.m * n))}};
}

}  // namespace

std::vector<Kernel> instructions() {
    std::vector<Kernel> all;
    for (const Row& row : table) all.push_back(kernel_of(row));
    return all;
}

}  // namespace halfulp::gpu::rows
