// What the random expressions are made of, for a host's compiler and for CUDA's; then they themselves.
#pragma once

#if defined __CUDACC__ || defined __CUDA__
#include <halfulp/gpu/kernel/device/thread.cuh>
#define BOTH __device__ inline
#else
#define BOTH inline
#endif

namespace expressions {

using s8 = signed char;
using s16 = short;
using u32 = unsigned;
using s32 = int;
using u64 = unsigned long long;
using s64 = long long;
using f32 = float;
using f64 = double;

BOTH u32 bits_of(f32 x) { return x == x ? __builtin_bit_cast(u32, x) : 0x7fc00000; }
BOTH u64 bits_of(f64 x) { return x == x ? __builtin_bit_cast(u64, x) : 0x7ff8000000000000; }
BOTH f32 number_of(u32 code) { return __builtin_bit_cast(f32, code); }
BOTH f64 number_of(u64 code) { return __builtin_bit_cast(f64, code); }

/// In the range of s32; 0 for NaN.
BOTH f32 limited(f32 x) { return x > -2e9f && x < 2e9f ? x : 0; }

/// A loop as long as one operand says.
BOTH u32 repeated(u32 times, u32 a, u32 b) {
    for (u32 i = 0; i < times % 8; ++i) a = a * 3 + (b ^ i);
    return a;
}

/// A loop that is left from within.
BOTH u32 first_above(u32 a, u32 b) {
    for (u32 i = 0; i < 16; ++i) {
        a = a * 1664525 + 1013904223;
        if (a > b) return i;
    }
    return 16;
}

// Random texts compare numbers with themselves, and choose between equal ones.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wtautological-compare"
#include <expressions_text.inc>
#pragma GCC diagnostic pop

}  // namespace expressions
