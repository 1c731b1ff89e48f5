#include <halfulp/lib/plan/cost.hpp>

#include <algorithm>
#include <limits>

#include <halfulp/lib/workload/measurement.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::plan {
namespace {

using workload::Problem;

constexpr double never = std::numeric_limits<double>::infinity();

std::size_t numbers_of(const Problem& p) { return p.a.size() + p.b.size(); }

/// What exact and Kahan's sums do in place of one addition: how many of binary32 take as long.
double additions_of(const Problem& p, const Policy& policy) {
    if (policy.by.storage.integer || policy.unit != nullptr) return 0;
    const Reduction& order = order_of(p.workload.kind, policy);
    if (order.exact) return 2 * 4 * 2;  // two walks of four in binary64
    return order.within.accumulation == Accumulation::Kahan && policy.by.accumulate == binary32 ? 4 : 0;
}

/// 10^12 operations a second.
double rate_of(const Peak& peak, const Policy& policy) {
    const Element& storage = policy.by.storage;
    if (policy.unit == nullptr) return peak.fp32;
    if (storage.integer) return peak.int8;
    if (storage == tf32) return peak.tf32;
    if (storage == binary16) return peak.fp16;
    if (storage == bfloat16) return peak.bf16;
    return storage.width() == 8 ? peak.fp8 : 0;
}

}  // namespace

std::size_t bytes_of(const Problem& p, const Policy& policy) {
    // tf32 is stored in 4 bytes; results of bytes are their sums.
    const int width = std::max(8, policy.by.storage == tf32 ? 32 : policy.by.storage.width());
    const int sums = policy.by.storage.integer ? (p.workload.is_vector ? 64 : 32) : policy.by.result.width;
    const std::size_t results = p.m * p.n + p.bias.size();
    return (numbers_of(p) * static_cast<std::size_t>(width) + results * static_cast<std::size_t>(sums)) / 8;
}

Cost cpu_cost(const Problem& p, const Policy& policy, const std::vector<measure::Ceiling>& ceilings) {
    const bool widens = !policy.by.storage.integer && policy.by.storage.width() == 16;
    const workload::Computation computation{{}, {}, bytes_of(p, policy), widens ? numbers_of(p) : 0};
    const workload::Roof roof = roof_of(p, policy.by, computation, ceilings);
    Cost cost{roof.seconds, roof.name, computation.bytes};
    if (const double additions = additions_of(p, policy); additions > 0) {
        const double terms = static_cast<double>(p.m) * static_cast<double>(p.n) * static_cast<double>(p.k);
        const double seconds = 2 * additions * terms / measure::rate_of(ceilings, measure::loops().front().name);
        if (seconds > cost.seconds) cost = {seconds, "additions", cost.bytes};
    }
    return cost;
}

Cost unit_cost(const Problem& p, const Policy& policy, const Peak& peak) {
    const std::size_t bytes = bytes_of(p, policy);
    const double rate = rate_of(peak, policy);
    if (rate == 0) return {never, "no published rate", bytes};
    if (static_cast<double>(bytes) > peak.memory * 1e9) return {never, "memory is too small", bytes};
    const double arithmetic = workload::operations(p) / (rate * 1e12),
                 reading = static_cast<double>(bytes) / (peak.bandwidth * 1e9);
    return {std::max(arithmetic, reading), arithmetic > reading ? "arithmetic" : "memory", bytes};
}

}  // namespace halfulp::plan
