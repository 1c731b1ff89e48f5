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

inline Elimination eliminate(RationalMatrix a, RationalMatrix b) {
    Elimination result{1, {0, 0}};
    for (std::size_t k = 0; k < a.rows; ++k) {
        std::size_t pivot = k;
        while (pivot < a.rows && a(pivot, k) == 0) ++pivot;
        if (pivot == a.rows) return {0, {0, 0}};
        if (pivot != k) result.determinant *= -1;
        for (std::size_t j = 0; j < a.columns; ++j) std::swap(a(k, j), a(pivot, j));
        for (std::size_t j = 0; j < b.columns; ++j) std::swap(b(k, j), b(pivot, j));
        const truth::Rational divisor = a(k, k);
        result.determinant *= divisor;
        for (std::size_t j = 0; j < a.columns; ++j) a(k, j) /= divisor;
        for (std::size_t j = 0; j < b.columns; ++j) b(k, j) /= divisor;
        for (std::size_t i = 0; i < a.rows; ++i) {
            if (i == k || a(i, k) == 0) continue;
            const truth::Rational factor = a(i, k);
            for (std::size_t j = 0; j < a.columns; ++j) a(i, j) -= factor * a(k, j);
            for (std::size_t j = 0; j < b.columns; ++j) b(i, j) -= factor * b(k, j);
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
