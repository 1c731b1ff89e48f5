#include <halfulp/gpu/kernel/rows/rows.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::gpu::rows {
namespace {

/// An instruction of m x 8 x k on every tile.
Kernel one(std::string_view name, std::string_view file, int target, std::string_view instruction, const Element& a,
           const Element& b, const Element& d, std::uint32_t m, std::uint32_t k) {
    constexpr std::uint32_t n = 8;
    const auto tiles_of = [](std::uint32_t elements) { return Extent{Size::M, Size::One, elements}; };
    return {name,
            file,
            target,
            OneInstruction{instruction},
            {Grid::PerRow, 32},
            {in("a", a, tiles_of(m * k)), in("b", b, tiles_of(n * k)), in("c", d, tiles_of(m * n)),
             out("d", d, tiles_of(m * n))}};
}

}  // namespace

std::vector<Kernel> instructions() {
    const Element f64 = binary64, f32 = binary32, f16 = binary16, bf16 = bfloat16, e4m3 = e4m3fn;
    return {
        one("mma_m16n8k8_f32_f16", "probe_turing", 75, "mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32", f16, f16,
            f32, 16, 8),
        one("mma_m16n8k8_f16_f16", "probe_turing", 75, "mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16", f16, f16,
            f16, 16, 8),
        one("mma_m8n8k16_s32_s8", "probe_turing", 75, "mma.sync.aligned.m8n8k16.row.col.s32.s8.s8.s32", s8, s8, s32, 8,
            16),
        one("mma_m8n8k16_s32_u8", "probe_turing", 75, "mma.sync.aligned.m8n8k16.row.col.s32.u8.u8.s32", u8, u8, s32, 8,
            16),
        one("mma_m8n8k16_s32_s8_satfinite", "probe_turing", 75,
            "mma.sync.aligned.m8n8k16.row.col.satfinite.s32.s8.s8.s32", s8, s8, s32, 8, 16),
        one("mma_m16n8k16_f32_f16", "probe_ampere", 80, "mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32", f16, f16,
            f32, 16, 16),
        one("mma_m16n8k16_f16_f16", "probe_ampere", 80, "mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16", f16, f16,
            f16, 16, 16),
        one("mma_m16n8k16_f32_bf16", "probe_ampere", 80, "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", bf16,
            bf16, f32, 16, 16),
        one("mma_m16n8k8_f32_bf16", "probe_ampere", 80, "mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32", bf16,
            bf16, f32, 16, 8),
        one("mma_m16n8k8_f32_tf32", "probe_ampere", 80, "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", tf32,
            tf32, f32, 16, 8),
        one("mma_m16n8k4_f32_tf32", "probe_ampere", 80, "mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32", tf32,
            tf32, f32, 16, 4),
        one("mma_m16n8k32_s32_s8", "probe_ampere", 80, "mma.sync.aligned.m16n8k32.row.col.s32.s8.s8.s32", s8, s8, s32,
            16, 32),
        one("mma_m16n8k32_s32_u8", "probe_ampere", 80, "mma.sync.aligned.m16n8k32.row.col.s32.u8.u8.s32", u8, u8, s32,
            16, 32),
        one("mma_m16n8k32_s32_s8_u8", "probe_ampere", 80, "mma.sync.aligned.m16n8k32.row.col.s32.s8.u8.s32", s8, u8,
            s32, 16, 32),
        one("mma_m16n8k32_s32_u8_s8", "probe_ampere", 80, "mma.sync.aligned.m16n8k32.row.col.s32.u8.s8.s32", u8, s8,
            s32, 16, 32),
        one("mma_m16n8k32_s32_s8_satfinite", "probe_ampere", 80,
            "mma.sync.aligned.m16n8k32.row.col.satfinite.s32.s8.s8.s32", s8, s8, s32, 16, 32),
        one("mma_m16n8k16_s32_s8", "probe_ampere", 80, "mma.sync.aligned.m16n8k16.row.col.s32.s8.s8.s32", s8, s8, s32,
            16, 16),
        one("mma_m8n8k4_f64_f64", "probe_ampere", 80, "mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64", f64, f64, f64,
            8, 4),
        one("mma_m16n8k32_f32_e4m3", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e4m3.f32", e4m3, e4m3,
            f32, 16, 32),
        one("mma_m16n8k32_f32_e5m2", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f32.e5m2.e5m2.f32", e5m2, e5m2,
            f32, 16, 32),
        one("mma_m16n8k32_f32_e4m3_e5m2", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f32.e4m3.e5m2.f32", e4m3,
            e5m2, f32, 16, 32),
        one("mma_m16n8k32_f32_e5m2_e4m3", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f32.e5m2.e4m3.f32", e5m2,
            e4m3, f32, 16, 32),
        one("mma_m16n8k32_f16_e4m3", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f16.e4m3.e4m3.f16", e4m3, e4m3,
            f16, 16, 32),
        one("mma_m16n8k32_f16_e5m2", "probe_ada", 89, "mma.sync.aligned.m16n8k32.row.col.f16.e5m2.e5m2.f16", e5m2, e5m2,
            f16, 16, 32),
    };
}

}  // namespace halfulp::gpu::rows
