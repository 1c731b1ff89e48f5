// How many matrix instructions a device does at most, of those that begin with sm_80: what products may reach.
// Least target: compute_80
//
// Arguments and launch are those of ceiling_turing.cu.
#include <halfulp/gpu/kernel/device/ceiling.cuh>

using namespace halfulp::device;

extern "C" __global__ void __launch_bounds__(128)
    chain_m16n8k16_f32_f16(const std::uint16_t* a, const std::uint16_t* b, const float* c, float* d,
                           std::uint32_t turns) {
    chain<M16N8K16_F32_F16>(a, b, c, d, turns);
}

extern "C" __global__ void __launch_bounds__(128)
    chain_m16n8k16_f16_f16(const std::uint16_t* a, const std::uint16_t* b, const std::uint16_t* c, std::uint16_t* d,
                           std::uint32_t turns) {
    chain<M16N8K16_F16_F16>(a, b, c, d, turns);
}

extern "C" __global__ void __launch_bounds__(128)
    chain_m16n8k16_f32_bf16(const std::uint16_t* a, const std::uint16_t* b, const float* c, float* d,
                            std::uint32_t turns) {
    chain<M16N8K16_F32_BF16>(a, b, c, d, turns);
}

extern "C" __global__ void __launch_bounds__(128)
    chain_m16n8k8_f32_tf32(const std::uint32_t* a, const std::uint32_t* b, const float* c, float* d,
                           std::uint32_t turns) {
    chain<M16N8K8_F32_TF32>(a, b, c, d, turns);
}

extern "C" __global__ void __launch_bounds__(128)
    chain_m16n8k32_s32_s8(const std::int8_t* a, const std::int8_t* b, const std::int32_t* c, std::int32_t* d,
                          std::uint32_t turns) {
    chain<M16N8K32_S32_S8>(a, b, c, d, turns);
}
