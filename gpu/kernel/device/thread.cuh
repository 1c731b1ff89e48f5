#pragma once

#include <cstddef>
#include <cstdint>

// A thread's place in its launch, its barrier and its warp: what NVIDIA's headers give, in PTX, so that nvcc and a
// clang without CUDA (-nocudainc) read the same kernels.

#ifndef __global__  // nvcc knows these words by itself
#define __global__ __attribute__((global))
#define __device__ __attribute__((device))
#define __shared__ __attribute__((shared))
#define __launch_bounds__(threads) __attribute__((launch_bounds(threads)))
#endif

namespace halfulp::device {

inline constexpr unsigned warp_size = 32;
inline constexpr std::uint32_t whole_warp = 0xFFFFFFFF;

__device__ inline unsigned thread_index() {
    unsigned x;
    asm("mov.u32 %0, %%tid.x;" : "=r"(x));
    return x;
}

__device__ inline unsigned block_index() {
    unsigned x;
    asm("mov.u32 %0, %%ctaid.x;" : "=r"(x));
    return x;
}

__device__ inline unsigned block_index_y() {
    unsigned y;
    asm("mov.u32 %0, %%ctaid.y;" : "=r"(y));
    return y;
}

__device__ inline unsigned threads_of_block() {
    unsigned x;
    asm("mov.u32 %0, %%ntid.x;" : "=r"(x));
    return x;
}

/// Counted through all blocks. Pre: the launch has at most 2^32 threads along x.
__device__ inline unsigned global_index() { return block_index() * threads_of_block() + thread_index(); }

__device__ inline unsigned lane() { return thread_index() % warp_size; }
__device__ inline unsigned warp() { return thread_index() / warp_size; }

/// All threads of the block have come here, and each sees what the others have written.
__device__ inline void barrier() { asm volatile("bar.sync 0;" ::: "memory"); }

/// f(i) for one i < n a thread: a launch of at least n threads.
template <class F>
__device__ void for_each(std::uint32_t n, F f) {
    const unsigned i = global_index();
    if (i < n) f(std::size_t{i});
}

/// f(i, last) for every second i < n, one a thread; `last` where i + 1 is n. A launch of at least (n + 1) / 2 threads.
template <class F>
__device__ void for_each_pair(std::uint32_t n, F f) {
    const std::size_t i = std::size_t{global_index()} * 2;
    if (i < n) f(i, i + 1 == n);
}

// What lane ^ mask, or lane + offset, has; the lane's own beyond the last one. Every lane of the warp must come here.

__device__ inline std::uint32_t shuffle_xor(std::uint32_t x, unsigned mask) {
    std::uint32_t got;
    asm volatile("shfl.sync.bfly.b32 %0, %1, %2, 31, %3;" : "=r"(got) : "r"(x), "r"(mask), "n"(whole_warp));
    return got;
}

__device__ inline std::uint32_t shuffle_down(std::uint32_t x, unsigned offset) {
    std::uint32_t got;
    asm volatile("shfl.sync.down.b32 %0, %1, %2, 31, %3;" : "=r"(got) : "r"(x), "r"(offset), "n"(whole_warp));
    return got;
}

/// What that lane has.
__device__ inline std::uint32_t shuffle_from(std::uint32_t x, unsigned from) {
    std::uint32_t got;
    asm volatile("shfl.sync.idx.b32 %0, %1, %2, 31, %3;" : "=r"(got) : "r"(x), "r"(from), "n"(whole_warp));
    return got;
}

}  // namespace halfulp::device
