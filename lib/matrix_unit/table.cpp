#include <halfulp/lib/matrix_unit/table.hpp>

#include <algorithm>
#include <array>

#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

// Sources: MMA-Sim is arXiv:2511.10909 and its code; KM is arXiv:2512.07004 with the recordings of
// north-numerical-computing/MATLAB-tensor-core; Fasi is PeerJ CS 7:e330; QT is qqq-tao's RTX 5090 study.
constexpr std::string_view recorded = "recordings (KM); MMA-Sim table 4";
constexpr std::string_view unseen = "public recordings (KM), not replayed yet; MMA-Sim table 4";
constexpr std::string_view published = "MMA-Sim table 4";

// The floors are MMA-Sim's: -108 - F where the accumulator is binary32, 3 - F of the generation's base F where
// mma.sync accumulates in binary16; KM has the latter one higher, and no published result decides.

constexpr MmaSpec into_fp32(std::string_view gpu, std::string_view instruction, Format input, int group,
                            int fraction_bits, Evidence evidence) {
    MmaSpec spec{gpu, instruction, input, input, binary32, Family::AlignedSum, group, Rounding::TowardZero, evidence};
    spec.fraction_bits = fraction_bits;
    spec.exponent_floor = -108 - fraction_bits;
    return spec;
}

constexpr MmaSpec into_fp16(std::string_view gpu, std::string_view instruction, Format input, int group,
                            int fraction_bits, int floor, Evidence evidence) {
    MmaSpec spec{gpu, instruction, input, input, binary16, Family::AlignedSum, group, Rounding::NearestEven, evidence};
    spec.fraction_bits = fraction_bits;
    spec.exponent_floor = floor;
    return spec;
}

/// fp8 units that align and keep 13 fraction bits only.
constexpr MmaSpec fp8_into_fp32(std::string_view gpu, std::string_view instruction, Format input, int group, int floor,
                                Evidence evidence) {
    MmaSpec spec = into_fp32(gpu, instruction, input, group, 13, evidence);
    spec.kept = e8m13;
    spec.exponent_floor = floor;
    return spec;
}

/// mma.sync with fp8 where the hardware has none: the compiler widens to fp16 and issues two fp16 products.
constexpr MmaSpec emulated_fp8(std::string_view gpu, Format input, Format accumulator, Evidence evidence) {
    MmaSpec spec = accumulator == binary16 ? into_fp16(gpu, "mma.sync", input, 16, 25, -22, evidence)
                                           : into_fp32(gpu, "mma.sync", input, 16, 25, evidence);
    spec.multiplied = binary16;
    spec.order = KOrder::AlternatePairs;
    spec.c_last = true;
    return spec;
}

/// IEEE fused multiply-adds in ascending k.
constexpr MmaSpec fma_chain(std::string_view gpu, std::string_view instruction) {
    return {gpu,
            instruction,
            binary64,
            binary64,
            binary64,
            Family::ExactSum,
            1,
            Rounding::NearestEven,
            {'B', 'B', 'D', 'B', "PTX ISA; Fasi"}};
}

constexpr std::string_view emulation = "recordings (KM); NVIDIA/cutlass issue 1986";

