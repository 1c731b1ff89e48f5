#pragma once

// Checks of every code, every pair and every triple of numbers of small formats.

#include <bit>
#include <cstddef>
#include <cstdint>
#include <set>
#include <vector>

#include <halfulp/softfloat/float.hpp>

namespace halfulp::proofs {

template <Format F>
bool is_finite(Float<F> x) {
    return (x.code & F.magnitude_mask()) < F.inf_code();
}

template <Format F>
bool is_largest(Float<F> x) {
    return (x.code & F.magnitude_mask()) == F.max_code();
}

template <Format F>
std::vector<Float<F>> finite_numbers() {
    std::vector<Float<F>> numbers;
    for (std::uint64_t code = 0; code <= F.code_mask(); ++code)
        if (const auto x = Float<F>::from_code(code); is_finite(x)) numbers.push_back(x);
    return numbers;
}

/// Widened to binary32 and rounded back, every code but NaN's is itself.
template <Format F>
bool round_trip() {
    for (std::uint64_t code = 0; code <= F.code_mask(); ++code) {
        const auto narrow = Float<F>::from_code(code);
        if (F.is_nan(code)) continue;
        const auto wide = convert<binary32>(narrow);
        const auto back = convert<F>(wide.value);
        if (wide.status.inexact || back.status.inexact || back.value.code != code) return false;
    }
    return true;
}

template <Format F>
double number(Float<F> x) {
    return std::bit_cast<double>(convert<binary64>(x).value.code);
}

/// So many finite codes, and so many different numbers among them: 0 has two codes.
template <Format F>
bool finite_codes(std::size_t codes, std::size_t different) {
    const auto numbers = finite_numbers<F>();
    std::set<double> values;
    for (const auto x : numbers) values.insert(number(x));
    return numbers.size() == codes && values.size() == different;
}

/// s + t = a + b exactly, where s is the rounded sum (Knuth 1969): doubles hold every such sum of 8-bit numbers. The
/// largest number is left out, with which s - a may overflow although s does not (Boldo, Graillat, Muller 2017).
template <Format F>
bool two_sum() {
    const auto numbers = finite_numbers<F>();
    for (const auto a : numbers)
        for (const auto b : numbers) {
            const auto s = a + b;
            if (!is_finite(s) || is_largest(a) || is_largest(b)) continue;
            const auto b_part = s - a, a_part = s - b_part;
            const auto t = (a - a_part) + (b - b_part);
            if (number(s) + number(t) != number(a) + number(b)) return false;
        }
    return true;
}

/// fma(a, b, c) in F, rounded so in the wider W and then to nearest even, against once to nearest even.
template <Format F, Format W>
bool first_in_wider(Rounding first) {
    const auto numbers = finite_numbers<F>();
    for (const auto a : numbers)
        for (const auto b : numbers)
            for (const auto c : numbers) {
                const auto wide = fma<W>(a, b, c, {.rounding = first}).value;
                if (convert<F>(wide).value.code != fma<F>(a, b, c).value.code) return false;
            }
    return true;
}

}  // namespace halfulp::proofs
