// How many matrix instructions a device does at most, of those that begin with sm_89: what products may reach.
// Least target: compute_89
//
// Arguments and launch are those of ceiling_turing.cu.
#include <halfulp/gpu/kernel/device/ceiling.cuh>

using namespace halfulp::device;

extern "C" __global__ void __launch_bounds__(128)
    chain_m16n8k32_f32_e4m3(const std::uint8_t* a, const std::uint8_t* b, const float* c, float* d,
                            std::uint32_t turns) {
    chain<M16N8K32_F32_E4M3>(a, b, c, d, turns);
}

extern "C" __global__ void __launch_bounds__(128)
    chain_m16n8k32_f32_e5m2(const std::uint8_t* a, const std::uint8_t* b, const float* c, float* d,
                            std::uint32_t turns) {
    chain<M16N8K32_F32_E5M2>(a, b, c, d, turns);
}

extern "C" __global__ void __launch_bounds__(128)
    chain_m16n8k32_f16_e4m3(const std::uint8_t* a, const std::uint8_t* b, const std::uint16_t* c, std::uint16_t* d,
                            std::uint32_t turns) {
    chain<M16N8K32_F16_E4M3>(a, b, c, d, turns);
}
