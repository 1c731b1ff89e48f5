// f32 to tf32 by PTX's cvt: f32 codes whose lowest 13 bits are 0. y[i] is x[i] converted.
// Least target: compute_80
//
// rna to nearest, ties away from zero; satfinite: what is too large, or infinite, becomes the largest number.
// Launch: a thread an element.
#include <halfulp/gpu/kernel/device/convert.cuh>

using namespace halfulp::device;

namespace {

__device__ std::uint32_t tf32_rna(float x) {
    std::uint32_t d;
    asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(d) : "f"(x));
    return d;
}

}  // namespace

extern "C" __global__ void f32_to_tf32_rna(const float* x, std::uint32_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = tf32_rna(x[i]); });
}

extern "C" __global__ void f32_to_tf32_rna_satfinite(const float* x, std::uint32_t* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { asm("cvt.rna.satfinite.tf32.f32 %0, %1;" : "=r"(y[i]) : "f"(x[i])); });
}
