#pragma once

#include <cstdint>

#include <halfulp/gpu/kernel/device/thread.cuh>

// From global to shared memory 16 bytes at a time, and from there to the fragments of matrix instructions.

namespace halfulp::device {

/// 16 bytes.
struct alignas(16) Chunk {
    std::uint32_t words[4];
};

/// The address of a place in shared memory, as PTX's .shared instructions take it.
__device__ inline std::uint32_t shared_address(const void* p) {
    std::uint64_t address;
    asm("cvta.to.shared.u64 %0, %1;" : "=l"(address) : "l"(p));
    return static_cast<std::uint32_t>(address);
}

/// The same of global memory.
__device__ inline std::uint64_t global_address(const void* p) {
    std::uint64_t address;
    asm("cvta.to.global.u64 %0, %1;" : "=l"(address) : "l"(p));
    return address;
}

/// Copies that arrive when their group has been waited for (from sm_80 on). `to` is in shared memory, `from` in global
/// memory; both are multiples of 16.
struct AsyncCopy {
    /// The first `bytes` of 16; zeros for the others, which are not read.
    __device__ static void chunk(void* to, const void* from, std::uint32_t bytes) {
        asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
                     :
                     : "r"(shared_address(to)), "l"(global_address(from)), "r"(bytes)
                     : "memory");
    }
    /// What was copied since the last call is a group, be it empty.
    __device__ static void commit() { asm volatile("cp.async.commit_group;" ::: "memory"); }
    /// All groups but the latest have arrived, for this thread.
    __device__ static void wait_for_all_but_one() { asm volatile("cp.async.wait_group 1;" ::: "memory"); }
};

/// The same by loads and stores, for every target.
struct PlainCopy {
    __device__ static void chunk(void* to, const void* from, std::uint32_t bytes) {
        if (bytes == sizeof(Chunk)) {
            *static_cast<Chunk*>(to) = *static_cast<const Chunk*>(from);
            return;
        }
        *static_cast<Chunk*>(to) = {};
#pragma unroll 1
        for (std::uint32_t i = 0; i < bytes; ++i)
            static_cast<std::uint8_t*>(to)[i] = static_cast<const std::uint8_t*>(from)[i];
    }
    __device__ static void commit() {}
    __device__ static void wait_for_all_but_one() {}
};

/// Four matrices of 8 rows of 16 bytes; lane i names row i % 8 of matrix i / 8, and gets of each matrix the word
/// lane % 4 of the row lane / 4.
__device__ inline void load_matrices(std::uint32_t (&to)[4], const void* row) {
    asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
                 : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
                 : "r"(shared_address(row))
                 : "memory");
}

}  // namespace halfulp::device
