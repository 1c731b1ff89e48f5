#include <algorithm>

#include <halfulp/gpu/kernel/rows/rows.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::gpu::rows {
namespace {

Kernel copy() {
    return {"copy_words", "ceiling_memory", 75,
            Copy{},       per_element,      {in("x", u32, times_n(4)), out("y", u32, times_n(4)), size("n", Size::N)}};
}

Kernel read() {
    constexpr Launch block_a_row{Grid::PerRow, 256};
    return {"read_words", "ceiling_memory",
            75,           LaneSum{s32, s32, block_a_row.threads, Tree::Halves},
            block_a_row,  {in("x", s32, {Size::M, Size::N}), out("y", s32, of_m), size("n", Size::N)}};
}

Kernel chain_of_fma() {
    constexpr Launch block_of_numbers{Grid::PerRow, 256};
    constexpr Extent numbers{Size::M, Size::One, block_of_numbers.threads};
    return {"chain_fma_f32",
            "ceiling_f32",
            75,
            OperationChain{"", 128},
            block_of_numbers,
            {in("a", binary32, numbers), in("b", binary32, numbers), in("c", binary32, numbers),
             out("d", binary32, numbers), size("turns", Size::K)}};
}

/// What a probe does once, on four tiles a block.
Kernel chain(std::string_view name, std::string_view file, Kernel probe) {
    constexpr Launch four_tiles{Grid::PerRow, 128};
    for (Parameter& p : probe.parameters) p.extent.each *= 4;
    probe.parameters.push_back(size("turns", Size::K));
    return {name,         file,
            probe.target, OperationChain{std::get<OneInstruction>(probe.meaning).name, 16},
            four_tiles,   probe.parameters};
}

/// The instructions that products are made of.
struct Row {
    std::string_view name, file, probe;
};
constexpr Row table[] = {
    {"chain_m16n8k8_f32_f16", "ceiling_turing", "mma_m16n8k8_f32_f16"},
    {"chain_m16n8k8_f16_f16", "ceiling_turing", "mma_m16n8k8_f16_f16"},
    {"chain_m8n8k16_s32_s8", "ceiling_turing", "mma_m8n8k16_s32_s8"},
    {"chain_m16n8k16_f32_f16", "ceiling_ampere", "mma_m16n8k16_f32_f16"},
    {"chain_m16n8k16_f16_f16", "ceiling_ampere", "mma_m16n8k16_f16_f16"},
    {"chain_m16n8k16_f32_bf16", "ceiling_ampere", "mma_m16n8k16_f32_bf16"},
    {"chain_m16n8k8_f32_tf32", "ceiling_ampere", "mma_m16n8k8_f32_tf32"},
    {"chain_m16n8k32_s32_s8", "ceiling_ampere", "mma_m16n8k32_s32_s8"},
    {"chain_m16n8k32_f32_e4m3", "ceiling_ada", "mma_m16n8k32_f32_e4m3"},
    {"chain_m16n8k32_f32_e5m2", "ceiling_ada", "mma_m16n8k32_f32_e5m2"},
    {"chain_m16n8k32_f16_e4m3", "ceiling_ada", "mma_m16n8k32_f16_e4m3"},
};

}  // namespace

std::vector<Kernel> ceilings() {
    std::vector<Kernel> all = {copy(), read(), chain_of_fma()};
    const std::vector<Kernel> probes = instructions();
    for (const Row& row : table)
        all.push_back(chain(row.name, row.file, *std::find_if(probes.begin(), probes.end(), [&](const Kernel& probe) {
                                return probe.name == row.probe;
                            })));
    return all;
}

}  // namespace halfulp::gpu::rows
