// How many bytes of global memory a device moves at most, by reads alone and by as many writes: what kernels that do
// little else may reach.
// Least target: compute_75
//
// copy_words: y = x, n times 16 bytes, which are the words of the table four by four. Launch: a thread for each of n.
// read_words: y[row] = the sum of the n words of each row of m, which wraps, so that no order matters. Launch: a block of
// 256 threads for each of m.
#include <halfulp/gpu/kernel/device/memory.cuh>
#include <halfulp/gpu/kernel/device/reduce.cuh>

using namespace halfulp::device;

extern "C" __global__ void copy_words(const Chunk* x, Chunk* y, std::uint32_t n) {
    for_each(n, [=](std::size_t i) { y[i] = x[i]; });
}

extern "C" __global__ void read_words(const std::int32_t* x, std::int32_t* y, std::uint32_t n) {
    const std::size_t row = block_index();
    constexpr std::uint32_t together = 4;  // loads that wait for nothing but the memory
    std::int32_t sum = 0;
    std::uint32_t i = thread_index();
    for (; i + (together - 1) * block_size < n; i += together * block_size)
#pragma unroll
        for (std::uint32_t j = 0; j < together; ++j) sum = S32::add(sum, x[row * n + i + j * block_size]);
    for (; i < n; i += block_size) sum = S32::add(sum, x[row * n + i]);
    sum = block_sum<S32>(sum);
    if (thread_index() == 0) y[row] = sum;
}
