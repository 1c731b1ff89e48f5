#include <halfulp/lib/plan/prediction.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include <halfulp/lib/condition/condition.hpp>
#include <halfulp/lib/plan/block_trace.hpp>
#include <halfulp/lib/plan/bound.hpp>
#include <halfulp/lib/plan/operand.hpp>
#include <halfulp/lib/plan/scaling.hpp>
#include <halfulp/lib/workload/error.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::plan {
namespace {

using workload::Problem;

constexpr double infinity = std::numeric_limits<double>::infinity();

/// What one result is made of.
struct Terms {
    std::vector<double> a, b;                ///< as they are
    std::vector<double> stored_a, stored_b;  ///< of a sum the second ones are ones
    std::vector<double> variance_a, variance_b;

    explicit Terms(std::size_t k) : a(k), b(k, 1), stored_a(k), stored_b(k, 1), variance_a(k), variance_b(k) {}

    void gather(const Problem& p, const StoredOperand& x, const StoredOperand& y, std::size_t place) {
        const std::size_t row = place / p.n * p.k, column = place % p.n;
        for (std::size_t l = 0; l < p.k; ++l) {
            a[l] = p.a[row + l];
            stored_a[l] = x.numbers[row + l];
            variance_a[l] = x.variances[row + l];
        }
        if (!p.workload.has_b) return;
        for (std::size_t l = 0; l < p.k; ++l) {
            b[l] = p.b[l * p.n + column];
            stored_b[l] = y.numbers[l * p.n + column];
            variance_b[l] = y.variances[l * p.n + column];
        }
    }
};

/// One result.
struct Facts {
    double value = 0;      ///< of the terms as they are, exact
    double terms = 0;      ///< the sum of their magnitudes
    double magnitude = 0;  ///< the same of the stored terms
    double variance = 0;   ///< of what storing changes, were it independent
    double change = 0;     ///< what it does change
    Roundings roundings = {};
};

Facts facts_of(const Terms& t) {
    Facts f;
    f.value = conditioning::exact_dot(t.a, t.b);
    for (std::size_t l = 0; l < t.a.size(); ++l) {
        const double product = t.stored_a[l] * t.stored_b[l];
        f.magnitude += std::abs(product);
        f.terms += std::abs(t.a[l] * t.b[l]);
        f.change += product - t.a[l] * t.b[l];
        f.variance += t.variance_a[l] * (t.b[l] * t.b[l] + t.variance_b[l]) + t.a[l] * t.a[l] * t.variance_b[l];
    }
    return f;
}

std::uint64_t code(double x) { return std::bit_cast<std::uint64_t>(x); }

/// The sum in the policy's order by an adder; `of` makes a code of a stored number.
template <class Adder, class Code>
std::uint64_t walked(const Problem& p, const Policy& policy, const Adder& adder, const Terms& t, Code of) {
    const Reduction& order = order_of(p.workload.kind, policy);
    if (!p.workload.has_b) {
        std::vector<std::uint64_t> terms(p.k);
        std::transform(t.stored_a.begin(), t.stored_a.end(), terms.begin(), of);
        return sum(order, adder, std::span<const std::uint64_t>(terms));
    }
    std::vector<Product> terms(p.k);
    for (std::size_t l = 0; l < p.k; ++l) terms[l] = {of(t.stored_a[l]), of(t.stored_b[l])};
    if (policy.by.fused) return sum(order, adder, std::span<const Product>(terms));
    return sum(order, RoundsProducts<Adder>{adder}, std::span<const Product>(terms));
}

/// A single rounding of the exact sum; of integers three, of the sum, the scales and their product.
Roundings single_rounding(const Problem& p, const Policy& policy, double value) {
    const double unit = Grid(policy.by.result).unit(value);
    Roundings r;
    r.largest = std::abs(value);
    if (policy.by.storage.integer || !is_multiple(value, unit))
        r.variance = (policy.by.storage.integer && p.workload.has_b ? 3 : 1) * unit * unit / 12;
    return r;
}

bool is_exact(const Problem& p, const Policy& policy) {
    return policy.by.storage.integer || (policy.unit == nullptr && order_of(p.workload.kind, policy).exact);
}

Roundings roundings_of(const Problem& p, const Policy& policy, const Terms& t, double value) {
    if (is_exact(p, policy)) return single_rounding(p, policy, value);
    if (policy.unit != nullptr) return trace_of_blocks(*policy.unit, t.stored_a, t.stored_b);
    const Grid grid(policy.by.accumulate.format);
    Roundings seen;
    walked(p, policy, TraceAdder(grid, seen), t, code);
    return seen;
}

/// How often a term is rounded, by how much at most, and what underflow takes at most of all terms together.
struct Depth {
    double roundings, roundoff, underflow;
    bool of_result = false;  ///< only the result is rounded
};

Depth depth_of(const Problem& p, const Policy& policy) {
    const Format& result = policy.by.result;
    const double u = workload::unit_roundoff(result), least = power_of_two(result.emin() - result.fraction_bits());
    if (is_exact(p, policy)) return {policy.by.storage.integer ? 3.0 : 1.0, u, 3 * least, true};
    if (policy.unit != nullptr) {
        const double blocks = std::ceil(static_cast<double>(p.k) / policy.unit->group);
        return {blocks, roundoff_of_block(*policy.unit), blocks * underflow_of_block(*policy.unit)};
    }
    const std::uint64_t most = walked(p, policy, DepthAdder{}, Terms(p.k), [](double) { return DepthAdder::term; });
    return {static_cast<double>(most - DepthAdder::term), u, static_cast<double>(p.k) * least};
}

/// Roundings of sums take a share of the terms' magnitudes, those of a result a share of it. Errors of this file's own sums, of at
/// most 4 k roundings in binary64, are included.
double bound_of(const Facts& f, const Depth& depth, double share, std::size_t k) {
    const double rounded = depth.of_result ? std::abs(f.value) + std::abs(f.change) : f.magnitude;
    const double own = gamma_of(4 * static_cast<double>(k), 0x1p-53) * (f.magnitude + f.terms);
    const double roundings = rounded > 0 ? share * rounded + (1 + share) * depth.underflow : 0;
    return std::abs(f.change) + roundings + (depth.of_result && f.change == 0 ? 0 : own);
}

double norm(const std::vector<double>& x) {
    double squares = 0;
    for (const double v : x) squares += v * v;
    return std::sqrt(squares);
}

/// Sums over the places.
struct Totals {
    double rms = 0, expected = 0, change = 0, drift = 0, largest = 0;

