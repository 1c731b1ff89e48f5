#include <halfulp/lib/verify/engine.hpp>

#include <algorithm>
#include <array>

#include <halfulp/lib/truth/mpfr.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

bool is_arithmetic(Operation operation) { return operation <= arithmetic_operations.back().operation; }

// exact: softfloat's normative engine.

std::string exact_lacks(const Subject&, const Env&) { return {}; }

void run_exact(const Subject& s, const Env& env, std::span<const Operands> operands, std::span<Rounded> results) {
    const unsigned count = row_of(s.operation).operands;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const Operands& codes = operands[i];
        const std::array<Operand, 3> all{{{s.from, codes[0]}, {s.from, codes[1]}, {s.from, codes[2]}}};
        results[i] = compute(s.operation, s.to, std::span(all).first(count), env);
    }
}

// mpfr: the oracle of lib/truth.

std::string mpfr_lacks(const Subject& s, const Env& env) {
    const bool convert = s.operation == Operation::Convert;
    if (!convert && !is_arithmetic(s.operation)) return "mpfr is asked for add, sub, mul, div, sqrt, fma and convert";
    if (!truth::is_ieee(s.from) || !truth::is_ieee(s.to)) return "mpfr is asked in formats with IEEE 754's encoding";
    if (!convert && s.from != s.to) return "mpfr is asked for results in the operands' format";
    const Env asked{.rounding = env.rounding, .tininess = env.tininess};
    const bool plain = env.overflow == asked.overflow && env.flush_inputs == asked.flush_inputs &&
                       env.flush_outputs == asked.flush_outputs && env.nan == asked.nan;
    if (!plain || env.rounding == Rounding::Stochastic)
        return "mpfr neither saturates nor flushes, has one NaN, and rounds by no random bits";
    return {};
}

void run_mpfr(const Subject& s, const Env& env, std::span<const Operands> operands, std::span<Rounded> results) {
    for (std::size_t i = 0; i < operands.size(); ++i)
        results[i] = s.operation == Operation::Convert ? truth::mpfr_convert(s.to, s.from, operands[i][0], env)
                                                       : truth::mpfr_result(s.operation, s.from, operands[i], env);
}

constexpr std::array table = {
    Engine{"exact", "softfloat's exact engine, the meaning of every operation", exact_lacks, run_exact},
    Engine{"mpfr", "GNU MPFR, by IEEE 754's definitions where it has none", mpfr_lacks, run_mpfr},
};

}  // namespace

std::span<const Engine> engines() { return table; }

}  // namespace halfulp
