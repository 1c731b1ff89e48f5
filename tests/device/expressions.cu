// Each thread evaluates every random expression on operands of its own; a kernel for each seed.
#include "expressions.cuh"

#define KERNEL(seed)                                                                                  \
    extern "C" __global__ void k_##seed(const unsigned long long* operands, unsigned long long* to) { \
        const auto thread = halfulp::device::global_index();                                          \
        expressions::evaluate_##seed(expressions::operands_of(operands + 12 * thread),                \
                                     to + expressions::count * thread);                               \
    }
EXPRESSION_SEEDS(KERNEL)
