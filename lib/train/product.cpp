#include <halfulp/lib/train/product.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <stdexcept>

#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/lib/kernel/gemm.hpp>
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
kernel::MatrixView<const T> view(const std::vector<T>& elements, const Factor& of, Side side) {
    const auto whole = kernel::row_major<const T>(elements.data(), of.rows, of.columns);
    return side == Side::AsIs ? whole : kernel::transposed(whole);
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

void add_product(const Format& accumulate, const Factor& a, Side a_side, const Factor& b, Side b_side,
                 std::span<float> c, unsigned threads) {
    const std::size_t rows = a_side == Side::AsIs ? a.rows : a.columns;
    const std::size_t columns = b_side == Side::AsIs ? b.columns : b.rows;
    if (c.size() != rows * columns || a.format != b.format)
        throw std::invalid_argument(
            fmt::format("add_product: expected {} x {} numbers of C and operands of one "
                        "format, found {}",
                        rows, columns, c.size()));
    const kernel::GemmPolicy& row = row_of(a.format, accumulate);
    const kernel::GemmOptions options{.alpha = a.unit * b.unit, .beta = 1, .threads = threads};
    const auto numbers = kernel::row_major(c.data(), rows, columns);
    if (a.format == binary32)
        return gemm(row, view(a.numbers, a, a_side), view(b.numbers, b, b_side), numbers, options);
    const auto a_view = view(a.codes, a, a_side), b_view = view(b.codes, b, b_side);
    if (accumulate == binary32) return gemm(row, a_view, b_view, numbers, options);
    std::vector<std::uint16_t> codes(c.size());
    kernel::narrow(accumulate, c, codes);
    gemm(row, a_view, b_view, kernel::row_major(codes.data(), rows, columns), options);
    kernel::widen(accumulate, codes, c);
}

}  // namespace halfulp::train
