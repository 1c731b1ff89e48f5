#include <halfulp/lib/plan/walk.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <span>

#include <halfulp/lib/plan/block_trace.hpp>
#include <halfulp/lib/plan/bound.hpp>
#include <halfulp/lib/workload/error.hpp>

namespace halfulp::plan {
namespace {

using workload::Problem;

std::uint64_t code(double x) { return std::bit_cast<std::uint64_t>(x); }

/// The sum in the policy's order by an adder; `of` makes a code of a stored number.
template <class Adder, class Code>
std::uint64_t walked(const Problem& p, const Policy& policy, const Adder& adder, const Terms& t, Code of) {
    const Reduction& order = order_of(p.workload.kind, policy);
    const std::size_t count = t.stored_a.size();
    if (!p.workload.has_b) {
        std::vector<std::uint64_t> terms(count);
        std::transform(t.stored_a.begin(), t.stored_a.end(), terms.begin(), of);
        return sum(order, adder, std::span<const std::uint64_t>(terms));
    }
    std::vector<Product> terms(count);
    for (std::size_t l = 0; l < count; ++l) terms[l] = {of(t.stored_a[l]), of(t.stored_b[l])};
    if (policy.by.fused) return sum(order, adder, std::span<const Product>(terms));
    return sum(order, RoundsProducts<Adder>{adder}, std::span<const Product>(terms));
}

/// A single rounding of the exact sum. Of integers two, of the sum and of it times the scales, and one of a bias that is added.
Roundings single_rounding(const Problem& p, const Policy& policy, const Facts& f) {
    const auto variance = [grid = Grid(policy.by.result)](double x) {
        return x == 0 ? 0 : std::pow(grid.unit(x), 2) / 12;
    };
    Roundings r;
    r.largest = std::abs(f.stored());
    if (!policy.by.storage.integer)
        r.variance = is_multiple(f.stored(), Grid(policy.by.result).unit(f.stored())) ? 0 : variance(f.stored());
    else
        r.variance =
            (p.workload.has_b ? 2 : 1) * variance(f.stored() - f.bias) + (p.bias.empty() ? 0 : variance(f.stored()));
    return r;
}

/// Its blocks, and the addition of a bias.
Roundings roundings_of_unit(const Problem& p, const Policy& policy, const Terms& t) {
    const std::span<const double> a(t.stored_a), b(t.stored_b);
    Roundings seen = trace_of_blocks(*policy.unit, a.first(p.k), b.first(p.k));
    if (p.bias.empty()) return seen;
    const double sum = std::inner_product(a.begin(), a.end() - 1, b.begin(), 0.0);
    const Grid grid(policy.by.accumulate.format);
    TraceAdder(grid, seen).add(code(sum), code(a.back()));
    return seen;
}

/// What the accumulators of an order by Kahan's sums take.
double compensated_share_of(const Reduction& order, std::size_t terms, double u) {
    const auto taken = [&](const Order& level, std::size_t count) {
        const double each = std::ceil(static_cast<double>(count) / static_cast<double>(level.count));
        return level.accumulation == Accumulation::Kahan ? kahan_share_of(each, u) : 0;
    };
    const double within = taken(order.within, std::min(terms, order.block));
    if (terms <= order.block) return within;
    return (1 + within) * (1 + taken(order.across, (terms - 1) / order.block + 1)) - 1;
}

}  // namespace

bool is_exact(const Problem& p, const Policy& policy) {
    return policy.by.storage.integer || (policy.unit == nullptr && order_of(p.workload.kind, policy).exact);
}

Roundings roundings_of(const Problem& p, const Policy& policy, const Terms& t, const Facts& f) {
    if (is_exact(p, policy)) return single_rounding(p, policy, f);
    if (policy.unit != nullptr) return roundings_of_unit(p, policy, t);
    const Grid grid(policy.by.accumulate.format);
    Roundings seen;
    walked(p, policy, TraceAdder(grid, seen), t, code);
    return seen;
}

Depth depth_of(const Problem& p, const Policy& policy) {
    const Format& result = policy.by.result;
    const double u = workload::unit_roundoff(result), least = power_of_two(result.emin() - result.fraction_bits());
    const double bias = p.bias.empty() ? 0 : 1;
    if (is_exact(p, policy)) return {policy.by.storage.integer ? 3 + bias : 1, u, (3 + bias) * least, 0, true};
    if (policy.unit != nullptr) {
        const double blocks = std::ceil(static_cast<double>(p.k) / policy.unit->group);
        return {blocks, roundoff_of_block(*policy.unit), blocks * underflow_of_block(*policy.unit), bias * u};
    }
    const std::size_t terms = terms_of(p);
    const std::uint64_t most = walked(p, policy, DepthAdder{}, Terms(terms), [](double) { return DepthAdder::term; });
    return {static_cast<double>(most - DepthAdder::term), u, static_cast<double>(terms) * least,
            compensated_share_of(order_of(p.workload.kind, policy), terms, u)};
}

double bound_of(const Facts& f, const Depth& depth, double share, std::size_t terms) {
    const double known = std::abs(f.change - f.lost);
    const double result = std::abs(f.value - f.bias) + std::abs(f.bias) + known;
    const double rounded = depth.of_result ? result : f.magnitude;
    const double own = gamma_of(4 * static_cast<double>(terms), 0x1p-53) * (f.magnitude + f.terms);
    const double roundings = rounded > 0 ? share * rounded + (1 + share) * depth.underflow : 0;
    return known + roundings + (depth.of_result && known == 0 ? 0 : own);
}

double probable_share_of(const Problem& p, const Policy& policy, const Depth& depth, std::size_t places) {
    const double most = gamma_of(depth.roundings, depth.roundoff);
    if (policy.unit != nullptr && policy.unit->rounding == Rounding::TowardZero && !is_exact(p, policy)) return most;
    const double lambda = lambda_of(depth.roundings, places);
    return std::min(most, probable_gamma_of(depth.roundings, depth.roundoff, lambda));
}

}  // namespace halfulp::plan
