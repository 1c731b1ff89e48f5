// What narrow_ptx.sh refuses, a kernel each: it must find every one of these in what nvcc makes of them. Not run.
#include <cstdint>

__device__ __noinline__ unsigned called(unsigned x) { return x * x + 7; }
__global__ void call(unsigned* x) { *x = called(*x); }

__global__ void integer_of_128_bits(std::uint64_t* x) {
    x[0] = static_cast<std::uint64_t>(static_cast<unsigned __int128>(x[0]) * x[1] >> 64);
}
__global__ void carry_chain(unsigned __int128* x) { x[0] += x[1]; }

__global__ void floating_point(float* x) { *x *= 3; }

// An index that is not known keeps an array out of registers.
__global__ void memory_on_the_stack(unsigned* x, unsigned n) {
    unsigned all[16];
    for (unsigned i = 0; i < n; ++i) all[i % 16] = x[i];
    *x = all[*x % 16];
}

__constant__ unsigned table[4] = {3, 1, 4, 1};
__global__ void table_in_memory(unsigned* x) { *x = table[*x % 4]; }
