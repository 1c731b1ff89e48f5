#include <fmt/format.h>

#include <stdexcept>
#include <vector>

#include <halfulp/lib/kernel/gemv_tiles.h>
#include <halfulp/lib/kernel/reduce_blocks.h>
#include <halfulp/lib/kernel/gemv.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/gemv_int8.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/dot_int8-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// Rows of neighbours times x.
void multiply_bytes(const MatrixView<const std::int8_t>& rows, const std::int16_t* x, std::int32_t* y) {
    for (std::size_t i = 0; i < rows.rows; ++i)
        y[i] = static_cast<std::int32_t>(dot_of_bytes(rows.at(i, 0), x, rows.columns));
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(multiply_bytes);

void gemv(const MatrixView<const std::int8_t>& a, std::span<const std::int8_t> x, std::span<std::int32_t> y,
          unsigned threads) {
    require_gemv(place(a), vector_place(x), vector_place(y));
    if (a.columns > most_columns_of_bytes)
        throw std::invalid_argument(fmt::format("gemv: expected sums within 32 bits, of at most {} columns, got {}",
                                                most_columns_of_bytes, a.columns));
    const std::vector<std::int16_t> wide(x.begin(), x.end());
    share(row_tile, a.rows, threads, [&](std::size_t, const Blocks& tiles) {
        std::vector<std::int8_t> buffer;
        for (std::size_t t = tiles.first; t < tiles.last; ++t) {
            const std::size_t first = tiles.begin(t), rows = tiles.end(t) - first;
            HWY_DYNAMIC_DISPATCH(multiply_bytes)
            (in_rows(block(a, first, rows, 0, a.columns), 1, buffer), wide.data(), y.data() + first);
        }
    });
}

}  // namespace halfulp::kernel
#endif
