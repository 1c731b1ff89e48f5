#pragma once

#include <cstdint>

#include <halfulp/gpu/kernel/device/convert.cuh>

// Arithmetic of a format, each operation rounded to nearest even by the instruction that says so (.rn): the compiler
// may contract what does not. A struct a format, with the same functions, for templates. Codes are `float` and
// `double`, and integers for the formats that C++ has no type of.

namespace halfulp::device {

struct F32 {
    using Code = float;

    __device__ static float add(float a, float b) {
        float d;
        asm("add.rn.f32 %0, %1, %2;" : "=f"(d) : "f"(a), "f"(b));
        return d;
    }
    __device__ static float sub(float a, float b) {
        float d;
        asm("sub.rn.f32 %0, %1, %2;" : "=f"(d) : "f"(a), "f"(b));
        return d;
    }
    __device__ static float mul(float a, float b) {
        float d;
        asm("mul.rn.f32 %0, %1, %2;" : "=f"(d) : "f"(a), "f"(b));
        return d;
    }
    __device__ static float div(float a, float b) {
        float d;
        asm("div.rn.f32 %0, %1, %2;" : "=f"(d) : "f"(a), "f"(b));
        return d;
    }
    __device__ static float sqrt(float a) {
        float d;
        asm("sqrt.rn.f32 %0, %1;" : "=f"(d) : "f"(a));
        return d;
    }
    __device__ static float fma(float a, float b, float c) {
        float d;
        asm("fma.rn.f32 %0, %1, %2, %3;" : "=f"(d) : "f"(a), "f"(b), "f"(c));
        return d;
    }
};

struct F64 {
    using Code = double;

    __device__ static double add(double a, double b) {
        double d;
        asm("add.rn.f64 %0, %1, %2;" : "=d"(d) : "d"(a), "d"(b));
        return d;
    }
    __device__ static double sub(double a, double b) {
        double d;
        asm("sub.rn.f64 %0, %1, %2;" : "=d"(d) : "d"(a), "d"(b));
        return d;
    }
    __device__ static double mul(double a, double b) {
        double d;
        asm("mul.rn.f64 %0, %1, %2;" : "=d"(d) : "d"(a), "d"(b));
        return d;
    }
    __device__ static double div(double a, double b) {
        double d;
        asm("div.rn.f64 %0, %1, %2;" : "=d"(d) : "d"(a), "d"(b));
        return d;
    }
    __device__ static double fma(double a, double b, double c) {
        double d;
        asm("fma.rn.f64 %0, %1, %2, %3;" : "=d"(d) : "d"(a), "d"(b), "d"(c));
        return d;
    }
};

struct F16 {
    using Code = std::uint16_t;

    __device__ static Code add(Code a, Code b) {
        Code d;
        asm("add.rn.f16 %0, %1, %2;" : "=h"(d) : "h"(a), "h"(b));
        return d;
    }
    __device__ static Code sub(Code a, Code b) {
        Code d;
        asm("sub.rn.f16 %0, %1, %2;" : "=h"(d) : "h"(a), "h"(b));
        return d;
    }
    __device__ static Code mul(Code a, Code b) {
        Code d;
        asm("mul.rn.f16 %0, %1, %2;" : "=h"(d) : "h"(a), "h"(b));
        return d;
    }
    __device__ static Code fma(Code a, Code b, Code c) {
        Code d;
        asm("fma.rn.f16 %0, %1, %2, %3;" : "=h"(d) : "h"(a), "h"(b), "h"(c));
        return d;
    }
    /// PTX has none. Two roundings, the same as one: 24 >= 2 * 11 + 2 bits (Figueroa 1995; Roux 2014 with subnormals).
    __device__ static Code div(Code a, Code b) { return f16_rn(F32::div(f32_from_f16(a), f32_from_f16(b))); }
};

/// Of what PTX has for bf16 from sm_80 on, its fused multiply-add alone: a + b is a * 1 + b, and a * b is a * b - 0.
struct Bf16 {
    using Code = std::uint16_t;
    static constexpr Code one = 0x3F80, minus_one = 0xBF80, minus_zero = 0x8000;

    __device__ static Code fma(Code a, Code b, Code c) {
        Code d;
        asm("fma.rn.bf16 %0, %1, %2, %3;" : "=h"(d) : "h"(a), "h"(b), "h"(c));
        return d;
    }
    __device__ static Code add(Code a, Code b) { return fma(a, one, b); }
    __device__ static Code sub(Code a, Code b) { return fma(b, minus_one, a); }
    __device__ static Code mul(Code a, Code b) { return fma(a, b, minus_zero); }
    /// As F16's: 24 >= 2 * 8 + 2.
    __device__ static Code div(Code a, Code b) { return bf16_rn(F32::div(f32_from_bf16(a), f32_from_bf16(b))); }
};

/// Two numbers a word, the first one in the low half.
struct F16x2 {
    using Code = std::uint32_t;

    __device__ static Code add(Code a, Code b) {
        Code d;
        asm("add.rn.f16x2 %0, %1, %2;" : "=r"(d) : "r"(a), "r"(b));
        return d;
    }
    __device__ static Code mul(Code a, Code b) {
        Code d;
        asm("mul.rn.f16x2 %0, %1, %2;" : "=r"(d) : "r"(a), "r"(b));
        return d;
    }
    __device__ static Code fma(Code a, Code b, Code c) {
        Code d;
        asm("fma.rn.f16x2 %0, %1, %2, %3;" : "=r"(d) : "r"(a), "r"(b), "r"(c));
        return d;
    }
};

struct Bf16x2 {
    using Code = std::uint32_t;

    __device__ static Code fma(Code a, Code b, Code c) {
        Code d;
        asm("fma.rn.bf16x2 %0, %1, %2, %3;" : "=r"(d) : "r"(a), "r"(b), "r"(c));
        return d;
    }
};

}  // namespace halfulp::device
