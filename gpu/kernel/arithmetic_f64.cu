// Arithmetic in f64, element by element: d[i] = a[i] + b[i], ... and a[i] * b[i] + c[i] in one rounding.
// Least target: compute_75
//
// Each result is rounded once, to nearest even; subnormal numbers are kept.
// Launch: a thread an element.
#include <halfulp/gpu/kernel/device/arithmetic.cuh>

using namespace halfulp::device;

extern "C" __global__ void add_f64(const double* a, const double* b, double* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F64::add(a[i], b[i]); });
}

extern "C" __global__ void sub_f64(const double* a, const double* b, double* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F64::sub(a[i], b[i]); });
}

extern "C" __global__ void mul_f64(const double* a, const double* b, double* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F64::mul(a[i], b[i]); });
}

extern "C" __global__ void div_f64(const double* a, const double* b, double* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F64::div(a[i], b[i]); });
}

extern "C" __global__ void fma_f64(const double* a, const double* b, const double* c, double* d, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { d[i] = F64::fma(a[i], b[i], c[i]); });
}
