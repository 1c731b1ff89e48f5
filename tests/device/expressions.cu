// Each thread evaluates every random expression on eight operands of its own.
#include "expressions.cuh"

extern "C" __global__ void k(const unsigned long long* operands, unsigned long long* to) {
    using namespace expressions;
    const u64 thread = halfulp::device::global_index();
    const u64* o = operands + 8 * thread;
    evaluate(u32(o[0]), u32(o[1]), o[2], o[3], number_of(u32(o[4])), number_of(u32(o[5])), number_of(o[6]),
             number_of(o[7]), to + count * thread);
}
