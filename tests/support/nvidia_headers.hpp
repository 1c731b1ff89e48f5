#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>
#include <string>
#include <vector>

#ifdef HALFULP_HAS_CUDA_HEADERS
#include <cuda_bf16.h>
#include <cuda_fp16.h>
#include <cuda_fp8.h>
#endif

// What the headers of CUDA compute on a host, beside the interpreter: NVIDIA's own word for its conversions.

namespace halfulp::test {

/// A conversion of binary32 by a kernel of this library, and the same by a header.
struct HeaderConversion {
    const char* kernel;
    int bytes;  ///< of the result
    std::uint64_t (*of_header)(float);
};

#ifdef HALFULP_HAS_CUDA_HEADERS
inline const std::vector<HeaderConversion> header_conversions = {
    {"f32_to_f16_rn", 2, [](float x) { return std::uint64_t{__half_raw(__float2half_rn(x)).x}; }},
    {"f32_to_f16_rz", 2, [](float x) { return std::uint64_t{__half_raw(__float2half_rz(x)).x}; }},
    {"f32_to_f16_rm", 2, [](float x) { return std::uint64_t{__half_raw(__float2half_rd(x)).x}; }},
    {"f32_to_f16_rp", 2, [](float x) { return std::uint64_t{__half_raw(__float2half_ru(x)).x}; }},
    {"f32_to_bf16_rn", 2, [](float x) { return std::uint64_t{__nv_bfloat16_raw(__float2bfloat16_rn(x)).x}; }},
    {"f32_to_bf16_rz", 2, [](float x) { return std::uint64_t{__nv_bfloat16_raw(__float2bfloat16_rz(x)).x}; }},
    {"f32_to_e4m3x2_rn_satfinite", 1,
     [](float x) { return std::uint64_t{__nv_cvt_float_to_fp8(x, __NV_SATFINITE, __NV_E4M3)}; }},
    {"f32_to_e5m2x2_rn_satfinite", 1,
     [](float x) { return std::uint64_t{__nv_cvt_float_to_fp8(x, __NV_SATFINITE, __NV_E5M2)}; }},
};
#else
inline const std::vector<HeaderConversion> header_conversions = {};
#endif

/// The codes first, first + step, ...: each conversion by the interpreter, and by its header.
inline void expect_as_headers(gpu::Device& device, std::uint32_t first, std::uint32_t step, std::uint32_t count) {
    std::vector<std::uint32_t> codes(count);
    for (std::uint32_t i = 0; i < count; ++i) codes[i] = first + i * step;
    const gpu::DeviceArray<std::uint32_t> x(device, codes);
    for (const HeaderConversion& conversion : header_conversions) {
        const gpu::Kernel& kernel = *gpu::find_kernel(conversion.kernel);
        const auto bytes = static_cast<std::size_t>(conversion.bytes);
        const gpu::DeviceArray<std::uint8_t> y(device, count * bytes);
        const gpu::Blocks blocks = gpu::blocks_of(kernel.launch, {.n = count});
        device.launch(gpu::device_code(kernel.file), conversion.kernel,
                      {.grid = {blocks.x, blocks.y, 1}, .block = {kernel.launch.threads, 1, 1}},
                      gpu::arguments(x.address(), y.address(), count));
        const std::vector<std::uint8_t> got = y.read();
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < count; ++i) {
            std::uint64_t code = 0;
            for (std::size_t b = 0; b < bytes; ++b) code |= std::uint64_t{got[i * bytes + b]} << (8 * b);
            const std::uint64_t wanted = conversion.of_header(std::bit_cast<float>(codes[i]));
            if (code != wanted && ++wrong <= 3)
                ADD_FAILURE() << conversion.kernel << std::hex << " of 0x" << codes[i] << ": 0x" << code
                              << ", by the header 0x" << wanted;
        }
        EXPECT_EQ(wrong, 0U) << conversion.kernel;
    }
}

}  // namespace halfulp::test
