#include <halfulp/lib/workload/truth.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include <halfulp/lib/workload/terms.h>
#include <halfulp/lib/workload/error.hpp>
#include <halfulp/softfloat/dot.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::workload {
namespace {

using Codes = std::vector<std::uint64_t>;

std::uint64_t code_of(float x) { return std::bit_cast<std::uint32_t>(x); }

Codes codes_of(const std::vector<float>& x) {
    Codes codes;
    codes.reserve(x.size());
    for (const float v : x) codes.push_back(code_of(v));
    return codes;
}

/// Where there is no b, ones are.
Terms factors_at(const Problem& p, std::size_t place) {
    Terms terms = terms_of(p, place);
    if (terms.b.empty()) terms.b.assign(p.k, 1);
    return terms;
}

double exact_sum(const Problem& p, const Terms& terms, std::size_t place) {
    std::optional<Operand> bias;
    if (p.workload.kind == Kind::Layer) bias = Operand{binary32, code_of(p.bias[place % p.n])};
    const Codes a = codes_of(terms.a), b = codes_of(terms.b);
    const Rounded sum = dot(binary64, {binary32, a}, {binary32, b}, {}, bias);
    const auto value = std::bit_cast<double>(sum.code);
    return p.workload.kind == Kind::Layer ? std::max(0.0, value) : value;
}

double magnitude(const Problem& p, const Terms& terms, std::size_t place) {
    double sum = p.workload.kind == Kind::Layer ? std::abs(p.bias[place % p.n]) : 0;
    for (std::size_t l = 0; l < p.k; ++l)
        sum += std::abs(static_cast<double>(terms.a[l]) * static_cast<double>(terms.b[l]));
    return sum;
}

double largest_magnitude(const std::vector<float>& x) {
    double largest = 0;
    for (const float v : x) largest = std::max(largest, std::abs(static_cast<double>(v)));
    return largest;
}

/// Of all that a is multiplied by.
std::vector<float> second_factors(const Problem& p) {
    std::vector<float> x = p.b;
    x.insert(x.end(), p.inputs.begin(), p.inputs.end());
    if (p.workload.kind == Kind::LayerGradients) x.push_back(1);  // of the bias' row
    return x;
}

double smallest(const Format& f) { return std::ldexp(1, f.emin() - f.fraction_bits()); }

/// What storing numbers of up to that magnitude changes: by `relative` of each, and by `absolute` at most.
struct StorageError {
    double relative, absolute, largest;

    StorageError(const Element& storage, const std::vector<float>& x) : largest(largest_magnitude(x)) {
        relative = storage.integer || storage == binary32 ? 0 : unit_roundoff(storage.format);
        absolute = storage.integer ? largest / 127 / 2 : storage == binary32 ? 0 : smallest(storage.format) / 2;
    }
};

}  // namespace

Truth truth_at(const Problem& p, std::vector<std::size_t> places) {
    Truth truth{std::move(places), {}, {}};
    for (const std::size_t place : truth.places) {
        const Terms terms = factors_at(p, place);
        truth.values.push_back(exact_sum(p, terms, place));
        truth.magnitudes.push_back(magnitude(p, terms, place));
    }
    return truth;
}

Truth truth_of(const Problem& p, std::size_t most_terms) {
    const std::size_t results = p.m * p.n, count = std::clamp<std::size_t>(most_terms / p.k, 1, results);
    std::vector<std::size_t> places;
    // One anywhere in each of `count` equal parts: every column, and every lane of a vector, has its turn.
    for (std::size_t i = 0; i < count; ++i) {
        const std::size_t begin = i * results / count, end = (i + 1) * results / count;
        places.push_back(begin + random_bits(0, i) % (end - begin));
    }
    return truth_at(p, std::move(places));
}

std::vector<double> error_bounds(const Problem& p, const Policy& policy, const Truth& truth) {
    constexpr double infinity = std::numeric_limits<double>::infinity();
    const auto terms = static_cast<double>(p.k);
    const StorageError a(policy.storage, p.a),
        b = p.workload.has_b ? StorageError(policy.storage, second_factors(p)) : a;
    const bool is_exact = policy.accumulate.integer.has_value();
    const double v = is_exact ? 0 : unit_roundoff(policy.accumulate.format);
    const double steps = (terms + 2) * v;  // a rounded product, or alpha, and a bias may come to k sums
    const double gamma = steps < 1 ? steps / (1 - steps) : infinity;
    const double stored = (1 + a.relative) * (p.workload.has_b ? 1 + b.relative : 1);
    double absolute = terms * a.absolute;
    if (p.workload.has_b)
        absolute = terms * (a.absolute * b.largest + b.absolute * a.largest + a.absolute * b.absolute) * stored;
    if (!is_exact) absolute += terms * smallest(policy.accumulate.format);
    std::vector<double> bounds;
    for (std::size_t i = 0; i < truth.values.size(); ++i) {
        const double before = (stored * (1 + gamma) - 1) * truth.magnitudes[i] + (1 + gamma) * absolute;
        // Integers are converted, scaled by two numbers and given a bias: four roundings.
        const double after = 4 * unit_roundoff(policy.result) * (std::abs(truth.values[i]) + before);
        bounds.push_back(before + after + smallest(policy.result));
    }
    return bounds;
}

}  // namespace halfulp::workload
