#include <halfulp/lib/workload/truth.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>

#include <halfulp/lib/workload/error.hpp>
#include <halfulp/softfloat/dot.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/random.hpp>

namespace halfulp::workload {
namespace {

using Codes = std::vector<std::uint64_t>;

std::uint64_t code_of(float x) { return std::bit_cast<std::uint32_t>(x); }

/// The terms of one result: a row of a, and a column of b or, where there is no b, ones.
struct ExactTerms {
    Codes a, b;

    ExactTerms(const Problem& p, std::size_t place) : a(p.k), b(p.k, code_of(1)) {
        const std::size_t i = place / p.n, j = place % p.n;
        for (std::size_t l = 0; l < p.k; ++l) a[l] = code_of(p.a[i * p.k + l]);
        if (p.workload.has_b)
            for (std::size_t l = 0; l < p.k; ++l) b[l] = code_of(p.b[l * p.n + j]);
    }
};

double exact_sum(const Problem& p, const ExactTerms& terms, std::size_t place) {
    std::optional<Operand> bias;
    if (p.workload.kind == Kind::Layer) bias = Operand{binary32, code_of(p.bias[place % p.n])};
    const Rounded sum = dot(binary64, {binary32, terms.a}, {binary32, terms.b}, {}, bias);
    const auto value = std::bit_cast<double>(sum.code);
    return p.workload.kind == Kind::Layer ? std::max(0.0, value) : value;
}

double magnitude(const Problem& p, const ExactTerms& terms, std::size_t place) {
    double sum = p.workload.kind == Kind::Layer ? std::abs(p.bias[place % p.n]) : 0;
    for (std::size_t l = 0; l < p.k; ++l)
        sum += std::abs(static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(terms.a[l]))) *
                        static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(terms.b[l]))));
    return sum;
}

double largest_magnitude(const std::vector<float>& x) {
    double largest = 0;
    for (const float v : x) largest = std::max(largest, std::abs(static_cast<double>(v)));
    return largest;
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
        const ExactTerms terms(p, place);
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
    const StorageError a(policy.storage, p.a), b = p.workload.has_b ? StorageError(policy.storage, p.b) : a;
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
