#include <halfulp/lib/workload/computation.hpp>

#include <halfulp/lib/workload/computations.h>

namespace halfulp::workload {

std::optional<Computation> prepare(const Problem& problem, const Policy& policy, unsigned threads) {
    if (problem.workload.kind == Kind::LayerGradients) return prepare_layer_gradients(problem, policy, threads);
    if (policy.storage.integer) return prepare_bytes(problem, policy, threads);
    switch (problem.workload.kind) {
        case Kind::Sum:
        case Kind::Dot: return prepare_reduction(problem, policy, threads);
        case Kind::Gemv: return prepare_gemv(problem, policy, threads);
        case Kind::Gemm:
        case Kind::Layer: return prepare_product(problem, policy, threads);
        case Kind::LayerGradients: break;
    }
    __builtin_unreachable();
}

}  // namespace halfulp::workload
