#pragma once

#include <bit>
#include <cstdint>

#include <halfulp/gpu/kernel/device/arithmetic.cuh>

// Sums and dot products of many lanes, in a stated order: each lane takes its terms one after another, and then the
// lanes come together in a tree.

namespace halfulp::device {

/// Integers that wrap.
struct S32 {
    using Code = std::int32_t;

    __device__ static Code add(Code a, Code b) {
        return static_cast<Code>(static_cast<std::uint32_t>(a) + static_cast<std::uint32_t>(b));
    }
    __device__ static Code fma(Code a, Code b, Code c) { return add(a * b, c); }
};

// What is summed: terms of `In`, widened exactly, in the arithmetic of `Sum`.

template <class F>
struct Same {
    using In = typename F::Code;
    using Sum = F;
    __device__ static In widened(In x) { return x; }
};
struct F16ToF32 {
    using In = std::uint16_t;
    using Sum = F32;
    __device__ static float widened(In x) { return f32_from_f16(x); }
};
struct Bf16ToF32 {
    using In = std::uint16_t;
    using Sum = F32;
    __device__ static float widened(In x) { return f32_from_bf16(x); }
};
struct S8ToS32 {
    using In = std::int8_t;
    using Sum = S32;
    __device__ static std::int32_t widened(In x) { return x; }
};

// Numbers as the words that lanes exchange.
__device__ inline std::uint32_t word_of(float x) { return std::bit_cast<std::uint32_t>(x); }
__device__ inline std::uint32_t word_of(std::uint16_t x) { return x; }
__device__ inline std::uint32_t word_of(std::int32_t x) { return static_cast<std::uint32_t>(x); }

template <class Code>
__device__ Code number_from(std::uint32_t word) {
    if constexpr (sizeof(Code) == sizeof word)
        return std::bit_cast<Code>(word);
    else
        return static_cast<Code>(word);
}

/// Lane 0 has x0 + x1 of neighbours, their sums added likewise, ...: what lib/accumulate calls halves.
template <class F>
__device__ typename F::Code neighbours_sum(typename F::Code x, unsigned lanes) {
    for (unsigned mask = 1; mask < lanes; mask *= 2)
        x = F::add(x, number_from<typename F::Code>(shuffle_xor(word_of(x), mask)));
    return x;
}

/// Lane 0 has the sum of lanes 0 and 16, 1 and 17, ..., then of 0 and 8, ..., as programs with shfl.down make it.
template <class F>
__device__ typename F::Code folded_sum(typename F::Code x) {
    for (unsigned offset = warp_size / 2; offset > 0; offset /= 2)
        x = F::add(x, number_from<typename F::Code>(shuffle_down(word_of(x), offset)));
    return x;
}

inline constexpr unsigned block_size = 256;

/// neighbours_sum through a block: thread 0 has it.
template <class F>
__device__ typename F::Code block_sum(typename F::Code x) {
    constexpr unsigned warps = block_size / warp_size;
    __shared__ typename F::Code sums[warps];
    x = neighbours_sum<F>(x, warp_size);
    if (lane() == 0) sums[warp()] = x;
    barrier();
    return neighbours_sum<F>(sums[lane() % warps], warps);
}

/// The terms first, first + step, ... one after another, from +0.
template <class T>
__device__ typename T::Sum::Code lane_sum(const typename T::In* x, std::uint32_t n, std::uint32_t first,
                                          std::uint32_t step) {
    typename T::Sum::Code sum = {};
    for (std::uint32_t i = first; i < n; i += step) sum = T::Sum::add(sum, T::widened(x[i]));
    return sum;
}

/// The same of products, each added without being rounded first.
template <class T>
__device__ typename T::Sum::Code lane_dot(const typename T::In* a, const typename T::In* b, std::uint32_t n,
                                          std::uint32_t first, std::uint32_t step) {
    typename T::Sum::Code sum = {};
    for (std::uint32_t i = first; i < n; i += step) sum = T::Sum::fma(T::widened(a[i]), T::widened(b[i]), sum);
    return sum;
}

}  // namespace halfulp::device
