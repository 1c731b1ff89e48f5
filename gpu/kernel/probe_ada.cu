// One matrix instruction a tile, of those that begin with sm_89.
// Least target: compute_89
//
// Arguments and launch are those of probe_turing.cu.
#include <halfulp/gpu/kernel/device/probe.cuh>

using namespace halfulp::device;

extern "C" __global__ void mma_m16n8k32_f32_e4m3(const std::uint8_t* a, const std::uint8_t* b, const float* c,
                                                 float* d) {
    probe<M16N8K32_F32_E4M3>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k32_f32_e5m2(const std::uint8_t* a, const std::uint8_t* b, const float* c,
                                                 float* d) {
    probe<M16N8K32_F32_E5M2>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k32_f32_e4m3_e5m2(const std::uint8_t* a, const std::uint8_t* b, const float* c,
                                                      float* d) {
    probe<M16N8K32_F32_E4M3_E5M2>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k32_f32_e5m2_e4m3(const std::uint8_t* a, const std::uint8_t* b, const float* c,
                                                      float* d) {
    probe<M16N8K32_F32_E5M2_E4M3>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k32_f16_e4m3(const std::uint8_t* a, const std::uint8_t* b, const std::uint16_t* c,
                                                 std::uint16_t* d) {
    probe<M16N8K32_F16_E4M3>(a, b, c, d);
}

extern "C" __global__ void mma_m16n8k32_f16_e5m2(const std::uint8_t* a, const std::uint8_t* b, const std::uint16_t* c,
                                                 std::uint16_t* d) {
    probe<M16N8K32_F16_E5M2>(a, b, c, d);
}
