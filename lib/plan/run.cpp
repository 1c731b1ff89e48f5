#include <halfulp/lib/plan/run.hpp>

#include <algorithm>
#include <bit>
#include <cmath>

#include <halfulp/lib/matrix_unit/mma_matrix.hpp>
#include <halfulp/lib/plan/scaling.hpp>
#include <halfulp/lib/workload/computation.hpp>
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

std::vector<double> by_unit(const Problem& p, const MmaSpec& spec, unsigned threads) {
    std::vector<double> results;
    results.reserve(p.m * p.n);
    if (!spec.a.integer) {
        const Format &in = spec.a.format, &out = spec.accumulator.format;
        for (const std::uint64_t code : product(p, spec, codes_of(in, p.a), codes_of(in, p.b), threads))
            results.push_back(number_of(out, code));
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
    const auto computation = *workload::prepare(p, policy.by, threads);
    computation.run();
    return computation.results();
}

}  // namespace

std::vector<double> computed(const Problem& problem, const Policy& policy, unsigned threads) {
    const Exponents exponents = exponents_of(problem, policy);
    if (exponents.of_result() == 0 && exponents.a == 0) return computed_as_it_is(problem, policy, threads);
    std::vector<double> results = computed_as_it_is(scaled_problem(problem, exponents), policy, threads);
    for (double& x : results) x = std::ldexp(x, -exponents.of_result());
    return results;
}

}  // namespace halfulp::plan
