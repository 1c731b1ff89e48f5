#include <halfulp/lib/kernel/gemv.hpp>

#include <algorithm>
#include <memory>

#include <halfulp/lib/workload/computations.h>
#include <halfulp/lib/workload/stored.hpp>

namespace halfulp::workload {
namespace {

template <class In, class Out>
Computation computation(const Problem& p, const Policy& policy, const kernel::GemmPolicy& formats,
                        const Reduction& order, unsigned threads) {
    struct Operands {
        std::vector<In> a, x;
        std::vector<Out> y;
    };
    const Format& format = policy.storage.format;
    const auto v =
        std::make_shared<Operands>(Operands{kept<In>(format, p.a), kept<In>(format, p.b), std::vector<Out>(p.m)});
    const auto run = [v, formats, order, threads, k = p.k] {
        kernel::gemv(formats, order, kernel::row_major<const In>(v->a.data(), v->y.size(), k),
                     std::span<const In>(v->x), std::span<Out>(v->y), {.threads = threads});
    };
    const std::size_t numbers = p.a.size() + p.b.size();
    return {run, [v, f = policy.result] { return numbers_of(f, v->y); },
            numbers * sizeof(In) + v->y.size() * sizeof(Out), sizeof(In) == 2 ? numbers : 0};
}

}  // namespace

std::optional<Computation> prepare_gemv(const Problem& problem, const Policy& policy, unsigned threads) {
    const Reduction* order = find_reduction(policy.reduction);
    const auto formats =
        std::find_if(kernel::gemm_policies.begin(), kernel::gemm_policies.end(), [&](const kernel::GemmPolicy& g) {
            return g.storage == policy.storage && g.accumulate == policy.accumulate && g.result == policy.result &&
                   g.fused == policy.fused;
        });
    if (order == nullptr || formats == kernel::gemm_policies.end()) return std::nullopt;
    if (policy.storage == binary32) return computation<float, float>(problem, policy, *formats, *order, threads);
    if (policy.result == binary32) return computation<std::uint16_t, float>(problem, policy, *formats, *order, threads);
    return computation<std::uint16_t, std::uint16_t>(problem, policy, *formats, *order, threads);
}

}  // namespace halfulp::workload
