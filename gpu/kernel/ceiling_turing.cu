// How many matrix instructions a device does at most, of those that every target has: what products may reach.
// Least target: compute_75
//
// Tile i: d = c, then 16 times for each of `turns` d = a b + d by one instruction; layouts as in probe_turing.cu. Data stays
// in registers but for the first load and the last store.
// Launch: m blocks of 128 threads, 4 tiles a block.
#include <halfulp/gpu/kernel/device/ceiling.cuh>

using namespace halfulp::device;

extern "C" __global__ void __launch_bounds__(128) chain_m16n8k8_f32_f16(const std::uint16_t* a, const std::uint16_t* b,
                                                                        const float* c, float* d, std::uint32_t turns) {
    chain<M16N8K8_F32_F16>(a, b, c, d, turns);
}

extern "C" __global__ void __launch_bounds__(128)
    chain_m16n8k8_f16_f16(const std::uint16_t* a, const std::uint16_t* b, const std::uint16_t* c, std::uint16_t* d,
                          std::uint32_t turns) {
    chain<M16N8K8_F16_F16>(a, b, c, d, turns);
}

extern "C" __global__ void __launch_bounds__(128)
    chain_m8n8k16_s32_s8(const std::int8_t* a, const std::int8_t* b, const std::int32_t* c, std::int32_t* d,
                         std::uint32_t turns) {
    chain<M8N8K16_S32_S8>(a, b, c, d, turns);
}
