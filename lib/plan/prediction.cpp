#include <halfulp/lib/plan/prediction.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <optional>

#include <halfulp/lib/plan/walk.h>
#include <halfulp/lib/plan/bound.hpp>
#include <halfulp/lib/plan/pair_sums.hpp>
#include <halfulp/lib/plan/scaling.hpp>
#include <halfulp/lib/workload/stored.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::plan {
namespace {

using workload::Problem;

constexpr double unbounded = std::numeric_limits<double>::infinity();

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
        expected += std::pow(f.change - f.lost + r.drift, 2) + r.variance;
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
        if (!policy_.by.storage.integer)
            one_way(policy_.unit != nullptr ? Flag::Truncation : Flag::Stagnation, t.drift);
        const bool is_integer = policy_.by.storage.integer.has_value();
        const Format& f = is_integer ? policy_.by.result : policy_.by.accumulate.format;
        const double largest = Grid(f).largest, least = power_of_two(f.emin());
        if (t.largest > 0 && t.largest < least)
            raise(Flag::Underflow,
                  fmt::format("sums reach {:.3g}, and normal numbers begin at {:.3g}", t.largest, least));
        if (t.largest * (all_places ? 1 : 2) > largest)
            raise(Flag::Overflow, fmt::format("sums reach {:.3g} of {:.3g}", t.largest, largest));
    }

    void look_at_integers(double scaling) {
        const bool is_vector = p_.workload.is_vector;
        if (std::isinf(scaling)) raise(Flag::Overflow, "the product of the scales is too large");
        if (policy_.by.storage.integer && !is_vector && static_cast<double>(p_.k) * 127 * 127 >= 0x1p31)
            raise(Flag::IntegerOverflow, fmt::format("{} products of up to 127^2", p_.k));
    }

    void look_at_pairs(std::size_t saturated, std::size_t pairs, bool others_may) {
        if (saturated > 0)
            raise(Flag::IntegerSaturation, fmt::format("{} of {} pairs looked at", saturated, pairs));
        else if (others_may)
            raise(Flag::IntegerSaturation, fmt::format("none of {} pairs looked at, but others may", pairs));
    }

    std::vector<Raised> raised;

  private:
    void raise(Flag flag, std::string why) { raised.push_back({flag, std::move(why)}); }

    const Problem& p_;
    const Policy& policy_;
};

/// What pairs that saturate lose, at the places that are asked for.
class Saturation {
  public:
    explicit Saturation(const Problem& p) : p_(p), a_(workload::stored_bytes(p.a)), b_(workload::stored_bytes(p.b)) {}

    void add_to(Facts& f, std::size_t place) {
        const PairSum sum = pair_sum(matrices(), place / p_.n, place % p_.n);
        const double unit = static_cast<double>(a_.scale) * b_.scale;
        f.lost = static_cast<double>(sum.lost) * unit;
        f.variance += sum.squares * unit * unit;
        saturated_ += sum.saturated;
    }
    std::size_t saturated() const { return saturated_; }
    bool may_saturate() const { return plan::may_saturate(matrices()); }

  private:
    ByteMatrices matrices() const { return {p_.m, p_.n, p_.k, a_.bytes, b_.bytes}; }

    const Problem& p_;
    workload::StoredBytes a_, b_;
    std::size_t saturated_ = 0;
};

/// Of the results that are looked at.
struct Results {
    std::vector<double> values, magnitudes, bounds, probable;
    Totals totals;

    void add(Facts f, bool is_layer, double bound, double likely) {
        // A layer's result that ought to be 0 is so, unless an error brings it above.
        const double below = is_layer ? std::min(0.0, f.value) : 0;
        bounds.push_back(std::max(0.0, bound + below));
        probable.push_back(std::max(0.0, likely + below));
        if (is_layer) cut_off(f);
        totals.add(f);
        values.push_back(f.value);
        magnitudes.push_back(f.terms);
    }
};

