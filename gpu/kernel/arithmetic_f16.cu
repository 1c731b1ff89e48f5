// Arithmetic in f16, element by element: d[i] = a[i] + b[i], ... and a[i] * b[i] + c[i] in one rounding; two at a time
// for f16x2.
// Least target: compute_75
//
// Each result is rounded to nearest even, a quotient by way of f32, which gives the same; subnormal numbers are kept;
// NaN is 0x7FFF.
// Launch: a thread an element; a thread two elements, which share a word, for x2.
#include <halfulp/gpu/kernel/device/arithmetic.cuh>

using namespace halfulp::device;

extern "C" __global__ void add_f16(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F16::add(a[i], b[i]); });
}

extern "C" __global__ void sub_f16(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F16::sub(a[i], b[i]); });
}

extern "C" __global__ void mul_f16(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F16::mul(a[i], b[i]); });
}

extern "C" __global__ void div_f16(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F16::div(a[i], b[i]); });
}

extern "C" __global__ void fma_f16(const std::uint16_t* a, const std::uint16_t* b, const std::uint16_t* c,
                                   std::uint16_t* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F16::fma(a[i], b[i], c[i]); });
}

extern "C" __global__ void add_f16x2(const std::uint32_t* a, const std::uint32_t* b, std::uint32_t* d,
                                     std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F16x2::add(a[i], b[i]); });
}

extern "C" __global__ void mul_f16x2(const std::uint32_t* a, const std::uint32_t* b, std::uint32_t* d,
                                     std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F16x2::mul(a[i], b[i]); });
}

extern "C" __global__ void fma_f16x2(const std::uint32_t* a, const std::uint32_t* b, const std::uint32_t* c,
                                     std::uint32_t* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F16x2::fma(a[i], b[i], c[i]); });
}
