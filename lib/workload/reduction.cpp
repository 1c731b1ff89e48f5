#include <algorithm>
#include <memory>
#include <type_traits>

#include <halfulp/lib/kernel/reduce.hpp>
#include <halfulp/lib/workload/computations.hpp>
#include <halfulp/lib/workload/stored.hpp>

namespace halfulp::workload {
namespace {

using kernel::Bfloat16;
using kernel::Half;

template <class T>
std::vector<T> values(const Format& format, const std::vector<float>& numbers) {
    if constexpr (std::is_same_v<T, float>) {
        return numbers;
    } else {
        std::vector<T> values;
        for (const std::uint16_t code : stored(format, numbers)) values.push_back(T{code});
        return values;
    }
}

double number(float x) { return x; }
double number(Half x) { return numbers_of(binary16, {static_cast<std::uint16_t>(x.code)})[0]; }

/// `sum` and `dot` take a span of T, or two; what they return is kept.
template <class T, class Sum, class Dot>
Computation computation(const Problem& p, const Policy& policy, Sum sum, Dot dot) {
    using Result = decltype(sum(std::span<const T>()));
    struct Terms {
        std::vector<T> a, b;
        Result result;
    };
    const Format& format = policy.storage.format;
    const auto x = std::make_shared<Terms>(Terms{values<T>(format, p.a), values<T>(format, p.b), {}});
    std::function<void()> run = [x, sum] { x->result = sum(std::span<const T>(x->a)); };
    if (p.workload.has_b) run = [x, dot] { x->result = dot(std::span<const T>(x->a), std::span<const T>(x->b)); };
    const std::size_t numbers = p.a.size() + p.b.size();
    return {run, [x] { return std::vector{number(x->result)}; }, numbers * sizeof(T) + sizeof(Result),
            sizeof(T) == 2 ? numbers : 0};
}

template <class T>
Computation in_binary32(const Problem& p, const Policy& policy, const Reduction& order, unsigned threads) {
    return computation<T>(
        p, policy, [=](std::span<const T> a) { return kernel::sum(order, a, threads); },
        [=](std::span<const T> a, std::span<const T> b) { return kernel::dot(order, a, b, threads); });
}

Computation in_half(const Problem& p, const Policy& policy, const Reduction& order, unsigned threads) {
    return computation<Half>(
        p, policy, [=](std::span<const Half> a) { return kernel::sum_in_half(order, a, threads); },
        [=](std::span<const Half> a, std::span<const Half> b) { return kernel::dot_in_half(order, a, b, threads); });
}

}  // namespace

std::optional<Computation> prepare_reduction(const Problem& problem, const Policy& policy, unsigned threads) {
    const auto order = std::find_if(reductions.begin(), reductions.end(),
                                    [&](const Reduction& r) { return r.name == policy.reduction; });
    if (order == reductions.end()) return std::nullopt;
    if (policy.accumulate == binary16) return in_half(problem, policy, *order, threads);
    if (policy.storage == binary16) return in_binary32<Half>(problem, policy, *order, threads);
    if (policy.storage == bfloat16) return in_binary32<Bfloat16>(problem, policy, *order, threads);
    return in_binary32<float>(problem, policy, *order, threads);
}

}  // namespace halfulp::workload
