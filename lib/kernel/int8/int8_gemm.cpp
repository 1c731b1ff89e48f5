#include <halfulp/lib/kernel/int8/int8_gemm.hpp>

#include <fmt/format.h>

#include <stdexcept>
#include <string_view>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/int8/int8_gemm.cpp"
#include <halfulp/lib/kernel/int8/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/int8/blocks-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::int8::HWY_NAMESPACE {

void multiply_blocks(const Int8Problem& problem, Int8Census& census) { census = Blocks(problem).multiply(); }

/// Least and greatest of the bytes ^ flip.
void find_extremes(const Matrix& x, std::uint8_t flip, std::uint8_t& least, std::uint8_t& most) {
    const hn::ScalableTag<std::uint8_t> d;
    const auto flips = hn::Set(d, flip);
    auto low = hn::Set(d, 0xFF), high = hn::Zero(d);
    const auto see = [&](auto bytes) HWY_ATTR {
        low = hn::Min(low, hn::Xor(bytes, flips));
        high = hn::Max(high, hn::Xor(bytes, flips));
    };
    for (std::size_t i = 0; i < x.rows; ++i) {
        std::size_t j = 0;
        if (x.column_stride == 1)
            for (; j + hn::Lanes(d) <= x.columns; j += hn::Lanes(d)) see(hn::LoadU(d, x.at(i, j)));
        for (; j < x.columns; ++j) see(hn::Set(d, x(i, j)));
    }
    HWY_ALIGN std::uint8_t lows[hn::MaxLanes(d)], highs[hn::MaxLanes(d)];
    hn::Store(low, d, lows);
    hn::Store(high, d, highs);
    least = *std::min_element(lows, lows + hn::Lanes(d));
    most = *std::max_element(highs, highs + hn::Lanes(d));
}

}  // namespace halfulp::kernel::int8::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {
namespace int8 {
namespace {

HWY_EXPORT(multiply_blocks);
HWY_EXPORT(find_extremes);

using Bytes = MatrixView<const std::uint8_t>;

template <class Number>
Bytes bytes_of(const MatrixView<const Number>& x) {
    return {reinterpret_cast<const std::uint8_t*>(x.data), x.rows, x.columns, x.row_stride, x.column_stride};
}

/// Of the numbers of a matrix, and how far from its zero point they reach.
struct Interval {
    int least = 0, most = 0;

    std::size_t reach(int zero) const { return static_cast<std::size_t>(std::max(most - zero, zero - least)); }
};

/// flip: 0x80 for signed bytes.
Interval interval_of(const Bytes& x, int flip) {
    if (x.empty()) return {};
    std::uint8_t least = 0, most = 0;
    const Bytes lines = x.row_stride == 1 ? transposed(x) : x;
    HWY_DYNAMIC_DISPATCH(find_extremes)(lines, static_cast<std::uint8_t>(flip), least, most);
    return {least - flip, most - flip};
}

void require_zero_point(std::string_view name, int zero, int least, int most) {
    if (zero < least || zero > most)
        throw std::invalid_argument(
            fmt::format("int8_gemm: {}: expected a zero point from {} to {}, found {}", name, least, most, zero));
}

std::size_t greatest_magnitude(const MatrixView<std::int32_t>& c) {
    std::int64_t most = 0;
    for (std::size_t i = 0; i < c.rows; ++i)
        for (std::size_t j = 0; j < c.columns; ++j) {
            const std::int64_t x = c(i, j);
            most = std::max(most, x < 0 ? -x : x);
        }
    return static_cast<std::size_t>(most);
}

/// Of k products of magnitudes up to a and b, and of one up to c.
bool fits_32_bits(std::size_t k, std::size_t a, std::size_t b, std::size_t c) {
    std::size_t bound = 0;
    return !__builtin_mul_overflow(k, a * b, &bound) && !__builtin_add_overflow(bound, c, &bound) && bound <= INT32_MAX;
}

void require_32_bits(std::size_t k, std::size_t a, std::size_t b, std::size_t c) {
    if (!fits_32_bits(k, a, b, c))
        throw std::invalid_argument(fmt::format(
            "int8_gemm: expected sums below 2^31, found {} products of up to {} * {}, and {} to add to", k, a, b, c));
}

template <class Number>
void require_operands(const MatrixView<const Number>& a, const MatrixView<const std::int8_t>& b,
                      const MatrixView<std::int32_t>& c) {
    if (a.rows != c.rows || b.columns != c.columns || a.columns != b.rows)
        throw std::invalid_argument(
            fmt::format("int8_gemm: expected A of {0} x K, B of K x {1} for C of {0} x {1}, "
                        "found {2} x {3} and {4} x {5}",
                        c.rows, c.columns, a.rows, a.columns, b.rows, b.columns));
    // Before anything is done for each k: with strides of 0 no memory bounds them.
    require_32_bits(a.columns, 1, 1, 0);
    require_product("int8_gemm", place(a), place(b), place(c));
}

template <class Number>
Int8Census multiply(const MatrixView<const Number>& a, const MatrixView<const std::int8_t>& b,
                    const MatrixView<std::int32_t>& c, const Int8Options& options) {
    constexpr int flip = std::is_signed_v<Number> ? 0x80 : 0;
    require_operands(a, b, c);
    require_zero_point("A", options.a_zero, -flip, 0xFF - flip);
    require_zero_point("B", options.b_zero, INT8_MIN, INT8_MAX);
    if (c.empty()) return {};
    if (a.columns == 0) {
        for (std::size_t i = 0; !options.accumulate && i < c.rows; ++i)
            for (std::size_t j = 0; j < c.columns; ++j) c(i, j) = 0;
        return {};
    }
    const Interval of_a = interval_of(bytes_of(a), flip);
    const std::size_t a_reach = of_a.reach(options.a_zero), to_add_to = options.accumulate ? greatest_magnitude(c) : 0;
    // B is looked at only where its type does not tell.
    if (!fits_32_bits(a.columns, a_reach, Interval{INT8_MIN, INT8_MAX}.reach(options.b_zero), to_add_to))
        require_32_bits(a.columns, a_reach, interval_of(bytes_of(b), 0x80).reach(options.b_zero), to_add_to);
    Int8Census census;
    HWY_DYNAMIC_DISPATCH(multiply_blocks)
    ({.a = bytes_of(a),
      .a_least = static_cast<std::uint8_t>(of_a.least),
      .u_most = of_a.most - of_a.least,
      .a_offset = of_a.least - options.a_zero,
      .b = bytes_of(b),
      .b_zero = options.b_zero,
      .c = c,
      .adds = options.accumulate,
      .threads = options.threads},
     census);
    return census;
}

}  // namespace
}  // namespace int8

Int8Census int8_gemm(const MatrixView<const std::int8_t>& a, const MatrixView<const std::int8_t>& b,
                     const MatrixView<std::int32_t>& c, const Int8Options& options) {
    return int8::multiply(a, b, c, options);
}

Int8Census int8_gemm(const MatrixView<const std::uint8_t>& a, const MatrixView<const std::int8_t>& b,
                     const MatrixView<std::int32_t>& c, const Int8Options& options) {
    return int8::multiply(a, b, c, options);
}

}  // namespace halfulp::kernel
#endif
