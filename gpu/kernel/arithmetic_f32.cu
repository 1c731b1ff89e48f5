// Arithmetic in f32, element by element: d[i] = a[i] + b[i], ... and a[i] * b[i] + c[i] in one rounding.
// Least target: compute_75
//
// Each result is rounded once, to nearest even; subnormal numbers are kept; NaN is 0x7FFFFFFF.
// Launch: a thread an element.
#include <halfulp/gpu/kernel/device/arithmetic.cuh>

using namespace halfulp::device;

extern "C" __global__ void add_f32(const float* a, const float* b, float* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F32::add(a[i], b[i]); });
}

extern "C" __global__ void sub_f32(const float* a, const float* b, float* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F32::sub(a[i], b[i]); });
}

extern "C" __global__ void mul_f32(const float* a, const float* b, float* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F32::mul(a[i], b[i]); });
}

extern "C" __global__ void div_f32(const float* a, const float* b, float* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F32::div(a[i], b[i]); });
}

extern "C" __global__ void sqrt_f32(const float* a, float* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F32::sqrt(a[i]); });
}

extern "C" __global__ void fma_f32(const float* a, const float* b, const float* c, float* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F32::fma(a[i], b[i], c[i]); });
}
