// f32 to tf32 by PTX's cvt: f32 codes whose lowest 13 bits are 0. y[i] is x[i] converted.
// Least target: compute_90
//
// rn to nearest even, rz towards zero; relu: what is negative becomes +0, and NaN stays NaN.
// Launch: a thread an element.
#include <halfulp/gpu/kernel/device/convert.cuh>

using namespace halfulp::device;

namespace {

__device__ std::uint32_t tf32_rn(float x) {
    std::uint32_t d;
    asm("cvt.rn.tf32.f32 %0, %1;" : "=r"(d) : "f"(x));
    return d;
}

__device__ std::uint32_t tf32_rz(float x) {
    std::uint32_t d;
    asm("cvt.rz.tf32.f32 %0, %1;" : "=r"(d) : "f"(x));
    return d;
}

__device__ std::uint32_t tf32_rn_relu(float x) {
    std::uint32_t d;
    asm("cvt.rn.relu.tf32.f32 %0, %1;" : "=r"(d) : "f"(x));
    return d;
}

}  // namespace

extern "C" __global__ void f32_to_tf32_rn(const float* x, std::uint32_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = tf32_rn(x[i]); });
}

extern "C" __global__ void f32_to_tf32_rz(const float* x, std::uint32_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = tf32_rz(x[i]); });
}

extern "C" __global__ void f32_to_tf32_rn_relu(const float* x, std::uint32_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = tf32_rn_relu(x[i]); });
}

extern "C" __global__ void f32_to_tf32_rz_relu(const float* x, std::uint32_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { asm("cvt.rz.relu.tf32.f32 %0, %1;" : "=r"(y[i]) : "f"(x[i])); });
}
