// Gradients on their way through fp16: scaled in f32, stored, widened, and the factor taken out again in f32.
// Least target: compute_75
//
// scale_f32_f16      y[i] = f16(x[i] * factor): the product rounded to f32, then to f16, each to nearest even
// unscale_f16_f32    y[i] = f32(x[i]) * inverse, rounded to nearest even, and *found_inf = 1 if some x is infinite or
//                    NaN; else it is left as it is
// unscale_f32        the same in place, of f32 gradients
// Launch: a thread an element.
#include <halfulp/gpu/kernel/device/loss_scaling.cuh>

using namespace halfulp::device;

extern "C" __global__ void scale_f32_f16(const float* x, std::uint16_t* y, std::uint32_t n, float factor) {
    for_each(n, [=](std::size_t i) { y[i] = f16_rn(F32::mul(x[i], factor)); });
}

extern "C" __global__ void unscale_f16_f32(const std::uint16_t* x, float* y, std::uint32_t* found_inf, std::uint32_t n,
                                           float inverse) {
    for_each(n, [=](std::size_t i) { y[i] = unscaled(f32_from_f16(x[i]), inverse, found_inf); });
}

extern "C" __global__ void unscale_f32(float* x, std::uint32_t* found_inf, std::uint32_t n, float inverse) {
    for_each(n, [=](std::size_t i) { x[i] = unscaled(x[i], inverse, found_inf); });
}
