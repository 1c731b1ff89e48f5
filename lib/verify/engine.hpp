#pragma once

#include <span>
#include <string>
#include <string_view>

#include <halfulp/lib/kernel/batch.hpp>
#include <halfulp/lib/verify/subject.hpp>
#include <halfulp/softfloat/round_pack.hpp>

namespace halfulp {

/// What engines are asked: the subject on each of the operands in each of the environments. Where the rounding is
/// Stochastic, the random bits of operands[i] are draw(draws, i), whatever Env::random says.
struct Questions {
    Subject subject;                     ///< what is computed
    std::span<const Env> envs;           ///< each for all operands
    std::span<const Operands> operands;  ///< codes, as many of each as the subject takes
    kernel::Draws draws = {};            ///< for Stochastic, from operands[0] on
};

/// An implementation of operations on codes, to be held against another.
struct Engine {
    std::string_view name;         ///< as the program takes it
    std::string_view description;  ///< a phrase
    /// Why it cannot be asked; empty if it can.
    std::string (*lacks)(const Subject&, const Env&);
    /// results[e * operands.size() + i] is that of operands[i] in envs[e]. Pre: it lacks nothing of them.
    void (*run)(const Questions&, std::span<Rounded> results);
};

/// Every engine of this build.
std::span<const Engine> engines();

/// The names of those that can be asked of it in the environment: "exact, mpfr".
std::string engines_for(const Subject& subject, const Env& env);

}  // namespace halfulp
