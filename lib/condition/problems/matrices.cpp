#include <halfulp/lib/condition/problems/matrices.hpp>

#include <array>
#include <cmath>
#include <cstdint>
#include <numeric>

namespace halfulp::conditioning {
namespace {

template <class Number>
Matrix each(std::size_t n, const Number& number) {
    Matrix a(n, n);
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t j = 0; j < n; ++j) a(i, j) = number(i, j);
    return a;
}

/// Exact while it is below 2^53: each step is a binomial coefficient.
double binomial(std::size_t n, std::size_t k) {
    if (k > n) return 0;
    double value = 1;
    for (std::size_t i = 1; i <= k; ++i) value = value * static_cast<double>(n - k + i) / static_cast<double>(i);
    return value;
}

double sign(std::size_t power) { return power % 2 == 0 ? 1 : -1; }
double power(double x, std::size_t n) { return std::pow(x, static_cast<double>(n)); }

/// The least one that makes Hilbert's numbers integers.
double hilbert_factor(std::size_t n) {
    std::uint64_t factor = 1;
    for (std::uint64_t i = 1; i < 2 * n; ++i) factor = std::lcm(factor, i);
    return static_cast<double>(factor);
}
Matrix hilbert(std::size_t n) {
    return each(n, [f = hilbert_factor(n)](auto i, auto j) { return f / static_cast<double>(i + j + 1); });
}
/// Choi, Amer. Math. Monthly 90(5), 1983.
Matrix inverse_of_hilbert(std::size_t n) {
    return each(n, [&, f = hilbert_factor(n)](auto i, auto j) {
        const double middle = binomial(i + j, i);
        return sign(i + j) * static_cast<double>(i + j + 1) * binomial(n + i, n - j - 1) * binomial(n + j, n - i - 1) *
               middle * middle / f;
    });
}

Matrix vandermonde(std::size_t n) {
    return each(n, [](auto i, auto j) { return power(static_cast<double>(j), i); });
}
double determinant_of_vandermonde(std::size_t n) {
    double product = 1;
    for (std::size_t i = 1; i < n; ++i) product *= std::tgamma(static_cast<double>(i + 1));
    return product;
}

constexpr double kahan_s = 15.0 / 16, kahan_c = 3.0 / 8;
Matrix kahan(std::size_t n) {
    return each(n, [](auto i, auto j) { return j < i ? 0 : power(kahan_s, i) * (j == i ? 1 : -kahan_c); });
}
Matrix inverse_of_kahan(std::size_t n) {
    return each(n, [](auto i, auto j) {
        const double unscaled = j < i ? 0 : j == i ? 1 : kahan_c * power(1 + kahan_c, j - i - 1);
        return unscaled / power(kahan_s, j);
    });
}
double determinant_of_kahan(std::size_t n) { return power(kahan_s, n * (n - 1) / 2); }

Matrix frank(std::size_t n) {
    return each(n, [n](auto i, auto j) { return j + 1 < i ? 0 : static_cast<double>(n - std::max(i, j)); });
}

Matrix pascal(std::size_t n) {
    return each(n, [](auto i, auto j) { return binomial(i + j, i); });
}
/// The matrix is L L^T of the triangle of binomials, whose inverse has alternating signs.
Matrix inverse_of_pascal(std::size_t n) {
    return each(n, [n](auto i, auto j) {
        double sum = 0;
        for (std::size_t k = std::max(i, j); k < n; ++k) sum += binomial(k, i) * binomial(k, j);
        return sign(i + j) * sum;
    });
}

double one(std::size_t) { return 1; }

Matrix two_rows(double a, double b, double c, double d) {
    Matrix m(2, 2);
    m.numbers = {a, b, c, d};
    return m;
}

constexpr double nearly_one = 1 - 0x1p-13;

constexpr std::array table = {
    KnownMatrix{"hilbert", "lcm(1 .. 2n-1) / (i+j-1): Hilbert's, made integers", 1, 19, hilbert, inverse_of_hilbert},
    KnownMatrix{"vandermonde", "j^i for the points 0 .. n-1", 1, 14, vandermonde, nullptr, determinant_of_vandermonde},
    KnownMatrix{"kahan", "Kahan's triangle, with s = 15/16 and c = 3/8", 1, 14, kahan, inverse_of_kahan,
                determinant_of_kahan},
    KnownMatrix{"frank", "n+1 - max(i, j), and 0 below the first subdiagonal", 1, 1000, frank, nullptr, one},
    KnownMatrix{"pascal", "the binomial coefficients i+j over i", 1, 29, pascal, inverse_of_pascal, one},
    // Those of exercise 3; of its family the nearest whose numbers are exact.
    KnownMatrix{"nearly equal", "[[1, b], [b, 1]] with b = 1 - 2^-13", 2, 2,
                [](std::size_t) { return two_rows(1, nearly_one, nearly_one, 1); },
                [](std::size_t) {
                    constexpr double determinant = (1 - nearly_one) * (1 + nearly_one);
                    return two_rows(1 / determinant, -nearly_one / determinant, -nearly_one / determinant,
                                    1 / determinant);
                },
                [](std::size_t) { return (1 - nearly_one) * (1 + nearly_one); },
                [](std::size_t) { return (1 + nearly_one) / (1 - nearly_one); }},
    KnownMatrix{"stored exactly", "[[50, 51], [51, 52]]", 2, 2, [](std::size_t) { return two_rows(50, 51, 51, 52); },
                [](std::size_t) { return two_rows(-52, 51, 51, -50); }, [](std::size_t) { return -1.0; },
                [](std::size_t) { return 5203 + std::sqrt(5203.0 * 5203 - 1); }},
    KnownMatrix{"badly scaled", "diag(1, 2^-13)", 2, 2, [](std::size_t) { return two_rows(1, 0, 0, 0x1p-13); },
                [](std::size_t) { return two_rows(1, 0, 0, 0x1p13); }, [](std::size_t) { return 0x1p-13; },
                [](std::size_t) { return 0x1p13; }},
};

}  // namespace

std::span<const KnownMatrix> known_matrices() { return table; }

}  // namespace halfulp::conditioning
