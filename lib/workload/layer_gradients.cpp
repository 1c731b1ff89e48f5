#include <memory>

#include <halfulp/lib/workload/computations.h>
#include <halfulp/lib/kernel/layer_gradients.hpp>
#include <halfulp/lib/workload/stored.hpp>

namespace halfulp::workload {
namespace {

/// Square matrices in memory: codes of 16 bits, or numbers of binary32. Results lie as the problem has them.
template <class In, class Out>
struct Layer {
    kernel::GemmPolicy gemm;
    Format result;
    std::size_t size;
    std::vector<In> dz, weights, inputs;
    In one;
    std::vector<Out> results;
    unsigned threads;

    kernel::MatrixView<const In> view(const std::vector<In>& x) const {
        return kernel::row_major(x.data(), size, size);
    }
    /// Rows of the results.
    kernel::MatrixView<Out> rows(std::size_t first, std::size_t count) {
        return kernel::row_major(results.data() + first * size, count, size);
    }
};

template <class In, class Out>
void run(Layer<In, Out>& x) {
    const kernel::GemmOptions options{.threads = x.threads};
    const auto dz = x.view(x.dz);
    kernel::gradient_of_inputs(x.gemm, dz, x.view(x.weights), x.rows(0, x.size), options);
    kernel::gradient_of_weights(x.gemm, x.view(x.inputs), dz, x.rows(x.size, x.size), options);
    kernel::gradient_of_bias(x.gemm, x.one, dz, x.rows(2 * x.size, 1), options);
}

template <class In, class Out>
Computation gradients_by(const Problem& p, const Policy& policy, unsigned threads) {
    const Format& f = policy.storage.format;
    const auto x = std::make_shared<Layer<In, Out>>(
        Layer<In, Out>{*kernel::find_gemm_policy(policy.gemm), policy.result, p.k, kept<In>(f, p.a), kept<In>(f, p.b),
                       kept<In>(f, p.inputs), kept<In>(f, {1})[0], std::vector<Out>(p.m * p.n), threads});
    const std::size_t numbers = p.a.size() + p.b.size() + p.inputs.size();
    return {[x] { run(*x); }, [x] { return numbers_of(x->result, x->results); },
            numbers * sizeof(In) + x->results.size() * sizeof(Out), sizeof(In) == 2 ? numbers : 0};
}

}  // namespace

std::optional<Computation> prepare_layer_gradients(const Problem& problem, const Policy& policy, unsigned threads) {
    if (policy.gemm.empty()) return std::nullopt;
    if (policy.storage == binary32) return gradients_by<float, float>(problem, policy, threads);
    if (policy.result == binary32) return gradients_by<std::uint16_t, float>(problem, policy, threads);
    return gradients_by<std::uint16_t, std::uint16_t>(problem, policy, threads);
}

}  // namespace halfulp::workload
