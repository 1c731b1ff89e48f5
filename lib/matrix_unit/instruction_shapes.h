#pragma once

#include <string_view>

// Which shapes matrix instructions have. Sources: PTX ISA 8.8 (mma, wmma, wgmma.mma_async, tcgen05.mma); AMD's ISA guides of
// CDNA1 to 3; Intel's SDM; Arm's A64 instructions.

namespace halfulp {

/// Instructions that differ in their elements alone. Lists are of words separated by blanks.
struct InstructionShape {
    std::string_view processors;  ///< names, separated by blanks
    std::string_view unit;        ///< what the rows of the units' table call it
    std::string_view inputs;      ///< the elements that a and b may be of, where the table has a row for them
    std::string_view pattern;     ///< {a}, {b}, {d}: elements by PTX's names; {n}: n
    int m, n, k;        ///< n is the largest one where the pattern has {n}, 8 or more, and a multiple of n_step
    int n_step = 0;     ///< 0 where n is fixed
    bool same = false;  ///< a and b are of one element
};

namespace shapes {

inline constexpr std::string_view from_turing = "T4 A100 Ada H100 B200 RTX5090";
inline constexpr std::string_view from_ampere = "A100 Ada H100 B200 RTX5090";
inline constexpr std::string_view from_volta = "V100 T4 A100 Ada H100 B200 RTX5090";
inline constexpr std::string_view fp8 = "e4m3 e5m2";
inline constexpr std::string_view f8f6f4 = "e4m3 e5m2 e3m2 e2m3 e2m1";

}  // namespace shapes

/// The shapes, by vendor.
inline constexpr InstructionShape instruction_shapes[] = {
    {"V100", "mma.sync", "f16", "mma.sync.aligned.m8n8k4.row.col.{d}.{a}.{b}.{d}", 8, 8, 4},
    {shapes::from_turing, "mma.sync", "f16", "mma.sync.aligned.m16n8k8.row.col.{d}.{a}.{b}.{d}", 16, 8, 8},
    {shapes::from_ampere, "mma.sync", "bf16 tf32", "mma.sync.aligned.m16n8k8.row.col.{d}.{a}.{b}.{d}", 16, 8, 8},
    {shapes::from_ampere, "mma.sync", "f16 bf16", "mma.sync.aligned.m16n8k16.row.col.{d}.{a}.{b}.{d}", 16, 8, 16},
    {shapes::from_ampere, "mma.sync", "tf32", "mma.sync.aligned.m16n8k4.row.col.{d}.{a}.{b}.{d}", 16, 8, 4},
    {shapes::from_ampere, "mma.sync", "f64", "mma.sync.aligned.m8n8k4.row.col.{d}.{a}.{b}.{d}", 8, 8, 4},
    {"Ada H100 B200 RTX5090", "mma.sync", shapes::fp8, "mma.sync.aligned.m16n8k32.row.col.{d}.{a}.{b}.{d}", 16, 8, 32},
    {"Ada RTX5090", "mma.sync", shapes::fp8, "mma.sync.aligned.m16n8k16.row.col.{d}.{a}.{b}.{d}", 16, 8, 16},
    {"RTX5090", "mma.sync", shapes::f8f6f4, "mma.sync.aligned.kind::f8f6f4.m16n8k32.row.col.{d}.{a}.{b}.{d}", 16, 8,
     32},
    {"RTX5090", "mma.sync.mxf8f6f4", shapes::f8f6f4,
     "mma.sync.aligned.kind::mxf8f6f4.block_scale.scale_vec::1X.m16n8k32.row.col.{d}.{a}.{b}.{d}.ue8m0", 16, 8, 32},
    {"RTX5090", "mma.sync.mxf4", "e2m1",
     "mma.sync.aligned.kind::mxf4.block_scale.scale_vec::2X.m16n8k64.row.col.{d}.{a}.{b}.{d}.ue8m0", 16, 8, 64},
    {"RTX5090", "mma.sync.mxf4nvf4.2X", "e2m1",
     "mma.sync.aligned.kind::mxf4nvf4.block_scale.scale_vec::2X.m16n8k64.row.col.{d}.{a}.{b}.{d}.ue8m0", 16, 8, 64},
    {"RTX5090", "mma.sync.mxf4nvf4.4X.ue8m0", "e2m1",
     "mma.sync.aligned.kind::mxf4nvf4.block_scale.scale_vec::4X.m16n8k64.row.col.{d}.{a}.{b}.{d}.ue8m0", 16, 8, 64},
    {"RTX5090", "mma.sync.mxf4nvf4.4X.ue4m3", "e2m1",
     "mma.sync.aligned.kind::mxf4nvf4.block_scale.scale_vec::4X.m16n8k64.row.col.{d}.{a}.{b}.{d}.ue4m3", 16, 8, 64},
    {shapes::from_turing, "mma.sync", "s8 u8", "mma.sync.aligned.m8n8k16.row.col.{d}.{a}.{b}.{d}", 8, 8, 16},
    {shapes::from_turing, "mma.sync", "s4 u4", "mma.sync.aligned.m8n8k32.row.col.{d}.{a}.{b}.{d}", 8, 8, 32},
    {shapes::from_ampere, "mma.sync", "s8 u8", "mma.sync.aligned.m16n8k16.row.col.{d}.{a}.{b}.{d}", 16, 8, 16},
    {shapes::from_ampere, "mma.sync", "s8 u8 s4 u4", "mma.sync.aligned.m16n8k32.row.col.{d}.{a}.{b}.{d}", 16, 8, 32},
    {shapes::from_ampere, "mma.sync", "s4 u4", "mma.sync.aligned.m16n8k64.row.col.{d}.{a}.{b}.{d}", 16, 8, 64},
    {shapes::from_turing, "mma.sync.satfinite", "s8 u8", "mma.sync.aligned.m8n8k16.row.col.satfinite.{d}.{a}.{b}.{d}",
     8, 8, 16},
    {shapes::from_turing, "mma.sync.satfinite", "s4 u4", "mma.sync.aligned.m8n8k32.row.col.satfinite.{d}.{a}.{b}.{d}",
     8, 8, 32},
    {shapes::from_ampere, "mma.sync.satfinite", "s8 u8", "mma.sync.aligned.m16n8k16.row.col.satfinite.{d}.{a}.{b}.{d}",
     16, 8, 16},
    {shapes::from_ampere, "mma.sync.satfinite", "s8 u8 s4 u4",
     "mma.sync.aligned.m16n8k32.row.col.satfinite.{d}.{a}.{b}.{d}", 16, 8, 32},
    {shapes::from_ampere, "mma.sync.satfinite", "s4 u4", "mma.sync.aligned.m16n8k64.row.col.satfinite.{d}.{a}.{b}.{d}",
     16, 8, 64},

    {shapes::from_volta, "wmma", "f16", "wmma.mma.sync.aligned.row.col.m16n16k16.{d}.{d}", 16, 16, 16},
    {shapes::from_volta, "wmma", "f16", "wmma.mma.sync.aligned.row.col.m32n8k16.{d}.{d}", 32, 8, 16},
    {shapes::from_volta, "wmma", "f16", "wmma.mma.sync.aligned.row.col.m8n32k16.{d}.{d}", 8, 32, 16},
    {shapes::from_turing, "wmma", "bf16 s8 u8", "wmma.mma.sync.aligned.row.col.m16n16k16.{d}.{a}.{b}.{d}", 16, 16, 16,
     0, true},
    {shapes::from_turing, "wmma.satfinite", "s8 u8",
     "wmma.mma.sync.aligned.row.col.m16n16k16.{d}.{a}.{b}.{d}.satfinite", 16, 16, 16, 0, true},
    {shapes::from_turing, "wmma", "bf16 s8 u8", "wmma.mma.sync.aligned.row.col.m32n8k16.{d}.{a}.{b}.{d}", 32, 8, 16, 0,
     true},
    {shapes::from_turing, "wmma.satfinite", "s8 u8", "wmma.mma.sync.aligned.row.col.m32n8k16.{d}.{a}.{b}.{d}.satfinite",
     32, 8, 16, 0, true},
    {shapes::from_turing, "wmma", "bf16 s8 u8", "wmma.mma.sync.aligned.row.col.m8n32k16.{d}.{a}.{b}.{d}", 8, 32, 16, 0,
     true},
    {shapes::from_turing, "wmma.satfinite", "s8 u8", "wmma.mma.sync.aligned.row.col.m8n32k16.{d}.{a}.{b}.{d}.satfinite",
     8, 32, 16, 0, true},
    {shapes::from_turing, "wmma", "s4 u4", "wmma.mma.sync.aligned.row.col.m8n8k32.{d}.{a}.{b}.{d}", 8, 8, 32, 0, true},
    {shapes::from_turing, "wmma.satfinite", "s4 u4", "wmma.mma.sync.aligned.row.col.m8n8k32.{d}.{a}.{b}.{d}.satfinite",
     8, 8, 32, 0, true},
    {shapes::from_ampere, "wmma", "tf32", "wmma.mma.sync.aligned.row.col.m16n16k8.{d}.{a}.{b}.{d}", 16, 16, 8},
    {shapes::from_ampere, "wmma", "f64", "wmma.mma.sync.aligned.row.col.m8n8k4.{d}.{a}.{b}.{d}", 8, 8, 4},

    {"H100", "wgmma", "f16 bf16", "wgmma.mma_async.sync.aligned.m64n{n}k16.{d}.{a}.{b}", 64, 256, 16, 8},
    {"H100", "wgmma", "tf32", "wgmma.mma_async.sync.aligned.m64n{n}k8.{d}.{a}.{b}", 64, 256, 8, 8},
    {"H100", "wgmma", "e4m3 e5m2 s8 u8", "wgmma.mma_async.sync.aligned.m64n{n}k32.{d}.{a}.{b}", 64, 256, 32, 8},
    {"H100", "wgmma.satfinite", "s8 u8", "wgmma.mma_async.sync.aligned.m64n{n}k32.satfinite.{d}.{a}.{b}", 64, 256, 32,
     8},

    {"B200", "tcgen05", "f16 bf16", "tcgen05.mma.cta_group::1.kind::f16.m128n{n}k16.{d}.{a}.{b}", 128, 256, 16, 16},
    {"B200", "tcgen05", "tf32", "tcgen05.mma.cta_group::1.kind::tf32.m128n{n}k8.{d}.{a}.{b}", 128, 256, 8, 16},
    {"B200", "tcgen05", shapes::f8f6f4, "tcgen05.mma.cta_group::1.kind::f8f6f4.m128n{n}k32.{d}.{a}.{b}", 128, 256, 32,
     16},
    {"B200", "tcgen05", "s8 u8", "tcgen05.mma.cta_group::1.kind::i8.m128n{n}k32.{d}.{a}.{b}", 128, 256, 32, 16},
    {"B200", "tcgen05.satfinite", "s8 u8", "tcgen05.mma.cta_group::1.kind::i8.m128n{n}k32.satfinite.{d}.{a}.{b}", 128,
     256, 32, 16},
    {"B200", "tcgen05.mxf8f6f4", shapes::f8f6f4,
     "tcgen05.mma.cta_group::1.kind::mxf8f6f4.block_scale.m128n{n}k32.{d}.{a}.{b}.ue8m0", 128, 256, 32, 16},
    {"B200", "tcgen05.mxf4", "e2m1",
     "tcgen05.mma.cta_group::1.kind::mxf4.block_scale.scale_vec::2X.m128n{n}k64.{d}.{a}.{b}.ue8m0", 128, 256, 64, 16},
    {"B200", "tcgen05.mxf4nvf4.2X", "e2m1",
     "tcgen05.mma.cta_group::1.kind::mxf4nvf4.block_scale.scale_vec::2X.m128n{n}k64.{d}.{a}.{b}.ue8m0", 128, 256, 64,
     16},
    {"B200", "tcgen05.mxf4nvf4.4X.ue8m0", "e2m1",
     "tcgen05.mma.cta_group::1.kind::mxf4nvf4.block_scale.scale_vec::4X.m128n{n}k64.{d}.{a}.{b}.ue8m0", 128, 256, 64,
     16},
    {"B200", "tcgen05.mxf4nvf4.4X.ue4m3", "e2m1",
     "tcgen05.mma.cta_group::1.kind::mxf4nvf4.block_scale.scale_vec::4X.m128n{n}k64.{d}.{a}.{b}.ue4m3", 128, 256, 64,
     16},

    // Of several blocks (2b, 4b, 16b), which have nothing to do with each other, the shape is that of one.
    {"MI100 MI250X", "mfma", "f32", "v_mfma_f32_32x32x1f32", 32, 32, 1},
    {"MI100 MI250X", "mfma", "f32", "v_mfma_f32_16x16x1f32", 16, 16, 1},
    {"MI100 MI250X", "mfma", "f32", "v_mfma_f32_4x4x1f32", 4, 4, 1},
    {"MI100 MI250X", "mfma", "f32", "v_mfma_f32_32x32x2f32", 32, 32, 2},
    {"MI100 MI250X", "mfma", "f32", "v_mfma_f32_16x16x4f32", 16, 16, 4},
    {"MI100 MI250X", "mfma", "f16", "v_mfma_f32_32x32x4f16", 32, 32, 4},
    {"MI100 MI250X", "mfma", "f16", "v_mfma_f32_16x16x4f16", 16, 16, 4},
    {"MI100 MI250X", "mfma", "f16", "v_mfma_f32_4x4x4f16", 4, 4, 4},
    {"MI100 MI250X", "mfma", "f16", "v_mfma_f32_32x32x8f16", 32, 32, 8},
    {"MI100 MI250X", "mfma", "f16", "v_mfma_f32_16x16x16f16", 16, 16, 16},
    {"MI100 MI250X", "mfma", "bf16", "v_mfma_f32_32x32x2bf16", 32, 32, 2},
    {"MI100 MI250X", "mfma", "bf16", "v_mfma_f32_16x16x2bf16", 16, 16, 2},
    {"MI100 MI250X", "mfma", "bf16", "v_mfma_f32_4x4x2bf16", 4, 4, 2},
    {"MI100 MI250X", "mfma", "bf16", "v_mfma_f32_32x32x4bf16", 32, 32, 4},
    {"MI100 MI250X", "mfma", "bf16", "v_mfma_f32_16x16x8bf16", 16, 16, 8},
    {"MI100 MI250X", "mfma", "s8", "v_mfma_i32_32x32x4i8", 32, 32, 4},
    {"MI100 MI250X", "mfma", "s8", "v_mfma_i32_16x16x4i8", 16, 16, 4},
    {"MI100 MI250X", "mfma", "s8", "v_mfma_i32_4x4x4i8", 4, 4, 4},
    {"MI100 MI250X", "mfma", "s8", "v_mfma_i32_32x32x8i8", 32, 32, 8},
    {"MI100 MI250X", "mfma", "s8", "v_mfma_i32_16x16x16i8", 16, 16, 16},
    {"MI250X", "mfma_1k", "bf16", "v_mfma_f32_32x32x4bf16_1k", 32, 32, 4},
    {"MI250X", "mfma_1k", "bf16", "v_mfma_f32_16x16x4bf16_1k", 16, 16, 4},
    {"MI250X", "mfma_1k", "bf16", "v_mfma_f32_4x4x4bf16_1k", 4, 4, 4},
    {"MI250X", "mfma_1k", "bf16", "v_mfma_f32_32x32x8bf16_1k", 32, 32, 8},
    {"MI250X", "mfma_1k", "bf16", "v_mfma_f32_16x16x16bf16_1k", 16, 16, 16},
    {"MI250X", "mfma", "f64", "v_mfma_f64_4x4x4f64", 4, 4, 4},
    {"MI250X", "mfma", "f64", "v_mfma_f64_16x16x4f64", 16, 16, 4},
    {"MI300X", "mfma", "f64", "v_mfma_f64_4x4x4_4b_f64", 4, 4, 4},
    {"MI300X", "mfma", "f64", "v_mfma_f64_16x16x4_f64", 16, 16, 4},
    {"MI300X", "mfma", "f32", "v_mfma_f32_32x32x1_2b_f32", 32, 32, 1},
    {"MI300X", "mfma", "f32", "v_mfma_f32_16x16x1_4b_f32", 16, 16, 1},
    {"MI300X", "mfma", "f32", "v_mfma_f32_4x4x1_16b_f32", 4, 4, 1},
    {"MI300X", "mfma", "f32", "v_mfma_f32_32x32x2_f32", 32, 32, 2},
    {"MI300X", "mfma", "f32", "v_mfma_f32_16x16x4_f32", 16, 16, 4},
    {"MI300X", "mfma", "tf32", "v_mfma_f32_32x32x4_xf32", 32, 32, 4},
    {"MI300X", "mfma", "tf32", "v_mfma_f32_16x16x8_xf32", 16, 16, 8},
    {"MI300X", "mfma", "f16 bf16", "v_mfma_f32_32x32x4_2b_{a}", 32, 32, 4},
    {"MI300X", "mfma", "f16 bf16", "v_mfma_f32_16x16x4_4b_{a}", 16, 16, 4},
    {"MI300X", "mfma", "f16 bf16", "v_mfma_f32_4x4x4_16b_{a}", 4, 4, 4},
    {"MI300X", "mfma", "f16 bf16", "v_mfma_f32_32x32x8_{a}", 32, 32, 8},
    {"MI300X", "mfma", "f16 bf16", "v_mfma_f32_16x16x16_{a}", 16, 16, 16},
    {"MI300X", "mfma", "fp8 bf8", "v_mfma_f32_32x32x16_{a}_{b}", 32, 32, 16},
    {"MI300X", "mfma", "fp8 bf8", "v_mfma_f32_16x16x32_{a}_{b}", 16, 16, 32},
    {"MI300X", "mfma", "s8", "v_mfma_i32_32x32x4_2b_i8", 32, 32, 4},
    {"MI300X", "mfma", "s8", "v_mfma_i32_16x16x4_4b_i8", 16, 16, 4},
    {"MI300X", "mfma", "s8", "v_mfma_i32_4x4x4_16b_i8", 4, 4, 4},
    {"MI300X", "mfma", "s8", "v_mfma_i32_32x32x16_i8", 32, 32, 16},
    {"MI300X", "mfma", "s8", "v_mfma_i32_16x16x32_i8", 16, 16, 32},

    // Instructions on vectors, with the one of a broadcast: a row of A, and a column of B in each lane.
    {"x86", "VDPBF16PS", "bf16", "VDPBF16PS", 1, 16, 2},
    {"x86", "VPDPBUSD", "u8 s8", "VPDPBUSD", 1, 16, 4},
    {"x86", "VPDPBUSDS", "u8 s8", "VPDPBUSDS", 1, 16, 4},
    {"x86", "TDPBF16PS", "bf16", "TDPBF16PS", 16, 16, 32},
    {"x86", "TDPFP16PS", "f16", "TDPFP16PS", 16, 16, 32},
    {"x86", "TDPBF8PS", "e5m2", "TDPBF8PS", 16, 16, 64},
    {"x86", "TDPBHF8PS", "e5m2 e4m3", "TDPBHF8PS", 16, 16, 64},
    {"x86", "TDPHBF8PS", "e5m2 e4m3", "TDPHBF8PS", 16, 16, 64},
    {"x86", "TDPHF8PS", "e4m3", "TDPHF8PS", 16, 16, 64},
    {"x86", "TDPBSSD", "s8", "TDPBSSD", 16, 16, 64},
    {"x86", "TDPBSUD", "s8 u8", "TDPBSUD", 16, 16, 64},
    {"x86", "TDPBUSD", "s8 u8", "TDPBUSD", 16, 16, 64},
    {"x86", "TDPBUUD", "u8", "TDPBUUD", 16, 16, 64},

    {"Arm Arm-EBF", "BFDOT", "bf16", "BFDOT", 1, 4, 2},
    {"Arm Arm-EBF", "BFMMLA", "bf16", "BFMMLA", 2, 2, 4},
    {"Arm Arm-EBF", "BFMLALB", "bf16", "BFMLALB", 1, 4, 1},
    {"Arm Arm-EBF", "BFMLALT", "bf16", "BFMLALT", 1, 4, 1},
    {"Arm", "SDOT", "s8", "SDOT", 1, 4, 4},
    {"Arm", "UDOT", "u8", "UDOT", 1, 4, 4},
    {"Arm", "USDOT", "u8 s8", "USDOT", 1, 4, 4},
    {"Arm", "SMMLA", "s8", "SMMLA", 2, 2, 8},
    {"Arm", "UMMLA", "u8", "UMMLA", 2, 2, 8},
    {"Arm", "USMMLA", "u8 s8", "USMMLA", 2, 2, 8},
};

}  // namespace halfulp
