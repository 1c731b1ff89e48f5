#include <halfulp/lib/workload/measurement.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

#include <halfulp/lib/workload/stored.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::workload {
namespace {

/// Of the loops of that kind whose name begins so, the quickest; null if there is none.
const measure::Ceiling* quickest(const std::vector<measure::Ceiling>& ceilings, measure::Kind kind,
                                 std::string_view begin) {
    const measure::Ceiling* found = nullptr;
    for (const measure::Ceiling& c : ceilings)
        if (c.kind == kind && c.name.starts_with(begin) && (found == nullptr || c.per_second > found->per_second))
            found = &c;
    return found;
}

/// Of the levels that hold so many bytes, the nearest; of all, the farthest, where none does.
const measure::Ceiling* level_of(const std::vector<measure::Ceiling>& ceilings, std::size_t bytes) {
    const measure::Ceiling* last = nullptr;
    for (const measure::Ceiling& c : ceilings) {
        if (c.kind != measure::Kind::Reading) continue;
        last = &c;
        if (c.holds >= bytes) break;
    }
    return last;
}

/// The exact sums of products of stored bytes, scaled as the kernels' callers scale them.
std::vector<double> scaled_sums(const Problem& p, const Truth& truth) {
    const StoredBytes a = stored_bytes(p.a), b = stored_bytes(p.b);
    std::vector<double> sums;
    for (const std::size_t place : truth.places) {
        std::int64_t sum = 0;
        for (std::size_t l = 0; l < p.k; ++l) {
            const std::int64_t term = a.bytes[place / p.n * p.k + l];
            sum += p.workload.has_b ? term * b.bytes[l * p.n + place % p.n] : term;
        }
        sums.push_back(scaled(p, sum, a.scale, b.scale, place % p.n));
    }
    return sums;
}

}  // namespace

Roof roof_of(const Problem& problem, const Policy& policy, const Computation& computation,
             const std::vector<measure::Ceiling>& ceilings) {
    Roof roof{"", 0};
    const auto raise = [&](const measure::Ceiling* ceiling, double amount) {
        if (ceiling != nullptr && amount / ceiling->per_second > roof.seconds)
            roof = {ceiling->name, amount / ceiling->per_second};
    };
    // A multiply-add counts as two; a sum's addition takes as long.
    const double arithmetic = operations(problem) * (problem.workload.has_b ? 1 : 2);
    if (!policy.arithmetic.empty()) raise(quickest(ceilings, measure::Kind::Arithmetic, policy.arithmetic), arithmetic);
    raise(level_of(ceilings, computation.bytes), static_cast<double>(computation.bytes));
    const std::string widening = std::string(name_of(policy.storage)) + " to fp32";
    raise(quickest(ceilings, measure::Kind::Conversion, widening), static_cast<double>(computation.conversions));
    return roof;
}

std::size_t wrong_results(const Problem& problem, const Policy& policy, const Truth& truth,
                          const std::vector<double>& results) {
    std::size_t wrong = 0;
    if (policy.storage.integer) {
        const std::vector<double> wanted = scaled_sums(problem, truth);
        for (std::size_t i = 0; i < wanted.size(); ++i)
            if (results[truth.places[i]] != wanted[i]) ++wrong;
        return wrong;
    }
    const std::vector<double> bounds = error_bounds(problem, policy, truth);
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        const double x = results[truth.places[i]];
        if (!(std::isfinite(x) && std::abs(x - truth.values[i]) <= bounds[i])) ++wrong;
    }
    return wrong;
}

std::uint64_t hash_of(const std::vector<double>& numbers) {
    std::uint64_t hash = 0;
    for (const double x : numbers) hash = mixed_bits(hash + std::bit_cast<std::uint64_t>(x));
    return hash;
}

}  // namespace halfulp::workload
