#include <halfulp/lib/kernel/matrix_view.hpp>

#include <fmt/format.h>

#include <limits>
#include <numeric>
#include <optional>
#include <stdexcept>

namespace halfulp::kernel {

namespace {

bool is_empty(const MatrixPlace& x) { return x.rows == 0 || x.columns == 0; }

/// A stride as its caller meant it: a negative one became a huge one.
std::ptrdiff_t meant(std::size_t stride) { return static_cast<std::ptrdiff_t>(stride); }

/// Bytes from the begin of the first of `count` elements to the end of the last; nothing if they cannot be counted.
std::optional<std::size_t> span_of(std::size_t count, std::size_t stride, std::size_t element_bytes) {
    std::size_t bytes = 0;
    if (__builtin_mul_overflow(count - 1, stride, &bytes) || __builtin_mul_overflow(bytes, element_bytes, &bytes) ||
        __builtin_add_overflow(bytes, element_bytes, &bytes))
        return std::nullopt;
    return bytes;
}

/// The whole view's. Pre: it is not empty.
std::optional<std::size_t> extent(const MatrixPlace& x) {
    const auto row = span_of(x.columns, x.column_stride, x.element_bytes);
    if (!row) return std::nullopt;
    std::size_t rows = 0;
    if (__builtin_mul_overflow(x.rows - 1, x.row_stride, &rows) ||
        __builtin_mul_overflow(rows, x.element_bytes, &rows) || __builtin_add_overflow(rows, *row, &rows))
        return std::nullopt;
    return rows;
}

/// A view as equally long pieces of memory: its rows, or its columns if the elements of those lie closer together.
struct Pieces {
    std::uintptr_t first;
    std::size_t count, stride, bytes;

    /// Pre: the view lies within memory, and is not empty.
    explicit Pieces(const MatrixPlace& x) : first(reinterpret_cast<std::uintptr_t>(x.data)) {
        const bool by_rows = x.column_stride <= x.row_stride;
        stride = (by_rows ? x.row_stride : x.column_stride) * x.element_bytes;
        count = stride == 0 ? 1 : by_rows ? x.rows : x.columns;
        bytes = *(by_rows ? span_of(x.columns, x.column_stride, x.element_bytes)
                          : span_of(x.rows, x.row_stride, x.element_bytes));
    }

    std::uintptr_t begin(std::size_t i) const { return first + i * stride; }
    std::uintptr_t end(std::size_t i) const { return begin(i) + bytes; }
};

/// Both begin and end later the further on: whichever ends first cannot meet what follows in the other.
bool meet(const Pieces& x, const Pieces& y) {
    if (x.end(x.count - 1) <= y.begin(0) || y.end(y.count - 1) <= x.begin(0)) return false;
    for (std::size_t i = 0, j = 0; i < x.count && j < y.count;) {
        if (x.begin(i) < y.end(j) && y.begin(j) < x.end(i)) return true;
        x.end(i) <= y.begin(j) ? ++i : ++j;
    }
    return false;
}

}  // namespace

void require_within_memory(const ArgumentName& argument, const MatrixPlace& x) {
    if (is_empty(x)) return;
    const auto bytes = extent(x);
    if (!bytes || *bytes > static_cast<std::size_t>(std::numeric_limits<std::ptrdiff_t>::max()))
        throw std::invalid_argument(fmt::format(
            "{}: {}: expected a matrix within memory, got {} x {} elements of {} bytes with strides {} and {}",
            argument.function, argument.name, x.rows, x.columns, x.element_bytes, meant(x.row_stride),
            meant(x.column_stride)));
    if (x.data == nullptr)
        throw std::invalid_argument(fmt::format("{}: {}: expected {} x {} elements, got a null pointer",
                                                argument.function, argument.name, x.rows, x.columns));
}

void require_distinct_elements(const ArgumentName& argument, const MatrixPlace& result) {
    if (is_empty(result) || (result.column_stride == 1 && result.row_stride >= result.columns)) return;
    // (i, j) and (i + down, j - across) coincide where down * row_stride = across * column_stride; these are the least.
    const std::size_t divisor = std::gcd(result.row_stride, result.column_stride);
    const std::size_t down = divisor == 0 ? 0 : result.column_stride / divisor;
    const std::size_t across = divisor == 0 ? 0 : result.row_stride / divisor;
    if (divisor == 0 ? result.rows > 1 || result.columns > 1 : down < result.rows && across < result.columns)
        throw std::invalid_argument(fmt::format(
            "{}: {}: expected elements of their own, got strides {} and {}, with which some of {} x {} are one",
            argument.function, argument.name, meant(result.row_stride), meant(result.column_stride), result.rows,
            result.columns));
}

void require_apart(const ArgumentName& argument, const MatrixPlace& x, std::string_view other_name,
                   const MatrixPlace& other) {
    if (is_empty(x) || is_empty(other)) return;
    if (meet(Pieces(x), Pieces(other)))
        throw std::invalid_argument(fmt::format("{}: {}: expected memory of its own, got some that {} lies in",
                                                argument.function, argument.name, other_name));
}

void require_product(std::string_view function, const MatrixPlace& a, const MatrixPlace& b, const MatrixPlace& c) {
    require_within_memory({function, "A"}, a);
    require_within_memory({function, "B"}, b);
    require_within_memory({function, "C"}, c);
    require_distinct_elements({function, "C"}, c);
    require_apart({function, "C"}, c, "A", a);
    require_apart({function, "C"}, c, "B", b);
}

}  // namespace halfulp::kernel
