#include <halfulp/lib/workload/measurement.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

#include <halfulp/lib/workload/definition.hpp>
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

/// The time to read so many bytes once, and the farthest level that they reach into: of the last one, what no other holds.
Roof time_to_read(const std::vector<measure::Ceiling>& ceilings, std::size_t bytes) {
    Roof roof{"", 0};
    std::size_t before = 0;
    for (const measure::Ceiling& c : ceilings) {
        if (c.kind != measure::Kind::Reading || before >= bytes) continue;
        const std::size_t upto = std::min(bytes, c.holds);
        roof = {c.name, roof.seconds + static_cast<double>(upto - before) / c.per_second};
        before = upto;
    }
    return roof;
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
    if (problem.workload.has_b || policy.accumulate.width() == 32)
        raise(quickest(ceilings, measure::Kind::Arithmetic, policy.arithmetic), arithmetic);
    if (const Roof reading = time_to_read(ceilings, computation.bytes); reading.seconds > roof.seconds) roof = reading;
    const std::string widening = std::string(name_of(policy.storage)) + " to fp32";
    raise(quickest(ceilings, measure::Kind::Conversion, widening), static_cast<double>(computation.conversions));
    return roof;
}

Count against_definition(const Problem& problem, const Policy& policy, const Truth& truth,
                         const std::vector<double>& results) {
    const std::vector<double> wanted = defined_results(problem, policy, truth.places);
    Count count{wanted.size(), 0};
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        const double x = results[truth.places[i]];
        if (!std::isfinite(x) || std::bit_cast<std::uint64_t>(x) != std::bit_cast<std::uint64_t>(wanted[i]))
            ++count.wrong;
    }
    return count;
}

Count against_bounds(const Problem& problem, const Policy& policy, const Truth& truth,
                     const std::vector<double>& results) {
    if (policy.storage.integer) return against_definition(problem, policy, truth, results);
    const std::vector<double> bounds = error_bounds(problem, policy, truth);
    Count count{0, 0};
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        const double x = results[truth.places[i]];
        const bool finite = std::isfinite(x), bounded = std::isfinite(bounds[i]);
        if (!finite || bounded) ++count.checked;
        if (!finite || (bounded && std::abs(x - truth.values[i]) > bounds[i])) ++count.wrong;
    }
    return count;
}

std::uint64_t hash_of(const std::vector<double>& numbers) {
    std::uint64_t hash = 0;
    for (const double x : numbers) hash = mixed_bits(hash + std::bit_cast<std::uint64_t>(x));
    return hash;
}

}  // namespace halfulp::workload
