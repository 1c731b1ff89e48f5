#pragma once

#include <vector>

#include <halfulp/lib/verify/engine.hpp>

// The engines, a file each.

namespace halfulp {

std::string exact_lacks(const Subject& subject, const Env& env);
void run_exact(const Questions& questions, std::span<Rounded> results);
std::string narrow_lacks(const Subject& subject, const Env& env);
void run_narrow(const Questions& questions, std::span<Rounded> results);
std::string batch_lacks(const Subject& subject, const Env& env);
void run_batch(const Questions& questions, std::span<Rounded> results);
std::string fixed_lacks(const Subject& subject, const Env& env);
void run_fixed(const Questions& questions, std::span<Rounded> results);
std::string mpfr_lacks(const Subject& subject, const Env& env);
void run_mpfr(const Questions& questions, std::span<Rounded> results);

inline constexpr Engine exact_engine{"exact", "softfloat's exact engine, the meaning of every operation", exact_lacks,
                                     run_exact};
inline constexpr Engine narrow_engine{"narrow", "softfloat's engine of 64-bit words, for formats of at most 16 bits",
                                      narrow_lacks, run_narrow};
inline constexpr Engine batch_engine{
    "batch", "the SIMD kernels of lib/kernel, with the flags of each and with all flags", batch_lacks, run_batch};
inline constexpr Engine fixed_engine{"fixed", "integers in fixed point, which share no computation with softfloat",
                                     fixed_lacks, run_fixed};
inline constexpr Engine mpfr_engine{"mpfr", "GNU MPFR, by IEEE 754's definitions where it has none", mpfr_lacks,
                                    run_mpfr};

/// `compute(operands, env)` of every operand in every environment, with its random bits.
template <class Compute>
void answer_each(const Questions& q, std::span<Rounded> results, const Compute& compute) {
    for (Env env : q.envs) {
        const bool random = env.rounding == Rounding::Stochastic;
        for (std::size_t i = 0; i < q.operands.size(); ++i) {
            if (random) env.random = kernel::draw(q.draws, i);
            results[i] = compute(q.operands[i], env);
        }
        results = results.subspan(q.operands.size());
    }
}

/// `compute(operands, envs, results)` of every operand, in all environments at a time, with its random bits.
template <class Compute>
void answer_at_once(const Questions& q, std::span<Rounded> results, const Compute& compute) {
    std::vector<Env> envs(q.envs.begin(), q.envs.end());
    std::vector<Rounded> of_one(envs.size());
    for (std::size_t i = 0; i < q.operands.size(); ++i) {
        for (Env& env : envs)
            if (env.rounding == Rounding::Stochastic) env.random = kernel::draw(q.draws, i);
        compute(q.operands[i], std::span<const Env>(envs), std::span(of_one));
        for (std::size_t e = 0; e < envs.size(); ++e) results[e * q.operands.size() + i] = of_one[e];
    }
}

}  // namespace halfulp
