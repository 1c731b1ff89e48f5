#pragma once

#include <halfulp/lib/adapter/stored.hpp>

// CUDA's types of 16 bits, of cuda_fp16.h and cuda_bf16.h, which the caller includes.

struct __half;
struct __nv_bfloat16;

/// CUDA's half, whose bytes are a code of fp16.
template <>
struct halfulp::StoredNumber<__half> {
    using type = Float<binary16>;  ///< fp16
};
/// CUDA's bfloat16, whose bytes are a code of bf16.
template <>
struct halfulp::StoredNumber<__nv_bfloat16> {
    using type = Float<bfloat16>;  ///< bf16
};
