// Numbers to integer codes of a uniform quantiser and back, element by element.
// Least target: compute_75
//
// quantise_f32_s8, _u8  nearest(x / scale) + zero_point, clamped to the codes of 8 bits: ONNX's QuantizeLinear. The
//                       quotient is rounded to f32 first, then to an integer, each to nearest even, and then comes the
//                       zero point.
// quantise_f32_s32      the same with any least and greatest code, without a zero point; _down: floor(x / scale)
// dequantise_s8_f32, _u8_f32   (q - zero_point) * scale, rounded to nearest even: ONNX's DequantizeLinear
// fake_quantise_f32     x quantised to s8 and back; _reciprocal: nearest(x * (1 / scale)), as PyTorch does, which gives
//                       other codes
// NaN becomes the code of 0. Pre: scale is finite and positive, zero_point is a code.
// Launch: a thread an element.
#include <halfulp/gpu/kernel/device/arithmetic.cuh>
#include <halfulp/gpu/kernel/device/quantise.cuh>

using namespace halfulp::device;

namespace {

template <class T>
__device__ void quantise(const float* x, typename T::Code* y, std::uint32_t n, float scale, std::int32_t zero_point) {
    for_each(n, [=](std::size_t i) {
        const std::int32_t nearest = s32_nearest(F32::div(x[i], scale));
        y[i] = static_cast<typename T::Code>(integer_code<T>(nearest, zero_point));
    });
}

/// Exact up to the product: codes are small.
__device__ float number(std::int32_t code, float scale, std::int32_t zero_point) {
    return F32::mul(f32_from_s32(code - zero_point), scale);
}

}  // namespace

extern "C" __global__ void quantise_f32_s8(const float* x, std::int8_t* y, std::uint32_t n, float scale,
                                           std::int32_t zero_point) {
    quantise<S8>(x, y, n, scale, zero_point);
}

extern "C" __global__ void quantise_f32_u8(const float* x, std::uint8_t* y, std::uint32_t n, float scale,
                                           std::int32_t zero_point) {
    quantise<U8>(x, y, n, scale, zero_point);
}

extern "C" __global__ void quantise_f32_s32(const float* x, std::int32_t* y, std::uint32_t n, float scale,
                                            std::int32_t least, std::int32_t greatest) {
    for_each(n, [=](std::size_t i) { y[i] = clamp(s32_nearest(F32::div(x[i], scale)), least, greatest); });
}

extern "C" __global__ void quantise_f32_s32_down(const float* x, std::int32_t* y, std::uint32_t n, float scale,
                                                 std::int32_t least, std::int32_t greatest) {
    for_each(n, [=](std::size_t i) { y[i] = clamp(s32_down(F32::div(x[i], scale)), least, greatest); });
}

extern "C" __global__ void dequantise_s8_f32(const std::int8_t* x, float* y, std::uint32_t n, float scale,
                                             std::int32_t zero_point) {
    for_each(n, [=](std::size_t i) { y[i] = number(x[i], scale, zero_point); });
}

extern "C" __global__ void dequantise_u8_f32(const std::uint8_t* x, float* y, std::uint32_t n, float scale,
                                             std::int32_t zero_point) {
    for_each(n, [=](std::size_t i) { y[i] = number(x[i], scale, zero_point); });
}

extern "C" __global__ void fake_quantise_f32(const float* x, float* y, std::uint32_t n, float scale,
                                             std::int32_t zero_point) {
    for_each(n, [=](std::size_t i) {
        y[i] = number(integer_code<S8>(s32_nearest(F32::div(x[i], scale)), zero_point), scale, zero_point);
    });
}

extern "C" __global__ void fake_quantise_f32_reciprocal(const float* x, float* y, std::uint32_t n, float scale,
                                                        std::int32_t zero_point) {
    for_each(n, [=](std::size_t i) {
        const float product = F32::mul(x[i], F32::div(1.0F, scale));
        y[i] = number(integer_code<S8>(s32_nearest(product), zero_point), scale, zero_point);
    });
}
