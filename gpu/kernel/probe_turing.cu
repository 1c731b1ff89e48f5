// One matrix instruction a tile, of those that every target has.
// Least target: compute_75
//
// Tile i: d = a b + c with a: rows x k, row after row; b: 8 x k, column after column of B; c, d: rows x 8, row after
// row; each tile follows the one before it. rows, k and 8 are the shape's, in its name. Fragments are loaded by the
// layouts of PTX's manual, without ldmatrix. Integers wrap, but for _satfinite.
// Launch: a block of 32 threads a tile.
#include <halfulp/gpu/kernel/device/probe.cuh>

using namespace halfulp::device;

extern "C" __global__ void mma_m16n8k8_f32_f16(const std::uint16_t* a, const std::uint16_t* b, const float* c,
                                               float* d) {
    probe<M16N8K8_F32_F16>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k8_f16_f16(const std::uint16_t* a, const std::uint16_t* b, const std::uint16_t* c,
                                               std::uint16_t* d) {
    probe<M16N8K8_F16_F16>(a, b, c, d);
}

extern "C" __global__ void mma_m8n8k16_s32_s8(const std::int8_t* a, const std::int8_t* b, const std::int32_t* c,
                                              std::int32_t* d) {
    probe<M8N8K16_S32_S8>(a, b, c, d);
}

extern "C" __global__ void mma_m8n8k16_s32_u8(const std::uint8_t* a, const std::uint8_t* b, const std::int32_t* c,
                                              std::int32_t* d) {
    probe<M8N8K16_S32_U8>(a, b, c, d);
}

extern "C" __global__ void mma_m8n8k16_s32_s8_satfinite(const std::int8_t* a, const std::int8_t* b,
                                                        const std::int32_t* c, std::int32_t* d) {
    probe<M8N8K16_S32_S8_Satfinite>(a, b, c, d);
}
