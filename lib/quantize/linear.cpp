#include <halfulp/lib/quantize/linear.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <halfulp/lib/quantize/affine_steps.h>
#include <halfulp/lib/io/element.hpp>
#include <halfulp/lib/kernel/int8/int8_gemm.hpp>

namespace halfulp::quantize {
namespace {

constexpr CodeRange signed_bytes{-128, 127}, bytes{0, 255};

bool is_unsigned(const Affine& q) { return q.range.greatest > signed_bytes.greatest; }

void require(const LinearScheme& scheme, const LinearProblem& p) {
    if (element_count({p.rows, p.inner}) != p.x.size() || element_count({p.inner, p.columns}) != p.weights.size() ||
        (!p.bias.empty() && p.bias.size() != p.columns))
        throw std::invalid_argument(
            fmt::format("linear layer: expected {} x {}, {} x {} and {} or no numbers, found {}, {} and {}", p.rows,
                        p.inner, p.inner, p.columns, p.columns, p.x.size(), p.weights.size(), p.bias.size()));
    if (scheme.weights.size() != 1 && scheme.weights.size() != p.columns)
        throw std::invalid_argument(fmt::format("linear layer: expected 1 or {} quantisers of weights, found {}",
                                                p.columns, scheme.weights.size()));
    for (const Affine& weight : scheme.weights) require(weight, 0, 0, signed_bytes);
    for (const Affine* q : {&scheme.input, &scheme.output}) require(*q, 0, 0, is_unsigned(*q) ? bytes : signed_bytes);
    const std::int64_t bound = sum_bound(scheme, p.inner, bias_codes(scheme, p.bias, p.columns));
    if (bound > INT32_MAX)
        throw std::invalid_argument(
            fmt::format("linear layer: expected sums below 2^31, found {} terms that can reach {}", p.inner, bound));
}

/// The distance of codes from the zero point, at most.
std::int64_t reach(const Affine& q) {
    return std::max(std::abs(q.range.least - q.zero_point), std::abs(q.range.greatest - q.zero_point));
}

Requantiser requantiser(const LinearScheme& scheme, std::size_t column) {
    return {scheme.mode, factor_of(scheme, column), scheme.output.zero_point, scheme.output.range};
}

/// Column by column: sums of products with the bias, to codes.
std::vector<std::int32_t> requantised(const LinearScheme& scheme, const LinearProblem& p,
                                      std::span<const std::int32_t> sums) {
    std::vector<std::int32_t> codes(sums.size()), column(p.rows), to(p.rows);
    for (std::size_t j = 0; j < p.columns; ++j) {
        for (std::size_t i = 0; i < p.rows; ++i) column[i] = sums[i * p.columns + j];
        requantise(requantiser(scheme, j), column, to);
        for (std::size_t i = 0; i < p.rows; ++i) codes[i * p.columns + j] = to[i];
    }
    return codes;
}

/// The codes of a matrix, column by column where each has its own quantiser.
std::vector<std::int8_t> weight_codes(const LinearScheme& scheme, const LinearProblem& p) {
    std::vector<std::int8_t> codes(p.weights.size());
    if (scheme.weights.size() == 1) {
        quantise(scheme.weights[0], p.weights, codes);
        return codes;
    }
    for (std::size_t i = 0; i < codes.size(); ++i)
        codes[i] = static_cast<std::int8_t>(code_of(scheme.weight(i % p.columns), p.weights[i]));
    return codes;
}

/// C = x W for codes of x of that type. A weight's zero point goes by columns: int8_gemm takes one for all.
template <class Code>
void multiply(const LinearScheme& scheme, const LinearProblem& p, std::vector<std::int32_t>& sums) {
    std::vector<Code> x(p.x.size());
    quantise(scheme.input, p.x, x);
    const std::vector<std::int8_t> weights = weight_codes(scheme, p);
    const auto product = [&](std::size_t first, std::size_t columns, int zero) {
        kernel::int8_gemm(kernel::MatrixView<const Code>{x.data(), p.rows, p.inner, p.inner, 1},
                          kernel::MatrixView<const std::int8_t>{weights.data() + first, p.inner, columns, p.columns, 1},
                          kernel::MatrixView<std::int32_t>{sums.data() + first, p.rows, columns, p.columns, 1},
                          {.a_zero = scheme.input.zero_point, .b_zero = zero});
    };
    const auto same_zero = [&](const Affine& w) { return w.zero_point == scheme.weights[0].zero_point; };
    if (std::ranges::all_of(scheme.weights, same_zero)) return product(0, p.columns, scheme.weights[0].zero_point);
    for (std::size_t j = 0; j < p.columns; ++j) product(j, 1, scheme.weight(j).zero_point);
}

/// x in units of the scale, from the zero point: whole numbers.
double steps(const Affine& q, float x) { return code_of(q, x) - q.zero_point; }

}  // namespace

double factor_of(const LinearScheme& scheme, std::size_t column) {
    const float x = scheme.input.scale, w = scheme.weight(column).scale, y = scheme.output.scale;
    if (row_of(scheme.mode).fixed_point)
        return static_cast<double>(x) * static_cast<double>(w) / static_cast<double>(y);
    return static_cast<double>(x * w / y);
}

std::int64_t sum_bound(const LinearScheme& scheme, std::size_t inner, std::span<const std::int32_t> bias) {
    std::int64_t weight = 0, added = 0;
    for (const Affine& q : scheme.weights) weight = std::max(weight, reach(q));
    for (const std::int32_t b : bias) added = std::max(added, std::abs(std::int64_t{b}));
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    std::int64_t bound = 0;
    if (__builtin_mul_overflow(inner, reach(scheme.input) * weight, &bound) || bound > most - added) return most;
    return bound + added;
}

std::vector<std::int32_t> bias_codes(const LinearScheme& scheme, std::span<const float> bias, std::size_t columns) {
    std::vector<std::int32_t> codes(columns);
    for (std::size_t j = 0; j < bias.size(); ++j) {
        const double unit = static_cast<double>(scheme.input.scale) * static_cast<double>(scheme.weight(j).scale);
        const double code = std::nearbyint(static_cast<double>(bias[j]) / unit);
        if (!(std::abs(code) <= INT32_MAX))
            throw std::invalid_argument(
                fmt::format("linear layer: expected a bias of at most 2^31 units, found {}", code));
        codes[j] = static_cast<std::int32_t>(code);
    }
    return codes;
}

std::vector<std::int32_t> linear_codes(const LinearScheme& scheme, const LinearProblem& problem) {
    require(scheme, problem);
    const auto& [rows, inner, columns, x, weights, bias] = problem;
    std::vector<std::int32_t> sums(rows * columns);
    if (is_unsigned(scheme.input))
        multiply<std::uint8_t>(scheme, problem, sums);
    else
        multiply<std::int8_t>(scheme, problem, sums);
    const std::vector<std::int32_t> added = bias_codes(scheme, bias, columns);
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] += added[i % columns];
    return requantised(scheme, problem, sums);
}

std::vector<float> linear_numbers(const LinearScheme& scheme, const LinearProblem& problem) {
    require(scheme, problem);
    const auto& [rows, inner, columns, x, weights, bias] = problem;
    const std::vector<std::int32_t> added = bias_codes(scheme, bias, columns);
    std::vector<double> w(weights.size());
    for (std::size_t i = 0; i < w.size(); ++i) w[i] = steps(scheme.weight(i % columns), weights[i]);
    std::vector<std::int32_t> sums;
    for (std::size_t i = 0; i < rows; ++i) {
        std::vector<double> row(added.begin(), added.end());
        for (std::size_t k = 0; k < inner; ++k) {
            const double factor = steps(scheme.input, x[i * inner + k]);
            for (std::size_t j = 0; j < columns; ++j) row[j] += factor * w[k * columns + j];
        }
        for (const double sum : row) sums.push_back(static_cast<std::int32_t>(sum));
    }
    std::vector<float> y(sums.size());
    std::ranges::transform(requantised(scheme, problem, sums), y.begin(),
                           [&](std::int32_t code) { return number_of(scheme.output, code); });
    return y;
}

}  // namespace halfulp::quantize