    void add(const Facts& f) {
        const Roundings& r = f.roundings;
        rms += f.variance + r.mean_square();
        expected += (f.change + r.drift) * (f.change + r.drift) + r.variance;
        change += f.change * f.change;
        drift += r.drift * r.drift;
        largest = std::max(largest, r.largest);
    }
};

class Flags {
  public:
    Flags(const Problem& p, const Policy& policy) : p_(p), policy_(policy) {}

    void look_at(const char* name, const StoredOperand& o) {
        const auto raise_for = [&](Flag flag, std::size_t count, const char* what) {
            raise(flag, fmt::format("{}: {} of {} numbers {}", name, count, o.numbers.size(), what));
        };
        if (o.beyond > 0) raise_for(Flag::Overflow, o.beyond, "are too large");
        if (!policy_.by.storage.integer && o.underflows()) raise_for(Flag::Underflow, o.lost, "become 0");
    }

    void look_at(const Totals& t, bool all_places) {
        // 4 standard deviations: independent errors of one result exceed that 6 times in 10^5.
        const auto one_way = [&](Flag flag, double squares) {
            if (squares > 16 * t.rms)
                raise(flag, fmt::format("{:.1f} times independent errors", std::sqrt(squares / t.rms)));
        };
        one_way(Flag::Bias, t.change);
        one_way(policy_.unit != nullptr ? Flag::Truncation : Flag::Stagnation, t.drift);
        if (policy_.by.storage.integer) return;
        const double largest = Grid(policy_.by.accumulate.format).largest;
        if (t.largest * (all_places ? 1 : 2) > largest)
            raise(Flag::Overflow, fmt::format("sums reach {:.3g} of {:.3g}", t.largest, largest));
    }

