// loss_scaling.cu through bf16, whose conversion begins with sm_80.
// Least target: compute_80
//
// Arguments and launch are those of loss_scaling.cu.
#include <halfulp/gpu/kernel/device/loss_scaling.cuh>

using namespace halfulp::device;

extern "C" __global__ void scale_f32_bf16(const float* x, std::uint16_t* y, std::uint32_t n, float factor) {
    for_each(n, [=](std::size_t i) { y[i] = bf16_rn(F32::mul(x[i], factor)); });
}

extern "C" __global__ void unscale_bf16_f32(const std::uint16_t* x, float* y, std::uint32_t* found_inf, std::uint32_t n,
                                            float inverse) {
    for_each(n, [=](std::size_t i) { y[i] = unscaled(f32_from_bf16(x[i]), inverse, found_inf); });
}
