// A tile of rows times a vector, in the orders of lib/accumulate/reduction.hpp.

#if defined(HALFULP_KERNEL_GEMV) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_GEMV
#undef HALFULP_KERNEL_GEMV
#else
#define HALFULP_KERNEL_GEMV
#endif

#include <halfulp/lib/kernel/exact_sum-inl.h>
#include <halfulp/lib/kernel/gemv_tiles.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

template <class T>
MatrixView<const T> view_of(const MatrixPlace& x) {
    return {static_cast<const T*>(x.data), x.rows, x.columns, x.row_stride, x.column_stride};
}

/// sum_block(terms, row, block) for every row and block of columns.
template <class A, class SumBlock>
void for_each_block(const GemvTile& tile, std::size_t length, GemvBuffer& buffer, const SumBlock& sum_block) {
    using Element = typename A::Element;
    const auto a = view_of<Element>(tile.a);
    const Blocks blocks{length, a.columns, 0, Blocks::number_of(length, a.columns)};
    for (std::size_t b = 0; b < blocks.last; ++b) {
        const std::size_t columns = blocks.end(b) - blocks.begin(b);
        const auto rows = in_rows(block(a, 0, a.rows, blocks.begin(b), columns), 1, buffer.of(Element{}));
        for (std::size_t i = 0; i < a.rows; ++i)
            sum_block(ElementProducts<A, OfBinary32>{rows.at(i, 0), tile.x + blocks.begin(b)}, columns, i, b);
    }
}

/// Blocks of each row in lanes, then these blocks' sums.
template <class Arithmetic, class A>
void sum_rows(const GemvTile& tile, GemvBuffer& buffer) {
    const std::size_t number = Blocks::number_of(tile.order.block, tile.a.columns);
    std::vector<std::uint64_t> sums(tile.a.rows * number);
    for_each_block<A>(tile, tile.order.block, buffer,
                      [&](const auto& terms, std::size_t columns, std::size_t i, std::size_t b) HWY_ATTR {
                          sums[i * number + b] =
                              Arithmetic::code(block_sum<Arithmetic>(tile.order.within, terms, 0, columns));
                      });
    for (std::size_t i = 0; i < tile.a.rows; ++i) {
        const auto row = std::span<const std::uint64_t>(sums).subspan(i * number, number);
        tile.codes[i] = number == 1 ? row[0] : sum(tile.order.across, typename Arithmetic::Adder{}, row);
    }
}

template <class A>
void sum_rows_exactly(const GemvTile& tile, GemvBuffer& buffer) {
    std::vector<std::vector<double>> sums(tile.a.rows);
    for_each_block<A>(tile, exact_block, buffer,
                      [&](const auto& terms, std::size_t columns, std::size_t i, std::size_t)
                          HWY_ATTR { sum_exactly(terms, 0, columns, sums[i]); });
    for (std::size_t i = 0; i < tile.a.rows; ++i) tile.codes[i] = rounded_sum(tile.policy.accumulate, sums[i]);
}

/// sums += columns * x, one column after another; four of them a walk along the sums. Pre: whole vectors of rows.
template <class Arithmetic, class A, std::size_t... k>
HWY_INLINE void add_columns(const MatrixView<const typename A::Element>& columns, std::size_t first, const float* x,
                            float* sums, std::index_sequence<k...>) {
    const FloatTag d;
    const Floats factors[] = {hn::Set(d, x[first + k])...};
    for (std::size_t i = 0; i < columns.columns; i += hn::Lanes(d)) {
        Floats sum = hn::Load(d, sums + i);
        ((sum = Arithmetic::fma(A::load(d, columns.at(first + k, i)), factors[k], sum)), ...);
        hn::Store(sum, d, sums + i);
    }
}

template <class Arithmetic, class A>
void sum_columns(const GemvTile& tile, GemvBuffer& buffer) {
    using Element = typename A::Element;
    HWY_ALIGN float sums[column_tile] = {};
    const auto a = transposed(view_of<Element>(tile.a));
    for (std::size_t first = 0; first < a.rows; first += column_tile_steps) {
        const std::size_t steps = std::min(column_tile_steps, a.rows - first);
        const auto columns =
            in_rows(block(a, first, steps, 0, a.columns), hn::MaxLanes(FloatTag()), buffer.of(Element{}));
        std::size_t k = 0;
        for (; k + 4 <= steps; k += 4)
            add_columns<Arithmetic, A>(columns, k, tile.x + first, sums, std::make_index_sequence<4>());
        for (; k < steps; ++k)
            add_columns<Arithmetic, A>(columns, k, tile.x + first, sums, std::make_index_sequence<1>());
    }
    for (std::size_t i = 0; i < tile.a.rows; ++i) tile.codes[i] = Arithmetic::code(sums[i]);
}

template <class Arithmetic, class A>
void sum_tile_of(const GemvTile& tile, GemvBuffer& buffer) {
    if (tile.order.exact) return sum_rows_exactly<A>(tile, buffer);
    if (tile.order.within.count == 1) return sum_columns<Arithmetic, A>(tile, buffer);
    sum_rows<Arithmetic, A>(tile, buffer);
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
