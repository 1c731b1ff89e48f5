#pragma once

#include <span>
#include <string>

#include <halfulp/lib/exercise/observer.hpp>
#include <halfulp/lib/truth/rational.hpp>

// Gaussian elimination without pivoting on two equations, as data: every number on the way is a rounded one, and an
// observer is asked for each. Not installed, as it needs Boost.

namespace halfulp {

/// In which format a system is stored, and in which it is solved.
struct Precision {
    Format storage, arithmetic;
};

/// "fp16", or "fp16 storage, fp32 arithmetic".
std::string name_of(const Precision& precision);

/// The numbers of a run in their order: those of the system, then one a step.
enum class Number : std::size_t { A11, A12, A21, A22, C1, C2, M, T, U22, S, Y2, X2, V, W, X1 };

/// The code of a number. Pre: the run has come so far.
inline std::uint64_t code_of(const Codes& run, Number number) { return run.at(static_cast<std::size_t>(number)); }

/// How each number after those of the system is computed: "m = a21 / a11, t = m * a12, ...".
std::string steps_text();

/// The same of one: "u22 = a22 - t". Throws std::logic_error for a number of the system.
std::string step_text(Number result);

/// Numbers as an observer stores them in f: each the quotient of two integers in fp32 (fp64 for fp64), converted.
/// Pre: that format has numerators and denominators.
Answer store(const Observer& observer, const Format& f, std::span<const truth::Rational> numbers);

/// The codes that they must be stored as: rounded once, from what they are. Throws std::logic_error if the two roundings
/// of `store` are bound to give another code.
Codes stored_codes(const Format& f, std::span<const truth::Rational> numbers);

/// All numbers of a run in the arithmetic's format, stored and computed by an observer.
/// Pre: `system` is a11, a12, a21, a22, c1, c2.
Answer eliminate(const Observer& observer, const Precision& precision, std::span<const truth::Rational> system);

}  // namespace halfulp
