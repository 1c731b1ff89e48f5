// One matrix instruction a tile, of those that begin with sm_80.
// Least target: compute_80
//
// Arguments and launch are those of probe_turing.cu.
#include <halfulp/gpu/kernel/device/probe.cuh>

using namespace halfulp::device;

extern "C" __global__ void mma_m16n8k16_f32_f16(const std::uint16_t* a, const std::uint16_t* b, const float* c,
                                                float* d) {
    probe<M16N8K16_F32_F16>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k16_f16_f16(const std::uint16_t* a, const std::uint16_t* b, const std::uint16_t* c,
                                                std::uint16_t* d) {
    probe<M16N8K16_F16_F16>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k16_f32_bf16(const std::uint16_t* a, const std::uint16_t* b, const float* c,
                                                 float* d) {
    probe<M16N8K16_F32_BF16>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k8_f32_bf16(const std::uint16_t* a, const std::uint16_t* b, const float* c,
                                                float* d) {
    probe<M16N8K8_F32_BF16>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k8_f32_tf32(const std::uint32_t* a, const std::uint32_t* b, const float* c,
                                                float* d) {
    probe<M16N8K8_F32_TF32>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k4_f32_tf32(const std::uint32_t* a, const std::uint32_t* b, const float* c,
                                                float* d) {
    probe<M16N8K4_F32_TF32>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k32_s32_s8(const std::int8_t* a, const std::int8_t* b, const std::int32_t* c,
                                               std::int32_t* d) {
    probe<M16N8K32_S32_S8>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k32_s32_u8(const std::uint8_t* a, const std::uint8_t* b, const std::int32_t* c,
                                               std::int32_t* d) {
    probe<M16N8K32_S32_U8>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k32_s32_s8_u8(const std::int8_t* a, const std::uint8_t* b, const std::int32_t* c,
                                                  std::int32_t* d) {
    probe<M16N8K32_S32_S8_U8>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k32_s32_u8_s8(const std::uint8_t* a, const std::int8_t* b, const std::int32_t* c,
                                                  std::int32_t* d) {
    probe<M16N8K32_S32_U8_S8>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k32_s32_s8_satfinite(const std::int8_t* a, const std::int8_t* b,
                                                         const std::int32_t* c, std::int32_t* d) {
    probe<M16N8K32_S32_S8_Satfinite>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k16_s32_s8(const std::int8_t* a, const std::int8_t* b, const std::int32_t* c,
                                               std::int32_t* d) {
    probe<M16N8K16_S32_S8>(a, b, c, d);
}

/// Of 8 x 8 x 4: with g = lane / 4 and t = lane % 4, a is of row g and column t, b of row t and column g, d of row g
/// and columns 2 t and 2 t + 1.
extern "C" __global__ void mma_m8n8k4_f64_f64(const double* a, const double* b, const double* c, double* d) {
    constexpr unsigned side = 8, depth = 4;
    const std::size_t tile = block_index();
    const std::size_t number = (tile * side + lane() / 4) * side + lane() % 4 * 2;
    double sums[2] = {c[number], c[number + 1]};
    asm volatile("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64 {%0, %1}, {%2}, {%3}, {%0, %1};"
                 : "+d"(sums[0]), "+d"(sums[1])
                 : "d"(a[tile * side * depth + lane()]), "d"(b[tile * side * depth + lane()]));
    d[number] = sums[0];
    d[number + 1] = sums[1];
}