Results results_at(const Stored& stored, const Policy& policy, std::span<const std::size_t> places,
                   std::optional<Saturation>& saturation) {
    const Problem& p = stored.p;
    const Depth depth = depth_of(p, policy);
    const std::size_t count = terms_of(p);
    const double share = depth.with(gamma_of(depth.roundings, depth.roundoff)),
                 likely = depth.with(probable_share_of(p, policy, depth, places.size()));
    Terms terms(count);
    Results results;
    for (const std::size_t place : places) {
        terms.gather(stored, place);
        Facts f = facts_of(p, terms);
        if (saturation) saturation->add_to(f, place);
        f.roundings = roundings_of(p, policy, terms, f);
        results.add(f, !p.bias.empty(), bound_of(f, depth, share, count), bound_of(f, depth, likely, count));
    }
    return results;
}

std::vector<Raised> flags_of(const Stored& stored, const Policy& policy, const Totals& totals, std::size_t places,
                             const std::optional<Saturation>& saturation) {
    const Problem& p = stored.p;
    const bool all = places == p.m * p.n;
    Flags flags(p, policy);
    flags.look_at("A", stored.a);
    flags.look_at("B", stored.b);
    flags.look_at("bias", stored.bias);
    flags.look_at(totals, all);
    flags.look_at_integers(stored.scaling);
    if (saturation)
        flags.look_at_pairs(saturation->saturated(), places * ((p.k + 1) / 2), !all && saturation->may_saturate());
    return std::move(flags.raised);
}

/// Of the problem as it is scaled.
Prediction predicted_as_it_is(const Problem& p, const Policy& policy, std::span<const std::size_t> places) {
    const Stored stored(p, policy);
    std::optional<Saturation> saturation;
    if (policy.saturates) saturation.emplace(p);
    const Results results = results_at(stored, policy, places, saturation);
    Prediction prediction;
    prediction.places.assign(places.begin(), places.end());
    prediction.bounds = results.bounds;
    prediction.norm = norm(results.values);
    prediction.rms = std::sqrt(results.totals.rms);
    prediction.expected = std::sqrt(results.totals.expected);
    prediction.bound = norm(results.bounds);
    prediction.probable = norm(results.probable);
    const double magnitude = norm(results.magnitudes);
    prediction.kappa = magnitude == 0 ? 0 : magnitude / prediction.norm;
    prediction.saturated = saturation ? saturation->saturated() : 0;
    prediction.flags = flags_of(stored, policy, results.totals, places.size(), saturation);
    if (prediction.raised(Flag::Overflow)) {
        prediction.bound = prediction.probable = unbounded;
        prediction.bounds.assign(places.size(), unbounded);
    }
    return prediction;
}

/// What binary32, in which a problem is scaled, loses of numbers that come below its normal ones: at most of each result.
double lost_by_scaling(const Problem& p, const Problem& scaled, const Exponents& e) {
    double largest = 0;
    bool is_exact = true;
    const auto look_at = [&](const std::vector<float>& numbers, const std::vector<float>& after, int exponent) {
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            largest = std::max(largest, std::abs(static_cast<double>(after[i])));
            is_exact = is_exact && std::ldexp(static_cast<double>(numbers[i]), exponent) == after[i];
        }
    };
    look_at(p.a, scaled.a, e.a);
    look_at(p.b, scaled.b, e.b);
    look_at(p.bias, scaled.bias, e.of_result());
    return is_exact ? 0 : static_cast<double>(terms_of(p)) * 0x1p-149 * (1 + largest);
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
    const Problem scaled = scaled_problem(problem, exponents);
    Prediction p = predicted_as_it_is(scaled, policy, places);
    const double lost = lost_by_scaling(problem, scaled, exponents), back = std::ldexp(1, -exponents.of_result());
    for (double* x : {&p.bound, &p.probable}) *x += std::sqrt(static_cast<double>(places.size())) * lost;
    for (double& bound : p.bounds) bound += lost;
    for (double* x : {&p.norm, &p.rms, &p.expected, &p.bound, &p.probable}) *x *= back;
    for (double& bound : p.bounds) bound *= back;
    return p;
}

}  // namespace halfulp::plan