constexpr std::array table = {
    into_fp32("V100", "mma.sync", binary16, 4, 23, {'A', 'A', 'D', 'A', recorded}),
    into_fp16("V100", "mma.sync", binary16, 4, 23, -20, {'A', 'B', 'D', 'A', recorded}),

    into_fp32("T4", "mma.sync", binary16, 8, 24, {'B', 'A', 'D', 'A', "MMA-Sim table 4; Fasi"}),
    into_fp16("T4", "mma.sync", binary16, 8, 24, -21, {'B', 'B', 'D', 'A', "MMA-Sim table 4; Fasi"}),

    into_fp32("A100", "mma.sync", binary16, 8, 24, {'B', 'A', 'D', 'A', recorded}),
    into_fp16("A100", "mma.sync", binary16, 8, 24, -21, {'B', 'B', 'D', 'A', recorded}),
    into_fp32("A100", "mma.sync", bfloat16, 8, 24, {'B', 'A', 'B', 'A', recorded}),
    into_fp32("A100", "mma.sync", tf32, 4, 24, {'B', 'A', 'B', 'A', recorded}),
    fma_chain("A100", "mma.sync"),

    into_fp32("Ada", "mma.sync", binary16, 8, 24, {'B', 'A', 'D', 'A', recorded}),
    into_fp16("Ada", "mma.sync", binary16, 8, 24, -21, {'B', 'B', 'D', 'A', recorded}),
    into_fp32("Ada", "mma.sync", bfloat16, 8, 24, {'B', 'A', 'B', 'A', recorded}),
    into_fp32("Ada", "mma.sync", tf32, 4, 24, {'B', 'A', 'B', 'A', recorded}),
    fp8_into_fp32("Ada", "mma.sync", e4m3fn, 16, -132, {'A', 'A', 'B', 'A', recorded}),
    fp8_into_fp32("Ada", "mma.sync", e5m2, 16, -132, {'A', 'A', 'B', 'A', recorded}),
    into_fp16("Ada", "mma.sync", e4m3fn, 16, 13, -21, {'A', 'A', 'D', 'A', recorded}),
    into_fp16("Ada", "mma.sync", e5m2, 16, 13, -21, {'A', 'A', 'D', 'A', recorded}),

    into_fp32("H100", "mma.sync wgmma", binary16, 16, 25, {'A', 'A', 'D', 'A', recorded}),
    into_fp16("H100", "mma.sync", binary16, 16, 25, -22, {'A', 'B', 'D', 'A', recorded}),
    into_fp16("H100", "wgmma", binary16, 16, 25, -133, {'B', 'B', 'D', 'B', published}),
    into_fp32("H100", "mma.sync wgmma", bfloat16, 16, 25, {'A', 'A', 'A', 'A', "recordings (KM) and KM issue 7"}),
    into_fp32("H100", "mma.sync wgmma", tf32, 8, 25, {'B', 'A', 'B', 'A', recorded}),
    fp8_into_fp32("H100", "wgmma", e4m3fn, 32, -133, {'A', 'A', 'B', 'A', recorded}),
    fp8_into_fp32("H100", "wgmma", e5m2, 32, -133, {'A', 'A', 'B', 'A', recorded}),
    into_fp16("H100", "wgmma", e4m3fn, 32, 13, -133, {'B', 'B', 'B', 'B', published}),
    into_fp16("H100", "wgmma", e5m2, 32, 13, -133, {'B', 'B', 'B', 'B', published}),
    emulated_fp8("H100", e4m3fn, binary32, {'C', 'C', 'D', 'C', "as recorded on B200 (KM)"}),
    emulated_fp8("H100", e5m2, binary32, {'C', 'C', 'D', 'C', "as recorded on B200 (KM)"}),
    emulated_fp8("H100", e4m3fn, binary16, {'B', 'B', 'D', 'A', emulation}),
    emulated_fp8("H100", e5m2, binary16, {'B', 'B', 'D', 'A', emulation}),
    fma_chain("H100", "mma.sync"),

    into_fp32("B200", "mma.sync tcgen05", binary16, 16, 25, {'B', 'B', 'D', 'B', unseen}),
    into_fp16("B200", "mma.sync", binary16, 16, 25, -22, {'B', 'B', 'D', 'B', unseen}),
    into_fp16("B200", "tcgen05", binary16, 16, 25, -133, {'B', 'B', 'D', 'B', published}),
    into_fp32("B200", "mma.sync tcgen05", bfloat16, 16, 25, {'B', 'B', 'B', 'B', unseen}),
    into_fp32("B200", "mma.sync tcgen05", tf32, 8, 25, {'B', 'B', 'B', 'B', "public recordings (KM); a row of QT"}),
    into_fp32("B200", "tcgen05", e4m3fn, 32, 25, {'B', 'B', 'B', 'B', "MMA-Sim table 4; QT"}),
    into_fp32("B200", "tcgen05", e5m2, 32, 25, {'B', 'B', 'B', 'B', "MMA-Sim table 4; QT"}),
    into_fp32("B200", "tcgen05", e3m2, 32, 25, {'B', 'B', 'B', 'B', published}),
    into_fp32("B200", "tcgen05", e2m3, 32, 25, {'B', 'B', 'B', 'B', published}),
    into_fp32("B200", "tcgen05", e2m1, 32, 25, {'B', 'B', 'B', 'B', published}),
    into_fp16("B200", "tcgen05", e4m3fn, 32, 25, -133, {'B', 'B', 'B', 'B', published}),
    into_fp16("B200", "tcgen05", e5m2, 32, 25, -133, {'B', 'B', 'B', 'B', published}),
    into_fp16("B200", "tcgen05", e3m2, 32, 25, -133, {'B', 'B', 'B', 'B', published}),
    into_fp16("B200", "tcgen05", e2m3, 32, 25, -133, {'B', 'B', 'B', 'B', published}),
    into_fp16("B200", "tcgen05", e2m1, 32, 25, -133, {'B', 'B', 'B', 'B', published}),
    emulated_fp8("B200", e4m3fn, binary32, {'B', 'B', 'D', 'B', "public recordings (KM), not replayed yet"}),
    emulated_fp8("B200", e5m2, binary32, {'B', 'B', 'D', 'B', "public recordings (KM), not replayed yet"}),
    emulated_fp8("B200", e4m3fn, binary16, {'B', 'B', 'D', 'B', "public recordings (KM), not replayed yet"}),
    emulated_fp8("B200", e5m2, binary16, {'B', 'B', 'D', 'B', "public recordings (KM), not replayed yet"}),
    fma_chain("B200", "mma.sync"),
};

