#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <stdexcept>
#include <string>

#include <halfulp/lib/exercise/condition/systems.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/exercise/exercise.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/round_pack.hpp>

// Numbers of formats as the pages of proofs/ write them.

namespace halfulp::test {

using truth::pow2;
using truth::Rational;

/// "# Exercise 2: absorption", the first line of its page.
inline std::string heading(int number) {
    const ExerciseEntry& entry = exercises()[static_cast<std::size_t>(number - 1)];
    return fmt::format("# Exercise {}: {}", entry.number, entry.name);
}

inline std::string text(const Rational& x) { return x.str(); }

/// base^k, which x is. Throws if it is not.
inline std::string power(int base, const Rational& x) {
    int k = 0;
    Rational rest = x;
    for (; rest > 1; ++k) rest /= base;
    for (; rest < 1; --k) rest *= base;
    if (rest != 1) throw std::logic_error(fmt::format("{} is no power of {}", x.str(), base));
    return fmt::format("{}^{}", base, k);
}
inline std::string power(const Rational& x) { return power(2, x); }

/// Pre, here and below: the format has x, and x > 0.
inline Rational after(const Format& f, const Rational& x) { return value_of(f, code_of(f, x) + 1); }
inline Rational before(const Format& f, const Rational& x) { return value_of(f, code_of(f, x) - 1); }

inline Rational largest(const Format& f) { return value_of(f, f.max_code()); }
inline Rational least(const Format& f) { return value_of(f, f.min_code()); }
inline Rational least_normal(const Format& f) { return value_of(f, f.min_normal_code()); }

/// The power of two from which on numbers are so far apart.
inline Rational start_of_binade(const Format& f, const Rational& distance) {
    Rational x = least_normal(f);
    while (after(f, x) - x != distance) x *= 2;
    return x;
}

/// The emulator's x op y. Pre: the format has x and y, and the result is finite.
inline Rational emulated(Operation operation, const Format& f, const Rational& x, const Rational& y) {
    const Sticky exact = result_of(operation, f, {code_of(f, x), code_of(f, y), 0});
    return value_of(f, round_pack(f, exact).code);
}
inline Rational sum(const Format& f, const Rational& x, const Rational& y) { return emulated(Operation::Add, f, x, y); }

/// The first binary32 or binary64 code, from 0 on, whose number the emulator's conversion to f makes such a code of.
/// Pre: so it does of all that follow, up to infinity.
template <class Property>
std::uint64_t first_code(const Format& wide, const Format& f, const Property& has) {
    std::uint64_t before = 0, from = wide.inf_code();
    while (before < from) {
        const std::uint64_t middle = before + (from - before) / 2;
        if (has(convert(f, wide, middle).code))
            from = middle;
        else
            before = middle + 1;
    }
    return from;
}

/// The first binary32 code that overflows.
inline std::uint64_t first_overflow(const Format& f) {
    return first_code(binary32, f, [&](std::uint64_t code) { return code == f.inf_code(); });
}

}  // namespace halfulp::test
