#include <halfulp/lib/plan/run.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

#include <halfulp/lib/matrix_unit/mma_matrix.hpp>
#include <halfulp/lib/plan/pair_sums.hpp>
#include <halfulp/lib/plan/scaling.hpp>
#include <halfulp/lib/workload/stored.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::plan {
namespace {

using workload::Problem;
using Codes = std::vector<std::uint64_t>;

double number_of(const Format& f, std::uint64_t code) { return std::bit_cast<double>(convert(binary64, f, code).code); }

Codes codes_of(const Format& f, const std::vector<float>& numbers) {
    Codes codes;
    codes.reserve(numbers.size());
    for (const float x : numbers) codes.push_back(convert(f, binary32, std::bit_cast<std::uint32_t>(x)).code);
    return codes;
}

Codes codes_of(const std::vector<std::int8_t>& bytes) {
    Codes codes;
    codes.reserve(bytes.size());
    for (const std::int8_t byte : bytes) codes.push_back(static_cast<std::uint8_t>(byte));
    return codes;
}

/// With zeros up to whole blocks of K, as kernels fill their tiles up.
MatrixShape fill_up(const Problem& p, std::size_t block, Codes& a, Codes& b) {
    const std::size_t k = (p.k + block - 1) / block * block;
    Codes wide(p.m * k);
    for (std::size_t i = 0; i < p.m; ++i)
        std::copy_n(a.begin() + static_cast<std::ptrdiff_t>(i * p.k), p.k,
                    wide.begin() + static_cast<std::ptrdiff_t>(i * k));
    a = std::move(wide);
    b.resize(k * p.n);
    return {p.m, p.n, k};
}

Codes product(const Problem& p, const MmaSpec& spec, Codes a, Codes b, unsigned threads) {
    const MatrixShape shape = fill_up(p, static_cast<std::size_t>(spec.group), a, b);
    Codes d(p.m * p.n);
    mma_matrix(spec, shape, a, b, d, d, threads);
    return d;
}

/// What follows the product in a layer: a bias and ReLU, in the accumulator's format.
double finished(const Problem& p, const Format& f, std::uint64_t code, std::size_t place) {
    if (p.bias.empty()) return number_of(f, code);
    const std::uint64_t bias = convert(f, binary32, std::bit_cast<std::uint32_t>(p.bias[place % p.n])).code;
    const double x = number_of(f, SoftAdder{f}.add(code, bias));
    return x < 0 ? 0 : x;
}

std::vector<double> by_unit(const Problem& p, const MmaSpec& spec, unsigned threads) {
    std::vector<double> results;
    results.reserve(p.m * p.n);
    if (!spec.a.integer) {
        const Format &in = spec.a.format, &out = spec.accumulator.format;
        for (const std::uint64_t code : product(p, spec, codes_of(in, p.a), codes_of(in, p.b), threads))
            results.push_back(finished(p, out, code, results.size()));
        return results;
    }
    const workload::StoredBytes a = workload::stored_bytes(p.a), b = workload::stored_bytes(p.b);
    const Codes sums = product(p, spec, codes_of(a.bytes), codes_of(b.bytes), threads);
    for (std::size_t i = 0; i < sums.size(); ++i) {
        const auto sum = static_cast<std::int32_t>(static_cast<std::uint32_t>(sums[i]));
        results.push_back(workload::scaled(p, sum, a.scale, b.scale, i % p.n));
    }
    return results;
}

/// All elements of the product, where pairs saturate.
template <class Use>
void by_pairs(const Problem& p, const Use& use) {
    const workload::StoredBytes a = workload::stored_bytes(p.a), b = workload::stored_bytes(p.b);
    for (std::size_t place = 0; place < p.m * p.n; ++place)
        use(place, pair_sum({p.m, p.n, p.k, a.bytes, b.bytes}, place / p.n, place % p.n), a.scale, b.scale);
}

/// One sum, in the format that sums.
template <class Adder>
std::uint64_t reduced(const Problem& p, const Policy& policy, const Adder& adder) {
    const Format &storage = policy.by.storage.format, &f = policy.by.accumulate.format;
    const Reduction& order = order_of(p.workload.kind, policy);
    const auto operand = [&](const std::vector<float>& numbers) {
        Codes codes = codes_of(storage, numbers);
        for (std::uint64_t& code : codes) code = convert(f, storage, code).code;
        return codes;
    };
    const Codes a = operand(p.a), b = operand(p.b);
    if (!p.workload.has_b) return sum(order, adder, std::span<const std::uint64_t>(a));
    std::vector<Product> terms(p.k);
    for (std::size_t l = 0; l < p.k; ++l) terms[l] = {a[l], b[l]};
    return sum(order, adder, std::span<const Product>(terms));
}

std::vector<double> by_emulator(const Problem& p, const Policy& policy) {
    const SoftAdder adder{policy.by.accumulate.format};
    const std::uint64_t code =
        policy.by.fused ? reduced(p, policy, adder) : reduced(p, policy, RoundsProducts<SoftAdder>{adder});
    return {number_of(policy.by.accumulate.format, code)};
}

bool has_kernel(const Problem& p, const Policy& policy) {
    return !(p.workload.is_vector && policy.by.accumulate == bfloat16);
}

std::vector<double> computed_as_it_is(const Problem& p, const Policy& policy, unsigned threads) {
    if (policy.unit != nullptr) return by_unit(p, *policy.unit, threads);
    if (!has_kernel(p, policy)) return by_emulator(p, policy);
    if (policy.saturates) {
        std::vector<double> results;
        by_pairs(p, [&](std::size_t place, const PairSum& x, float a, float b) {
            results.push_back(workload::scaled(p, x.sum, a, b, place % p.n));
        });
        return results;
    }
    const auto computation = *prepared(p, policy, threads);
    computation.run();
    return computation.results();
}

}  // namespace

std::optional<workload::Computation> prepared(const Problem& problem, const Policy& policy, unsigned threads) {
    workload::Policy by = policy.by;
    by.reduction = order_of(problem.workload.kind, policy).name;
    return prepare(problem, by, threads);
}

std::vector<std::size_t> saturated_pairs(const Problem& problem) {
    std::vector<std::size_t> counts;
    by_pairs(problem, [&](std::size_t, const PairSum& x, float, float) { counts.push_back(x.saturated); });
    return counts;
}

std::vector<double> computed(const Problem& problem, const Policy& policy, unsigned threads) {
    const Exponents exponents = exponents_of(problem, policy);
    if (exponents.of_result() == 0 && exponents.a == 0) return computed_as_it_is(problem, policy, threads);
    std::vector<double> results = computed_as_it_is(scaled_problem(problem, exponents), policy, threads);
    for (double& x : results) x = std::ldexp(x, -exponents.of_result());
    return results;
}

}  // namespace halfulp::plan
