#include <halfulp/lib/workload/definition.hpp>

#include <algorithm>
#include <bit>

#include <halfulp/lib/kernel/adders.h>
#include <halfulp/lib/kernel/default_environment.h>
#include <halfulp/lib/workload/terms.h>
#include <halfulp/lib/accumulate/reduction.hpp>
#include <halfulp/lib/workload/stored.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/dot.hpp>

namespace halfulp::workload {
namespace {

using Codes = std::vector<std::uint64_t>;

/// The terms of one result, in the accumulator's format, which holds every stored number.
struct StoredTerms {
    Codes a, b;

    StoredTerms(const Terms& terms, const Policy& policy) : a(terms.a.size()), b(terms.b.size()) {
        const auto kept = [&](float x) {
            const std::uint64_t stored = convert(policy.storage.format, binary32, std::bit_cast<std::uint32_t>(x)).code;
            return convert(policy.accumulate.format, policy.storage.format, stored).code;
        };
        std::ranges::transform(terms.a, a.begin(), kept);
        std::ranges::transform(terms.b, b.begin(), kept);
    }
};

template <class Adder>
std::uint64_t reduced(const Reduction& order, const Format& f, const Adder& adder, const StoredTerms& terms) {
    if (order.exact) {
        const Codes ones(terms.a.size(), convert(f, binary32, std::bit_cast<std::uint32_t>(1.0F)).code);
        return dot(f, {f, terms.a}, {f, terms.b.empty() ? ones : terms.b}, {}, Operand{f, 0}).code;
    }
    if (terms.b.empty()) return sum(order, adder, std::span(terms.a));
    std::vector<Product> products;
    products.reserve(terms.a.size());
    for (std::size_t l = 0; l < terms.a.size(); ++l) products.push_back({terms.a[l], terms.b[l]});
    return sum(order, adder, std::span<const Product>(products));
}

template <class Adder>
std::uint64_t chained(const Adder& adder, const StoredTerms& terms) {
    std::uint64_t sum = 0;
    for (std::size_t l = 0; l < terms.a.size(); ++l) sum = adder.fma(terms.a[l], terms.b[l], sum);
    return sum;
}

template <class Adder>
double defined_result(const Problem& p, const Policy& policy, const Adder& adder, std::size_t place) {
    const Format& f = policy.accumulate.format;
    const auto number = [&](std::uint64_t code) { return std::bit_cast<double>(convert(binary64, f, code).code); };
    const StoredTerms terms(terms_of(p, place), policy);
    if (p.workload.kind == Kind::Gemm || p.workload.kind == Kind::LayerGradients) return number(chained(adder, terms));
    if (p.workload.kind == Kind::Layer) {
        const std::uint64_t bias = convert(f, binary32, std::bit_cast<std::uint32_t>(p.bias[place % p.n])).code;
        const double x = number(adder.add(chained(adder, terms), bias));
        return x < 0 ? 0 : x;
    }
    const Reduction* order = find_reduction(policy.reduction);
    return number(reduced(*order, f, adder, terms));
}

double scaled_sum(const Problem& p, const StoredBytes& a, const StoredBytes& b, std::size_t place) {
    std::int64_t sum = 0;
    for (std::size_t l = 0; l < p.k; ++l) {
        const std::int64_t term = a.bytes[place / p.n * p.k + l];
        sum += p.workload.has_b ? term * b.bytes[l * p.n + place % p.n] : term;
    }
    return scaled(p, sum, a.scale, b.scale, place % p.n);
}

/// With the operations of the accumulator's format: the emulator's, or what is quicker and has its bits.
template <class Use>
void with_adder(const Policy& policy, const Use& use) {
    const auto fused_or_not = [&]<class Adder>(const Adder& adder) {
        policy.fused ? use(adder) : use(RoundsProducts<Adder>{adder});
    };
    if (policy.accumulate == binary32) return fused_or_not(kernel::SingleAdder{});
    if (policy.accumulate == binary16) return fused_or_not(kernel::HalfAdder{});
    fused_or_not(SoftAdder{policy.accumulate.format});
}

}  // namespace

std::vector<double> defined_results(const Problem& problem, const Policy& policy, std::span<const std::size_t> places) {
    std::vector<double> results;
    if (policy.storage.integer) {
        const StoredBytes a = stored_bytes(problem.a), b = stored_bytes(problem.b);
        for (const std::size_t place : places) results.push_back(scaled_sum(problem, a, b, place));
        return results;
    }
    const kernel::DefaultEnvironment environment;
    with_adder(policy, [&](const auto& adder) {
        for (const std::size_t place : places) results.push_back(defined_result(problem, policy, adder, place));
    });
    return results;
}

}  // namespace halfulp::workload
