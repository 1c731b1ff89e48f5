// What the random expressions are made of, for a host's compiler and for CUDA's; then they themselves.
#pragma once

#if defined __CUDACC__ || defined __CUDA__
#include <halfulp/gpu/kernel/device/thread.cuh>
#endif
#include "half.cuh"

namespace expressions {

using s8 = signed char;
using s16 = short;
using u16 = unsigned short;
using u32 = unsigned;
using s32 = int;
using u64 = unsigned long long;
using s64 = long long;
using f32 = float;
using f64 = double;

/// What an expression is made of.
struct Operands {
    u32 a, b;
    u64 c, d;
    f32 x, y;
    f64 z, w;
    f16 g, h;
    bf16 p, q;
};

BOTH u32 bits_of(f32 x) { return x == x ? __builtin_bit_cast(u32, x) : 0x7fc00000; }
BOTH u64 bits_of(f64 x) { return x == x ? __builtin_bit_cast(u64, x) : 0x7ff8000000000000; }
BOTH f32 number_of(u32 code) { return __builtin_bit_cast(f32, code); }
BOTH f64 number_of(u64 code) { return __builtin_bit_cast(f64, code); }

/// Of 12 words, one for each operand.
BOTH Operands operands_of(const u64* o) {
    return {u32(o[0]),       u32(o[1]),       o[2],        o[3],        number_of(u32(o[4])), number_of(u32(o[5])),
            number_of(o[6]), number_of(o[7]), {u16(o[8])}, {u16(o[9])}, {u16(o[10])},         {u16(o[11])}};
}

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
