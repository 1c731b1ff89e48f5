#include <array>

#include <halfulp/lib/matrix_unit/rows/rows.h>

// Sources: MMA-Sim is arXiv:2511.10909 and its code; KM is arXiv:2512.07004 with the recordings of
// north-numerical-computing/MATLAB-tensor-core; Fasi is PeerJ CS 7:e330; QT is qqq-tao's RTX 5090 study.

namespace halfulp {
namespace {

constexpr std::string_view recorded = "recordings (KM); MMA-Sim table 4";
constexpr std::string_view unseen = "public recordings (KM), not replayed yet; MMA-Sim table 4";
constexpr std::string_view published = "MMA-Sim table 4";
constexpr std::string_view inferred = "inferred: fp8's row; MMA-Sim leaves fp6 to do";

// The floors are MMA-Sim's: -108 - F where the accumulator is binary32, 3 - F of the generation's base F where
// mma.sync accumulates in binary16; KM has the latter one higher, and no published result decides.

constexpr int floor_of_fp32(int fraction_bits) { return -108 - fraction_bits; }

/// What the generations differ in.
struct Generation {
    std::string_view processor;
    int fraction_bits;
    int group16, group32;   ///< of 16-bit inputs and of tf32
    bool km_higher = true;  ///< KM's floor of binary16 accumulators is one higher
};

constexpr Generation volta{"V100", 23, 4, 0}, turing{"T4", 24, 8, 0, false}, ampere{"A100", 24, 8, 4},
    ada{"Ada", 24, 8, 4}, hopper{"H100", 25, 16, 8}, blackwell{"B200", 25, 16, 8}, rtx_blackwell{"RTX5090", 25, 16, 8};

/// Into binary32, truncating.
MmaSpec into_fp32(const Generation& g, std::string_view instruction, const Format& input, int group,
                  const Evidence& evidence) {
    MmaSpec spec{g.processor, instruction,          input,   input, binary32, Family::AlignedSum,
                 group,       Rounding::TowardZero, evidence};
    spec.fraction_bits = g.fraction_bits;
    spec.exponent_floor = floor_of_fp32(g.fraction_bits);
    return spec;
}

/// Into binary16 by mma.sync, rounding to nearest.
MmaSpec into_fp16(const Generation& g, std::string_view instruction, const Format& input, int group,
                  const Evidence& evidence) {
    MmaSpec spec{g.processor, instruction,           input,   input, binary16, Family::AlignedSum,
                 group,       Rounding::NearestEven, evidence};
    spec.fraction_bits = g.fraction_bits;
    spec.exponent_floor = 3 - g.fraction_bits;
    if (g.km_higher) spec.km_floor = spec.exponent_floor + 1;
    return spec;
}

/// Into binary16 by wgmma or tcgen05, whose sums are as wide as those into binary32.
MmaSpec into_fp16_wide(const Generation& g, std::string_view instruction, const Format& input, int group,
                       const Evidence& evidence) {
    MmaSpec spec = into_fp16(g, instruction, input, group, evidence);
    spec.exponent_floor = floor_of_fp32(g.fraction_bits);
    spec.km_floor.reset();
    return spec;
}

/// fp8 units that align and keep 13 fraction bits only.
MmaSpec narrowed(MmaSpec spec) {
    spec.fraction_bits = 13;
    if (spec.accumulator == binary32) spec.kept = e8m13;
    return spec;
}

/// mma.sync with fp8 where the hardware has none: the compiler widens to binary16 and issues two products of 16.
MmaSpec emulated(MmaSpec spec) {
    spec.multiplied = binary16;
    spec.order = KOrder::AlternatePairs;
    spec.c_last = true;
    return spec;
}

MmaSpec scaled(MmaSpec spec, const Format& scale, int block) {
    spec.scaling = {scale, block};
    return spec;
}

/// mxf4 and mxf4nvf4 (MMA-Sim table 5).
MmaSpec fp4_groups(const Generation& g, std::string_view instruction, const Format& scale, int block) {
    MmaSpec spec = scaled(into_fp32(g, instruction, e2m1, 64, {'B', 'B', 'B', 'B', "MMA-Sim table 5"}), scale, block);
    spec.family = Family::ScaledGroups;
    spec.fraction_bits = 35;
    spec.exponent_floor = -139;
    return spec;
}

/// IEEE fused multiply-adds in ascending k.
void add_fp64(Rows& rows, const Generation& g) {
    rows.push_back({g.processor,
                    "mma.sync wmma",
                    binary64,
                    binary64,
                    binary64,
                    Family::ExactSum,
                    1,
                    Rounding::NearestEven,
                    {'B', 'B', 'D', 'B', "PTX ISA; Fasi"}});
}

/// Exact integers that wrap or, by .satfinite, saturate: after the whole instruction, of whose longest K the group is.
void add_integers(Rows& rows, const Generation& g, std::string_view instruction, std::string_view satfinite, int group,
                  Elements elements) {
    MmaSpec spec{g.processor,
                 instruction,
                 s8,
                 s8,
                 s32,
                 Family::Integers,
                 group,
                 Rounding::TowardZero,
                 {'B', 'B', 'B', 'B', "PTX ISA"}};
    add_any(rows, spec, elements);
    spec.instruction = satfinite;
    spec.saturates = true;
    spec.evidence = {'D', 'B', 'B', 'B', "PTX ISA; when it clamps is inferred"};
    add_any(rows, spec, elements);
}

void add_volta(Rows& rows) {
    const Generation& g = volta;
    rows.push_back(into_fp32(g, "mma.sync wmma", binary16, g.group16, {'B', 'A', 'D', 'A', recorded}));
    rows.push_back(into_fp16(g, "mma.sync wmma", binary16, g.group16, {'B', 'B', 'D', 'A', recorded}));
}

void add_turing(Rows& rows) {
    const Generation& g = turing;
    constexpr std::string_view source = "MMA-Sim table 4; Fasi";
    rows.push_back(into_fp32(g, "mma.sync wmma", binary16, g.group16, {'B', 'A', 'D', 'A', source}));
    rows.push_back(into_fp16(g, "mma.sync wmma", binary16, g.group16, {'B', 'B', 'D', 'B', source}));
    add_integers(rows, g, "mma.sync wmma", "mma.sync.satfinite wmma.satfinite", 16, {s8, u8});
    add_integers(rows, g, "mma.sync wmma", "mma.sync.satfinite wmma.satfinite", 32, {s4, u4});
}

/// What Ampere and Ada share, but for the recordings: of ties into binary16 only Ada's have one.
void add_ampere(Rows& rows, const Generation& g, char rounding_into_fp16) {
    rows.push_back(into_fp32(g, "mma.sync wmma", binary16, g.group16, {'B', 'A', 'D', 'A', recorded}));
    rows.push_back(into_fp16(g, "mma.sync wmma", binary16, g.group16, {'B', 'B', 'D', rounding_into_fp16, recorded}));
    rows.push_back(into_fp32(g, "mma.sync wmma", bfloat16, g.group16, {'B', 'A', 'B', 'A', recorded}));
    rows.push_back(into_fp32(g, "mma.sync wmma", tf32, g.group32, {'B', 'A', 'B', 'A', recorded}));
    add_fp64(rows, g);
    add_integers(rows, g, "mma.sync wmma", "mma.sync.satfinite wmma.satfinite", 32, {s8, u8});
    add_integers(rows, g, "mma.sync wmma", "mma.sync.satfinite wmma.satfinite", 64, {s4, u4});
}

void add_ada_fp8(Rows& rows) {
    const Generation& g = ada;
    const MmaSpec wide = narrowed(into_fp32(g, "mma.sync", e4m3fn, 16, {'A', 'A', 'B', 'A', recorded}));
    MmaSpec half = narrowed(into_fp16(g, "mma.sync", e4m3fn, 16, {'A', 'A', 'D', 'A', recorded}));
    half.km_floor = floor_of_fp32(g.fraction_bits);
    for (MmaSpec spec : {wide, half}) {
        add_each(rows, spec, {e4m3fn, e5m2});
        spec.evidence = {'B', 'B', spec.evidence.exponent_floor, 'B', published};
        add_mixed(rows, spec, {e4m3fn, e5m2});
    }
}

void add_emulated_fp8(Rows& rows, const Generation& g, const Evidence& wide, const Evidence& half) {
    const MmaSpec into32 = emulated(into_fp32(g, "mma.sync", e4m3fn, 16, wide));
    const MmaSpec into16 = emulated(into_fp16(g, "mma.sync", e4m3fn, 16, half));
    for (MmaSpec spec : {into32, into16}) {
        add_each(rows, spec, {e4m3fn, e5m2});
        spec.evidence = {'C', 'C', 'D', 'C', "inferred: the row without mixing"};
        add_mixed(rows, spec, {e4m3fn, e5m2});
    }
}

void add_hopper(Rows& rows) {
    const Generation& g = hopper;
    rows.push_back(into_fp32(g, "mma.sync wmma wgmma", binary16, g.group16, {'A', 'A', 'D', 'A', recorded}));
    rows.push_back(into_fp16(g, "mma.sync wmma", binary16, g.group16, {'A', 'B', 'D', 'A', recorded}));
    rows.push_back(into_fp16_wide(g, "wgmma", binary16, g.group16, {'B', 'B', 'D', 'B', published}));
    rows.push_back(into_fp32(g, "mma.sync wmma wgmma", bfloat16, g.group16,
                             {'A', 'A', 'A', 'A', "recordings (KM) and KM issue 7"}));
    rows.push_back(into_fp32(g, "mma.sync wmma wgmma", tf32, g.group32, {'B', 'A', 'B', 'A', recorded}));
    MmaSpec wide = narrowed(into_fp32(g, "wgmma", e4m3fn, 32, {'A', 'A', 'B', 'A', recorded}));
    add_each(rows, wide, {e4m3fn, e5m2});
    wide.evidence = {'B', 'B', 'B', 'B', published};
    add_mixed(rows, wide, {e4m3fn, e5m2});
    add_any(rows, narrowed(into_fp16_wide(g, "wgmma", e4m3fn, 32, {'B', 'B', 'B', 'B', published})), {e4m3fn, e5m2});
    add_emulated_fp8(rows, g, {'C', 'C', 'D', 'C', "as recorded on B200 (KM)"},
                     {'A', 'B', 'D', 'A', "recordings (KM); NVIDIA/cutlass issue 1986"});
    add_fp64(rows, g);
    add_integers(rows, g, "mma.sync wmma wgmma", "mma.sync.satfinite wmma.satfinite wgmma.satfinite", 32, {s8, u8});
    add_integers(rows, g, "mma.sync wmma", "mma.sync.satfinite wmma.satfinite", 64, {s4, u4});
}

/// fp8, fp6 and fp4 in any mix.
void add_f8f6f4(Rows& rows, const MmaSpec& row) {
    MmaSpec spec = row;
    spec.evidence = {'B', 'B', 'B', 'B', spec.scaling ? published : "MMA-Sim table 4; QT"};
    add_any(rows, spec, {e4m3fn, e5m2, e2m1});
    spec.evidence = {'C', 'C', 'C', 'C', inferred};
    add_product(rows, spec, {e3m2, e2m3}, {e4m3fn, e5m2, e2m1, e3m2, e2m3});
    add_product(rows, spec, {e4m3fn, e5m2, e2m1}, {e3m2, e2m3});
}

void add_fp4(Rows& rows, const Generation& g, std::array<std::string_view, 3> instructions) {
    rows.push_back(fp4_groups(g, instructions[0], e8m0, 32));
    rows.push_back(fp4_groups(g, instructions[1], e8m0, 16));
    rows.push_back(fp4_groups(g, instructions[2], ue4m3, 16));
}

void add_blackwell(Rows& rows) {
    const Generation& g = blackwell;
    const Evidence none{};
    rows.push_back(into_fp32(g, "mma.sync wmma tcgen05", binary16, g.group16, {'B', 'B', 'D', 'B', unseen}));
    rows.push_back(into_fp16(g, "mma.sync wmma", binary16, g.group16, {'B', 'B', 'D', 'B', unseen}));
    rows.push_back(into_fp16_wide(g, "tcgen05", binary16, g.group16, {'B', 'B', 'D', 'B', published}));
    rows.push_back(into_fp32(g, "mma.sync wmma tcgen05", bfloat16, g.group16, {'B', 'B', 'B', 'B', unseen}));
    rows.push_back(into_fp32(g, "mma.sync wmma tcgen05", tf32, g.group32, {'B', 'B', 'B', 'B', unseen}));
    add_f8f6f4(rows, into_fp32(g, "tcgen05", e4m3fn, 32, none));
    add_f8f6f4(rows, into_fp16_wide(g, "tcgen05", e4m3fn, 32, none));
    add_f8f6f4(rows, scaled(into_fp32(g, "tcgen05.mxf8f6f4", e4m3fn, 32, none), e8m0, 32));
    add_fp4(rows, g, {"tcgen05.mxf4 tcgen05.mxf4nvf4.2X", "tcgen05.mxf4nvf4.4X.ue8m0", "tcgen05.mxf4nvf4.4X.ue4m3"});
    const Evidence emulation{'B', 'B', 'D', 'B', "public recordings (KM), not replayed yet"};
    add_emulated_fp8(rows, g, emulation, emulation);
    add_fp64(rows, g);
    add_integers(rows, g, "mma.sync wmma tcgen05", "mma.sync.satfinite wmma.satfinite tcgen05.satfinite", 32, {s8, u8});
    add_integers(rows, g, "mma.sync wmma", "mma.sync.satfinite wmma.satfinite", 64, {s4, u4});
}

void add_rtx_blackwell(Rows& rows) {
    const Generation& g = rtx_blackwell;
    const Evidence none{}, b{'B', 'B', 'D', 'B', "MMA-Sim table 4; QT"};
    rows.push_back(into_fp32(g, "mma.sync wmma", binary16, g.group16, b));
    rows.push_back(into_fp16(g, "mma.sync wmma", binary16, g.group16, b));
    rows.push_back(into_fp32(g, "mma.sync wmma", bfloat16, g.group16, b));
    rows.push_back(
        into_fp32(g, "mma.sync wmma", tf32, g.group32, {'A', 'B', 'D', 'B', "MMA-Sim table 4; a result of QT"}));
    add_f8f6f4(rows, into_fp32(g, "mma.sync", e4m3fn, 32, none));
    MmaSpec half = into_fp16(g, "mma.sync", e4m3fn, 32, none);
    half.km_floor.reset();
    add_f8f6f4(rows, half);
    add_f8f6f4(rows, scaled(into_fp32(g, "mma.sync.mxf8f6f4", e4m3fn, 32, none), e8m0, 32));
    add_fp4(rows, g,
            {"mma.sync.mxf4 mma.sync.mxf4nvf4.2X", "mma.sync.mxf4nvf4.4X.ue8m0", "mma.sync.mxf4nvf4.4X.ue4m3"});
    add_fp64(rows, g);
    add_integers(rows, g, "mma.sync wmma", "mma.sync.satfinite wmma.satfinite", 32, {s8, u8});
    add_integers(rows, g, "mma.sync wmma", "mma.sync.satfinite wmma.satfinite", 64, {s4, u4});
}

}  // namespace

void add_nvidia_rows(Rows& rows) {
    add_volta(rows);
    add_turing(rows);
    add_ampere(rows, ampere, 'B');
    add_ampere(rows, ada, 'A');
    add_ada_fp8(rows);
    add_hopper(rows);
    add_blackwell(rows);
    add_rtx_blackwell(rows);
}

}  // namespace halfulp
