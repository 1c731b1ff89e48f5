#pragma once

#include <cstdint>

#include <halfulp/lib/kernel/int8/int8_gemm.hpp>

namespace halfulp::kernel {

/// C, or C +, the sum over k of (u + a_offset) * (b - b_zero), where u = a - a_least as bytes, from 0 to u_most.
struct Int8Problem {
    MatrixView<const std::uint8_t> a;
    std::uint8_t a_least;
    int u_most, a_offset;
    MatrixView<const std::uint8_t> b;  ///< the bytes of signed numbers
    int b_zero;
    MatrixView<std::int32_t> c;
    bool adds;
    unsigned threads;
};

}  // namespace halfulp::kernel
