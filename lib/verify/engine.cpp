#include <halfulp/lib/verify/engine.hpp>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include <halfulp/lib/kernel/arithmetic.hpp>
#include <halfulp/lib/truth/fixed_point.hpp>
#include <halfulp/lib/truth/mpfr.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>
#include <halfulp/softfloat/narrow/operation.hpp>

namespace halfulp {
namespace {

bool is_arithmetic(Operation operation) { return operation <= arithmetic_operations.back().operation; }

using Envs = std::span<const Env>;
using Tuples = std::span<const Operands>;
using Results = std::span<Rounded>;

// exact: softfloat's normative engine.

std::string exact_lacks(const Subject&, const Env&) { return {}; }

/// Of arithmetic the exact result is the same in every environment that leaves the operands as they are: once is enough.
void run_exact(const Subject& s, Envs envs, Tuples tuples, Results results) {
    const unsigned count = row_of(s.operation).operands;
    const bool shared = is_arithmetic(s.operation) &&
                        std::none_of(envs.begin(), envs.end(), [](const Env& env) { return env.flush_inputs; });
    for (std::size_t i = 0; i < tuples.size(); ++i) {
        const std::array<Operand, 3> all{{{s.from, tuples[i][0]}, {s.from, tuples[i][1]}, {s.from, tuples[i][2]}}};
        const auto operands = std::span(all).first(count);
        const auto result = [&](std::size_t e) -> Rounded& { return results[e * tuples.size() + i]; };
        if (shared) {
            const Sticky exact = result_of(s.operation, operands);
            for (std::size_t e = 0; e < envs.size(); ++e) result(e) = deliver(s.to, exact, operands, envs[e]);
        } else {
            for (std::size_t e = 0; e < envs.size(); ++e) result(e) = compute(s.operation, s.to, operands, envs[e]);
        }
    }
}

// fixed: the integers of lib/truth.

std::string fixed_lacks(const Subject& s, const Env& env) {
    if (!is_arithmetic(s.operation)) return "fixed is asked for add, sub, mul, div, sqrt and fma";
    if (s.from != s.to || !truth::has_fixed_point(s.from))
        return "fixed is asked in signed formats of at most 16 bits, and for results in the operands' format";
    const Env asked{.rounding = env.rounding, .overflow = env.overflow, .tininess = env.tininess};
    if (env != asked || env.rounding == Rounding::Stochastic)
        return "fixed does not flush, has one NaN, and rounds by no random bits";
    return {};
}

void run_fixed(const Subject& s, Envs envs, Tuples tuples, Results results) {
    std::vector<Rounded> of_one(envs.size());
    for (std::size_t i = 0; i < tuples.size(); ++i) {
        truth::fixed_point_results(s.operation, s.from, tuples[i], envs, of_one);
        for (std::size_t e = 0; e < envs.size(); ++e) results[e * tuples.size() + i] = of_one[e];
    }
}

// mpfr: the oracle of lib/truth.

std::string mpfr_lacks(const Subject& s, const Env& env) {
    const bool convert = s.operation == Operation::Convert;
    if (!convert && !is_arithmetic(s.operation)) return "mpfr is asked for add, sub, mul, div, sqrt, fma and convert";
    if (!truth::is_ieee(s.from) || !truth::is_ieee(s.to)) return "mpfr is asked in formats with IEEE 754's encoding";
    if (!convert && s.from != s.to) return "mpfr is asked for results in the operands' format";
    const Env asked{.rounding = env.rounding, .tininess = env.tininess};
    if (env != asked || env.rounding == Rounding::Stochastic)
        return "mpfr neither saturates nor flushes, has one NaN, and rounds by no random bits";
    return {};
}

void run_mpfr(const Subject& s, Envs envs, Tuples tuples, Results results) {
    const bool convert = s.operation == Operation::Convert;
    for (const Env& env : envs) {
        for (std::size_t i = 0; i < tuples.size(); ++i)
            results[i] = convert ? truth::mpfr_convert(s.to, s.from, tuples[i][0], env)
                                 : truth::mpfr_result(s.operation, s.from, tuples[i], env);
        results = results.subspan(tuples.size());
    }
}

// narrow: softfloat's engine for formats of at most 16 bits.

using NarrowRun = void (*)(Operation, Envs, Tuples, Results);

template <Format F>
void run_narrow_in(Operation operation, Envs envs, Tuples tuples, Results results) {
    for (const Env& env : envs) {
        for (std::size_t i = 0; i < tuples.size(); ++i) results[i] = narrow::compute<F>(operation, tuples[i], env);
        results = results.subspan(tuples.size());
    }
}

template <std::size_t i>
constexpr NarrowRun narrow_run() {
    if constexpr (narrow::is_narrow(formats[i].format)) return run_narrow_in<formats[i].format>;
    return nullptr;
}

/// For each row of `formats`; nothing where the format is too wide.
constexpr auto narrow_runs = []<std::size_t... i>(std::index_sequence<i...>) {
    return std::array<NarrowRun, sizeof...(i)>{narrow_run<i>()...};
}
(std::make_index_sequence<formats.size()>{});

NarrowRun narrow_run_of(const Format& f) {
    for (std::size_t i = 0; i < formats.size(); ++i)
        if (formats[i].format == f) return narrow_runs.at(i);
    return nullptr;
}

std::string narrow_lacks(const Subject& s, const Env&) {
    if (!is_arithmetic(s.operation)) return "narrow is asked for add, sub, mul, div, sqrt and fma";
    if (s.from != s.to) return "narrow is asked for results in the operands' format";
    return narrow_run_of(s.from) == nullptr ? "narrow is asked in signed formats of at most 16 bits" : "";
}

void run_narrow(const Subject& s, Envs envs, Tuples tuples, Results results) {
    narrow_run_of(s.from)(s.operation, envs, tuples, results);
}

// batch: the SIMD kernels.

std::string batch_lacks(const Subject& s, const Env& env) {
    if (!is_arithmetic(s.operation)) return "batch is asked for add, sub, mul, div, sqrt and fma";
    if (s.from != s.to || s.from.width > 16 || !s.from.is_signed)
        return "batch is asked in signed formats of at most 16 bits, and for results in the operands' format";
    if (env.nan != NanPolicy::IeeeDefault || env.rounding == Rounding::Stochastic)
        return "batch has one NaN, and draws its random bits itself";
    return {};
}

void run_batch(const Subject& s, Envs envs, Tuples tuples, Results results) {
    const std::size_t count = tuples.size();
    std::array<std::vector<std::uint16_t>, 3> columns;
    for (std::size_t place = 0; place < columns.size(); ++place)
        for (const Operands& codes : tuples) columns.at(place).push_back(static_cast<std::uint16_t>(codes.at(place)));
    std::vector<std::uint16_t> codes(count);
    std::vector<Status> each(count);
    for (const Env& env : envs) {
        kernel::compute(s.operation, s.from, columns[0], columns[1], columns[2], codes, env, each);
        for (std::size_t i = 0; i < count; ++i) results[i] = {codes[i], each[i]};
        results = results.subspan(count);
    }
}

constexpr std::array table = {
    Engine{"exact", "softfloat's exact engine, the meaning of every operation", exact_lacks, run_exact},
    Engine{"narrow", "softfloat's engine of 64-bit words, for formats of at most 16 bits", narrow_lacks, run_narrow},
    Engine{"batch", "the SIMD kernels of lib/kernel", batch_lacks, run_batch},
    Engine{"fixed", "integers in fixed point, which share no computation with softfloat", fixed_lacks, run_fixed},
    Engine{"mpfr", "GNU MPFR, by IEEE 754's definitions where it has none", mpfr_lacks, run_mpfr},
};

}  // namespace

std::span<const Engine> engines() { return table; }

}  // namespace halfulp
