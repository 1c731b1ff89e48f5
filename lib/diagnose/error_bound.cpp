#include <halfulp/lib/diagnose/error_bound.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <span>
#include <vector>

#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

struct Arithmetic {
    std::string_view name;
    Format format;       ///< of the sums
    double roundoff;     ///< u
    double underflow;    ///< t: a subnormal number's last place, or the smallest normal number where these are flushed
    double of_operands;  ///< v

    /// It shows in most elements: where few are outside of a finer bound, these are faults.
    constexpr bool is_coarse() const { return of_operands > 0 || roundoff > 0x1p-20; }
};

/// The narrower the bound, the earlier the row.
constexpr std::array arithmetics = {
    Arithmetic{"fp64", binary64, 0x1p-53, 0x1p-1074, 0},
    Arithmetic{"fp32", binary32, 0x1p-24, 0x1p-126, 0},
    Arithmetic{"fp32, rounded in any direction", binary32, 0x1p-23, 0x1p-126, 0},
    Arithmetic{"fp32, of operands cut off to tf32", binary32, 0x1p-23, 0x1p-126, 0x1p-10},
    Arithmetic{"fp32, of operands rounded to bf16", binary32, 0x1p-23, 0x1p-126, 0x1p-8},
    // Units of fp8 align and keep 13 fraction bits: of each block's terms, one more than products, a part is cut off.
    Arithmetic{"fp32 of 14 bits, as fp8 units keep", binary32, 0x1p-12, 0x1p-126, 0},
    Arithmetic{"fp16", binary16, 0x1p-11, 0x1p-24, 0},
};

double number(const Element& e, std::uint64_t code) { return std::bit_cast<double>(number_in(binary64, e, code)); }

std::optional<Matrix> turned(const std::optional<Matrix>& scales) {
    return scales ? std::optional(transposed(*scales)) : std::nullopt;
}

/// Those of a matrix whose rows may have scales.
std::vector<double> numbers(const Matrix& matrix, const std::optional<Matrix>& scales) {
    std::vector<double> all;
    all.reserve(matrix.codes.size());
    for (const std::uint64_t code : (scales ? scaled(matrix, *scales, binary64) : converted(matrix, binary64)).codes)
        all.push_back(std::bit_cast<double>(code));
    return all;
}

/// r and m of one element.
struct Reference {
    double value, magnitude;
};

Reference reference(std::span<const double> a, std::span<const double> b, double alpha, double scaled_c) {
    Reference sum{0, 0};
    for (std::size_t k = 0; k < a.size(); ++k) {
        sum.value += a[k] * b[k];
        sum.magnitude += std::fabs(a[k] * b[k]);
    }
    return {alpha * sum.value + scaled_c, std::fabs(alpha) * sum.magnitude + std::fabs(scaled_c)};
}

double roundings(std::size_t k) { return static_cast<double>(k) + 4; }

double bound_of(const Arithmetic& by, const Reference& r, std::size_t k, const Format& output) {
    const double n = roundings(k), nu = n * by.roundoff, own = 2 * n * 0x1p-53;
    const double sums = r.magnitude * (nu / (1 - nu) + by.of_operands * (2 + by.of_operands) + own) + n * by.underflow;
    const double least = std::ldexp(1.0, output.emin() - output.fraction_bits());
    return sums + std::ldexp(1.0, -output.precision) * (std::fabs(r.value) + sums) + least;
}

/// Does a bound of this arithmetic say anything of this product?
bool applies(const Arithmetic& by, const Gemm& gemm, const Format& output) {
    const bool of_fp8 = !gemm.a.element.integer && gemm.a.element.width() == 8;
    const bool wide_operands = gemm.a.element == binary32 || gemm.b.element == binary32;
    return roundings(gemm.a.columns) * by.roundoff <= 0.25 && (by.of_operands == 0 || wide_operands) &&
           (by.format != binary16 || output == binary16) &&
           (by.format != binary32 || !by.is_coarse() || by.of_operands > 0 || of_fp8);
}

/// Does it lie within the bound, or is it what an overflow leaves?
bool lies_within(const Arithmetic& by, const Reference& r, double bound, double d, const Format& output) {
    if (!std::isfinite(r.value)) return !std::isfinite(d);
    if (std::isfinite(d)) return std::fabs(d - r.value) <= bound;
    return r.magnitude + bound > std::fmin(number(by.format, by.format.max_code()), number(output, output.max_code()));
}

/// Elements outside of a bound.
struct Outside {
    std::size_t count = 0;
    std::optional<Outlier> first = {};
};

}  // namespace

Bounded check_bounds(const Gemm& gemm, double alpha, double beta, const Matrix& d, const std::vector<bool>& explained) {
    const std::size_t k = gemm.a.columns;
    const Format& output = d.element.format;
    const std::vector<double> a = numbers(gemm.a, gemm.a_scales),
                              b = numbers(transposed(gemm.b), turned(gemm.b_scales));
    std::array<Outside, arithmetics.size()> outside;
    const auto check_element = [&](std::size_t i, std::size_t j) {
        const double c = gemm.c && beta != 0 ? number(gemm.c->element, gemm.c->at(i, j)) : 0;
        const Reference r = reference(std::span(a).subspan(i * k, k), std::span(b).subspan(j * k, k), alpha, beta * c);
        const double found = number(d.element, d.at(i, j));
        for (std::size_t row = 0; row < arithmetics.size(); ++row) {
            const double bound = bound_of(arithmetics[row], r, k, output);
            if (lies_within(arithmetics[row], r, bound, found, output)) continue;
            if (outside[row].count++ == 0) outside[row].first = {i, j, r.value, std::fabs(found - r.value), bound};
        }
    };
    for (std::size_t i = 0; i < d.rows; ++i)
        for (std::size_t j = 0; j < d.columns; ++j)
            if (explained.empty() || !explained[i * d.columns + j]) check_element(i, j);
    Bounded result;
    std::size_t fewest = d.codes.size();
    for (std::size_t row = 0; row < arithmetics.size(); ++row) {
        const bool too_few = arithmetics[row].is_coarse() && fewest * 16 <= d.codes.size();
        if (!applies(arithmetics[row], gemm, output) || too_few) continue;
        if (outside[row].count == 0) return {arithmetics[row].name, std::nullopt};
        fewest = std::min(fewest, outside[row].count);
        result.outlier = outside[row].first;
    }
    return result;
}

}  // namespace halfulp
