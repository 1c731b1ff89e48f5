#include <halfulp/lib/solve/lu.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <span>
#include <stdexcept>
#include <tuple>
#include <utility>

#include <halfulp/lib/kernel/arithmetic.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::solve {
namespace {

/// What elimination asks of binary32.
struct Single {
    using Number = float;

    float rounded(double x) const { return static_cast<float>(x); }
    double value(float x) const { return x; }
    void divide(std::span<float> x, float by) const {
        for (float& number : x) number /= by;
    }
    /// row -= l * pivot_row
    void eliminate(std::span<float> row, float l, std::span<const float> pivot_row) const {
        for (std::size_t j = 0; j < row.size(); ++j) row[j] = std::fma(-l, pivot_row[j], row[j]);
    }
};

/// The same of a format of at most 16 bits, on codes.
struct Narrow {
    using Number = std::uint16_t;
    using Codes = std::vector<std::uint16_t>;

    Format format;

    std::uint16_t rounded(double x) const {
        return static_cast<std::uint16_t>(convert(format, binary64, std::bit_cast<std::uint64_t>(x)).code);
    }
    double value(std::uint16_t code) const { return std::bit_cast<double>(convert(binary64, format, code).code); }
    void divide(std::span<std::uint16_t> x, std::uint16_t by) const {
        std::ignore = kernel::div(format, x, Codes(x.size(), by), x);
    }
    void eliminate(std::span<std::uint16_t> row, std::uint16_t l, std::span<const std::uint16_t> pivot_row) const {
        const auto minus_l = static_cast<std::uint16_t>(l ^ format.sign_bit());
        std::ignore = kernel::fma(format, Codes(row.size(), minus_l), pivot_row, row, row);
    }
};

template <class Arithmetic>
class Elimination {
  public:
    Elimination(const Matrix& a, Arithmetic arithmetic) : n_(a.rows), arithmetic_(std::move(arithmetic)), rows_(n_) {
        std::iota(rows_.begin(), rows_.end(), std::size_t{0});
        numbers_.reserve(a.numbers.size());
        for (const double x : a.numbers) numbers_.push_back(arithmetic_.rounded(x));
    }

    Factors run() {
        Breakdown breakdown = Breakdown::None;
        for (std::size_t k = 0; k < n_ && breakdown == Breakdown::None; ++k) breakdown = step(k);
        Factors result{Matrix(n_, n_), rows_, breakdown};
        std::ranges::transform(numbers_, result.lu.numbers.begin(), [&](auto x) { return arithmetic_.value(x); });
        return result;
    }

  private:
    using Number = typename Arithmetic::Number;

    std::span<Number> row(std::size_t i) { return std::span(numbers_).subspan(i * n_, n_); }
    double magnitude(std::size_t i, std::size_t j) const { return std::abs(arithmetic_.value(numbers_[i * n_ + j])); }

    /// What is infinite or NaN spreads down its column, to the pivot at the latest.
    Breakdown step(std::size_t k) {
        std::size_t pivot = k;
        for (std::size_t i = k; i < n_; ++i) {
            if (!std::isfinite(magnitude(i, k))) return Breakdown::Overflow;
            if (magnitude(i, k) > magnitude(pivot, k)) pivot = i;
        }
        if (magnitude(pivot, k) == 0) return Breakdown::ZeroPivot;
        std::swap(rows_[k], rows_[pivot]);
        std::swap_ranges(row(k).begin(), row(k).end(), row(pivot).begin());

        std::vector<Number> column;
        for (std::size_t i = k + 1; i < n_; ++i) column.push_back(row(i)[k]);
        arithmetic_.divide(column, row(k)[k]);
        for (std::size_t i = k + 1; i < n_; ++i) {
            row(i)[k] = column[i - k - 1];
            arithmetic_.eliminate(row(i).subspan(k + 1), row(i)[k], row(k).subspan(k + 1));
        }
        return Breakdown::None;
    }

    std::size_t n_;
    Arithmetic arithmetic_;
    std::vector<std::size_t> rows_;
    std::vector<Number> numbers_ = {};
};

}  // namespace

Factors factorise(const Matrix& a, const Format& format) {
    if (format == binary32) return Elimination(a, Single{}).run();
    if (format.width > 16) throw std::invalid_argument("expected fp32 or a format of at most 16 bits");
    return Elimination(a, Narrow{format}).run();
}

void substitute(const Factors& factors, std::vector<double>& b) {
    const Matrix& lu = factors.lu;
    const std::size_t n = lu.rows;
    std::vector<double> x(n);
    for (std::size_t i = 0; i < n; ++i) {
        x[i] = b[factors.rows[i]];
        for (std::size_t j = 0; j < i; ++j) x[i] -= lu(i, j) * x[j];
    }
    for (std::size_t i = n; i-- > 0;) {
        for (std::size_t j = i + 1; j < n; ++j) x[i] -= lu(i, j) * x[j];
        x[i] /= lu(i, i);
    }
    b = std::move(x);
}

}  // namespace halfulp::solve
