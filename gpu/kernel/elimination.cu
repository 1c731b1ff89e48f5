// The solution of systems of two equations by elimination, each step rounded to nearest even: where the digits go.
// Least target: compute_75
//
// system i: a11 a12 a21 a22 c1 c2 in x[6 i ...]; run i: m t u22 s y2 x2 v w x1 in y[9 i ...], with
// m = a21 / a11, t = m a12, u22 = a22 - t, s = m c1, y2 = c2 - s, x2 = y2 / u22, v = a12 x2, w = c1 - v, x1 = w / a11.
// Launch: a thread a system.
#include <halfulp/gpu/kernel/device/elimination.cuh>

using namespace halfulp::device;

extern "C" __global__ void eliminate_f32(const float* x, float* y, std::uint32_t n) { eliminate<F32>(x, y, n); }

extern "C" __global__ void eliminate_f64(const double* x, double* y, std::uint32_t n) { eliminate<F64>(x, y, n); }

extern "C" __global__ void eliminate_f16(const std::uint16_t* x, std::uint16_t* y, std::uint32_t n) {
    eliminate<F16>(x, y, n);
}