bool lists(std::string_view words, std::string_view word) {
    return (" " + std::string(words) + " ").find(" " + std::string(word) + " ") != std::string::npos;
}

}  // namespace

std::optional<Processor> find_processor(std::string_view name) {
    if (const auto named = find_by_name(processors, name)) return named;
    const auto row = std::find_if(processors.begin(), processors.end(),
                                  [&](const Processor& p) { return lists(p.architecture, name); });
    return row == processors.end() ? std::nullopt : std::optional(*row);
}

std::string known_processors() {
    std::string names;
    for (const Processor& processor : processors) {
        names.append(names.empty() ? "" : ", ").append(processor.name);
        std::string others;
        for (const std::string_view alias : processor.aliases)
            others.append(others.empty() ? " (also " : ", ").append(alias);
        names.append(others).append(others.empty() ? "" : ")");
    }
    return names;
}

std::span<const MmaSpec> mma_specs() { return table; }

const MmaSpec* find_mma(std::string_view processor, std::string_view instruction, const Element& a, const Element& b,
                        const Element& accumulator) {
    const auto rows = mma_specs();
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const MmaSpec& spec) {
        return spec.processor == processor && lists(spec.instruction, instruction) && spec.a == a && spec.b == b &&
               spec.accumulator == accumulator;
    });
    return row == rows.end() ? nullptr : &*row;
}

const MmaSpec* find_mma(std::string_view processor, std::string_view instruction, const Element& input,
                        const Element& accumulator) {
    return find_mma(processor, instruction, input, input, accumulator);
}

std::string formats_of(const MmaSpec& spec) {
    const std::string inputs = spec.a == spec.b ? name_of(spec.a) : name_of(spec.a) + " x " + name_of(spec.b);
    return inputs + "->" + name_of(spec.accumulator);
}

}  // namespace halfulp
