// The dot product of each row of a with the same row of b, a warp a row: s8 in s32, four products an instruction
// (dp4a), and the lanes added by redux.
// Least target: compute_80
//
// a, b: m x n, rows `pitch` elements apart, a multiple of 4; d: m. What lies between n and pitch is not read.
// Order: none that shows: integers, which wrap.
// Launch: m blocks of 32 threads.
#include <halfulp/gpu/kernel/device/reduce.cuh>

using namespace halfulp::device;

namespace {

__device__ std::int32_t dot_of_four(std::uint32_t a, std::uint32_t b, std::int32_t c) {
    std::int32_t d;
    asm("dp4a.s32.s32 %0, %1, %2, %3;" : "=r"(d) : "r"(a), "r"(b), "r"(c));
    return d;
}

__device__ std::int32_t warp_sum(std::int32_t x) {
    std::int32_t sum;
    asm volatile("redux.sync.add.s32 %0, %1, %2;" : "=r"(sum) : "r"(x), "n"(whole_warp));
    return sum;
}

}  // namespace

extern "C" __global__ void dot_s8_s32(const std::int8_t* a, const std::int8_t* b, std::int32_t* d, std::uint32_t n,
                                      std::uint32_t pitch) {
    const std::size_t row = block_index();
    a += row * pitch;
    b += row * pitch;
    std::int32_t sum = 0;
    for (std::uint32_t word = lane(); word < n / 4; word += warp_size)
        sum = dot_of_four(reinterpret_cast<const std::uint32_t*>(a)[word],
                          reinterpret_cast<const std::uint32_t*>(b)[word], sum);
    const std::uint32_t last = n / 4 * 4 + lane();
    if (last < n) sum = S32::fma(a[last], b[last], sum);
    sum = warp_sum(sum);
    if (lane() == 0) d[row] = sum;
}
