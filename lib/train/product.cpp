#include <halfulp/lib/train/product.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/lib/kernel/layer_gradients.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::train {
namespace {

double largest(const Format& f) {
    const Exact x = decode(f, f.max_code());
    return std::ldexp(static_cast<double>(x.sig), x.exp);
}

/// The row whose operands and sums these are.
const kernel::GemmPolicy& row_of(const Format& storage, const Format& accumulate) {
    for (const kernel::GemmPolicy& row : kernel::gemm_policies)
        if (row.storage == storage && row.accumulate == accumulate && row.result == accumulate &&
            row.fused == (accumulate == binary32))
            return row;
    throw std::invalid_argument("add_product: expected formats of a row of gemm_policies");
}

template <class T>
kernel::MatrixView<const T> view(const std::vector<T>& elements, const Factor& of) {
    return kernel::row_major<const T>(elements.data(), of.rows, of.columns);
}

/// Of C's numbers, and what their product is to have.
struct Result {
    std::size_t rows, columns;
    std::span<float> c;
    kernel::GemmOptions options;
};

/// multiply(row, a, b, c, options) with views of what the formats are stored as. Pre: C has the size that it says.
template <class Multiply>
void with_views(const Format& accumulate, const Factor& a, const Factor& b, const Result& result,
                const Multiply& multiply) {
    if (a.format != b.format) throw std::invalid_argument("product: expected operands of one format");
    const kernel::GemmPolicy& row = row_of(a.format, accumulate);
    const auto numbers = kernel::row_major(result.c.data(), result.rows, result.columns);
    if (a.format == binary32) return multiply(row, view(a.numbers, a), view(b.numbers, b), numbers, result.options);
    const auto a_view = view(a.codes, a), b_view = view(b.codes, b);
    if (accumulate == binary32) return multiply(row, a_view, b_view, numbers, result.options);
    std::vector<std::uint16_t> codes(result.c.size());
    kernel::narrow(accumulate, result.c, codes);
    multiply(row, a_view, b_view, kernel::row_major(codes.data(), result.rows, result.columns), result.options);
    kernel::widen(accumulate, codes, result.c);
}

}  // namespace

float current_scale(const Format& f, std::span<const float> numbers) {
    float amax = 0;
    for (const float x : numbers) {
        if (!std::isfinite(x)) return 1;
        amax = std::max(amax, std::abs(x));
    }
    if (amax == 0) return 1;
    return std::min(static_cast<float>(largest(f)) / amax, std::numeric_limits<float>::max());
}

Factor factor(const Format& f, std::size_t rows, std::size_t columns, std::span<const float> numbers) {
    if (numbers.size() != rows * columns)
        throw std::invalid_argument(
            fmt::format("factor: expected {} x {} numbers, found {}", rows, columns, numbers.size()));
    Factor x{rows, columns, f, Numbers(numbers.begin(), numbers.end()), {}, 1, {}};
    if (f.width == 8) {
        const float scale = current_scale(f, numbers), limit = static_cast<float>(largest(f));
        for (float& number : x.numbers) number = std::clamp(number * scale, -limit, limit);
        x.unit = 1 / scale;
        x.format = binary16;
    }
    x.fates = round_to(f, x.numbers);
    if (x.format == binary32) return x;
    x.codes.resize(x.numbers.size());
    kernel::narrow(x.format, x.numbers, x.codes);
    return x;
}

void add_product(const Format& accumulate, const Factor& a, const Factor& b, std::span<float> c, unsigned threads) {
    if (c.size() != a.rows * b.columns)
        throw std::invalid_argument(
            fmt::format("add_product: expected {} x {} numbers of C, found {}", a.rows, b.columns, c.size()));
    with_views(accumulate, a, b, {a.rows, b.columns, c, {.alpha = a.unit * b.unit, .beta = 1, .threads = threads}},
               [](const auto&... arguments) { kernel::gemm(arguments...); });
}

Numbers gradient_of_inputs(const Format& accumulate, const Factor& dz, const Factor& weights, unsigned threads) {
    Numbers dx(dz.rows * weights.rows);
    with_views(accumulate, dz, weights, {dz.rows, weights.rows, dx, {dz.unit * weights.unit, 0, threads}},
               [](const auto&... arguments) { kernel::gradient_of_inputs(arguments...); });
    return dx;
}

Numbers gradient_of_weights(const Format& accumulate, const Factor& x, const Factor& dz, unsigned threads) {
    Numbers dw(x.columns * dz.columns);
    with_views(accumulate, x, dz, {x.columns, dz.columns, dw, {x.unit * dz.unit, 0, threads}},
               [](const auto&... arguments) { kernel::gradient_of_weights(arguments...); });
    return dw;
}

Numbers gradient_of_bias(const Format& accumulate, const Factor& dz, unsigned threads) {
    Numbers dbias(dz.columns);
    const Factor one = factor(dz.format, 1, 1, Numbers{1});
    with_views(accumulate, one, dz, {1, dz.columns, dbias, {dz.unit, 0, threads}},
               [](const auto& row, const auto& ones, const auto&... others) {
                   kernel::gradient_of_bias(row, ones(0, 0), others...);
               });
    return dbias;
}

}  // namespace halfulp::train
