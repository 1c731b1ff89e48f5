#pragma once

#include <cstddef>
#include <halfulp/lib/condition/matrix.hpp>
#include <stdexcept>
#include <utility>
#include <vector>

#include "support/by_rationals.hpp"

// Linear algebra on exact rationals, by Gauss and Jordan, for matrices of a few rows.

namespace halfulp::test {

struct RationalMatrix {
    std::size_t rows, columns;
    std::vector<truth::Rational> numbers = std::vector<truth::Rational>(rows * columns);

    truth::Rational& operator()(std::size_t i, std::size_t j) { return numbers[i * columns + j]; }
    const truth::Rational& operator()(std::size_t i, std::size_t j) const { return numbers[i * columns + j]; }
};

inline RationalMatrix rational(const conditioning::Matrix& a) {
    RationalMatrix r{a.rows, a.columns};
    for (std::size_t i = 0; i < a.numbers.size(); ++i) r.numbers[i] = rational(a.numbers[i]);
    return r;
}

/// A column.
inline RationalMatrix rational(const std::vector<double>& x) {
    RationalMatrix r{x.size(), 1};
    for (std::size_t i = 0; i < x.size(); ++i) r.numbers[i] = rational(x[i]);
    return r;
}

struct Elimination {
    truth::Rational determinant = 1;
    RationalMatrix solution;  ///< X with A X = B, if the determinant is not 0
};

/// Row i of the matrix less `factor` times its row k.
inline void subtract_row(RationalMatrix& a, std::size_t i, const truth::Rational& factor, std::size_t k) {
    for (std::size_t j = 0; j < a.columns; ++j) a(i, j) -= factor * a(k, j);
}
inline void exchange_rows(RationalMatrix& a, std::size_t i, std::size_t k) {
    for (std::size_t j = 0; j < a.columns; ++j) std::swap(a(i, j), a(k, j));
}
inline void divide_row(RationalMatrix& a, std::size_t i, const truth::Rational& divisor) {
    for (std::size_t j = 0; j < a.columns; ++j) a(i, j) /= divisor;
}

inline Elimination eliminate(RationalMatrix a, RationalMatrix b) {
    Elimination result{1, {0, 0}};
    for (std::size_t k = 0; k < a.rows; ++k) {
        std::size_t pivot = k;
        while (pivot < a.rows && a(pivot, k) == 0) ++pivot;
        if (pivot == a.rows) return {0, {0, 0}};
        const truth::Rational divisor = a(pivot, k);
        result.determinant *= pivot == k ? divisor : truth::Rational(-divisor);
        for (RationalMatrix* m : {&a, &b}) {
            exchange_rows(*m, k, pivot);
            divide_row(*m, k, divisor);
        }
        for (std::size_t i = 0; i < a.rows; ++i) {
            const truth::Rational factor = i == k ? truth::Rational(0) : a(i, k);
            subtract_row(a, i, factor, k);
            subtract_row(b, i, factor, k);
        }
    }
    result.solution = std::move(b);
    return result;
}

inline Elimination inverted(const RationalMatrix& a) {
    RationalMatrix identity{a.rows, a.rows};
    for (std::size_t i = 0; i < a.rows; ++i) identity(i, i) = 1;
    return eliminate(a, identity);
}

/// The largest sum of a row's magnitudes.
inline truth::Rational norm_inf(const RationalMatrix& a) {
    truth::Rational largest = 0;
    for (std::size_t i = 0; i < a.rows; ++i) {
        truth::Rational sum = 0;
        for (std::size_t j = 0; j < a.columns; ++j) sum += abs(a(i, j));
        largest = std::max(largest, sum);
    }
    return largest;
}

inline RationalMatrix transposed(const RationalMatrix& a) {
    RationalMatrix t{a.columns, a.rows};
    for (std::size_t i = 0; i < a.rows; ++i)
        for (std::size_t j = 0; j < a.columns; ++j) t(j, i) = a(i, j);
    return t;
}

inline truth::Rational norm_1(const RationalMatrix& a) { return norm_inf(transposed(a)); }

}  // namespace halfulp::test
