#include <memory>

#include <halfulp/lib/workload/computations.h>
#include <halfulp/lib/kernel/reduce.hpp>
#include <halfulp/lib/workload/stored.hpp>

namespace halfulp::workload {
namespace {

template <class In, class Out>
struct ReductionOperands {
    std::vector<In> a, b;
    std::vector<Out> result = std::vector<Out>(1);
};

/// `sum` and `dot` take the terms, and return what they leave.
template <class In, class Out, class Sum, class Dot>
Computation computation(const Problem& p, const Policy& policy, Sum sum, Dot dot) {
    using Operands = ReductionOperands<In, Out>;
    const Format& format = policy.storage.format;
    const auto x = std::make_shared<Operands>(Operands{kept<In>(format, p.a), kept<In>(format, p.b)});
    std::function<void()> run = [x, sum] { x->result[0] = sum(*x); };
    if (p.workload.has_b) run = [x, dot] { x->result[0] = dot(*x); };
    const std::size_t numbers = p.a.size() + p.b.size();
    return {run, [x, f = policy.result] { return numbers_of(f, x->result); }, numbers * sizeof(In) + sizeof(Out),
            sizeof(In) == 2 ? numbers : 0};
}

Computation of_binary32(const Problem& p, const Policy& policy, const Reduction& order, unsigned threads) {
    using Operands = ReductionOperands<float, float>;
    return computation<float, float>(
        p, policy, [=](const Operands& x) { return kernel::sum(order, x.a, threads); },
        [=](const Operands& x) { return kernel::dot(order, x.a, x.b, threads); });
}

Computation in_binary32(const Problem& p, const Policy& policy, const Reduction& order, unsigned threads) {
    using Operands = ReductionOperands<std::uint16_t, float>;
    const Format f = policy.storage.format;
    return computation<std::uint16_t, float>(
        p, policy, [=](const Operands& x) { return kernel::sum(order, f, x.a, threads); },
        [=](const Operands& x) { return kernel::dot(order, f, x.a, x.b, threads); });
}

Computation in_half(const Problem& p, const Policy& policy, const Reduction& order, unsigned threads) {
    using Operands = ReductionOperands<std::uint16_t, std::uint16_t>;
    return computation<std::uint16_t, std::uint16_t>(
        p, policy, [=](const Operands& x) { return kernel::sum_in_half(order, x.a, threads); },
        [=, fused = policy.fused](const Operands& x) { return kernel::dot_in_half(order, x.a, x.b, fused, threads); });
}

}  // namespace

std::optional<Computation> prepare_reduction(const Problem& problem, const Policy& policy, unsigned threads) {
    const Reduction* order = find_reduction(policy.reduction);
    if (order == nullptr) return std::nullopt;
    if (policy.accumulate == binary16) return in_half(problem, policy, *order, threads);
    if (policy.storage == binary32) return of_binary32(problem, policy, *order, threads);
    return in_binary32(problem, policy, *order, threads);
}

}  // namespace halfulp::workload