    void look_at_integers() {
        const bool is_vector = p_.workload.is_vector;
        if (policy_.by.storage.integer && !is_vector && static_cast<double>(p_.k) * 127 * 127 >= 0x1p31)
            raise(Flag::IntegerOverflow, fmt::format("{} products of up to 127^2", p_.k));
    }

    std::vector<Raised> raised;

  private:
    void raise(Flag flag, std::string why) { raised.push_back({flag, std::move(why)}); }

    const Problem& p_;
    const Policy& policy_;
};

/// Of the problem as it is scaled.
Prediction predicted_as_it_is(const Problem& p, const Policy& policy, std::span<const std::size_t> places) {
    const StoredOperand a = stored_operand(p.a, policy.by.storage), b = stored_operand(p.b, policy.by.storage);
    const Depth depth = depth_of(p, policy);
    const double share = gamma_of(depth.roundings, depth.roundoff);
    const bool cuts = policy.unit != nullptr && policy.unit->rounding == Rounding::TowardZero && !is_exact(p, policy);
    const double probable_share = cuts ? share
                                       : std::min(share, probable_gamma_of(depth.roundings, depth.roundoff,
                                                                           lambda_of(depth.roundings, places.size())));
    Terms terms(p.k);
    Totals totals;
    Prediction prediction;
    prediction.places.assign(places.begin(), places.end());
    std::vector<double> values, magnitudes, probable;
    for (const std::size_t place : places) {
        terms.gather(p, a, b, place);
        Facts f = facts_of(terms);
        f.roundings = roundings_of(p, policy, terms, f.value + f.change);
        totals.add(f);
        values.push_back(f.value);
        magnitudes.push_back(f.terms);
        prediction.bounds.push_back(bound_of(f, depth, share, p.k));
        probable.push_back(bound_of(f, depth, probable_share, p.k));
    }
    Flags flags(p, policy);
    flags.look_at("A", a);
    if (p.workload.has_b) flags.look_at("B", b);
    flags.look_at(totals, places.size() == p.m * p.n);
    flags.look_at_integers();
    prediction.norm = norm(values);
    prediction.rms = std::sqrt(totals.rms);
    prediction.expected = std::sqrt(totals.expected);
    prediction.bound = norm(prediction.bounds);
    prediction.probable = norm(probable);
    prediction.kappa = norm(magnitudes) == 0 ? 0 : norm(magnitudes) / prediction.norm;
    prediction.flags = std::move(flags.raised);
    if (prediction.raised(Flag::Overflow)) {
        prediction.bound = prediction.probable = infinity;
        prediction.bounds.assign(places.size(), infinity);
    }
    return prediction;
}

}  // namespace

double Prediction::error() const { return expected == 0 ? 0 : expected / norm; }
double Prediction::digits() const { return -std::log10(error()); }
bool Prediction::raised(Flag flag) const {
    return std::any_of(flags.begin(), flags.end(), [&](const Raised& r) { return r.flag == flag; });
}
bool Prediction::is_forbidden() const {
    return std::any_of(flags.begin(), flags.end(), [](const Raised& r) { return row_of(r.flag).forbids; });
}

std::vector<std::size_t> places_among(std::size_t results, std::size_t most) {
    std::vector<std::size_t> places(std::min(results, most));
    if (results <= most) {
        std::iota(places.begin(), places.end(), 0);
        return places;
    }
    for (std::size_t i = 0; i < most; ++i) {
        const std::size_t start = i * results / most, end = (i + 1) * results / most;
        places[i] = start + random_bits(0, i) % (end - start);
    }
    return places;
}

Prediction predicted(const Problem& problem, const Policy& policy, std::span<const std::size_t> places) {
    const Exponents exponents = exponents_of(problem, policy);
    Prediction p = predicted_as_it_is(scaled_problem(problem, exponents), policy, places);
    const double back = std::ldexp(1, -exponents.of_result());
    for (double* x : {&p.norm, &p.rms, &p.expected, &p.bound, &p.probable}) *x *= back;
    for (double& bound : p.bounds) bound *= back;
    return p;
}

}  // namespace halfulp::plan
