// Operands as the kernels read them: four bytes along k are a lane of 32 bits. Panels of B have such lanes of all their
// columns side by side, panels of A row by row.

#if defined(HALFULP_INT8_PANELS) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_INT8_PANELS
#undef HALFULP_INT8_PANELS
#else
#define HALFULP_INT8_PANELS
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstdint>
#include <cstring>

#include <halfulp/lib/kernel/matrix_view.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::int8::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using ByteTag = hn::ScalableTag<std::uint8_t>;
using ShortTag = hn::ScalableTag<std::int16_t>;
using SumTag = hn::ScalableTag<std::int32_t>;
using Bytes = hn::Vec<ByteTag>;
using Shorts = hn::Vec<ShortTag>;
using Sums = hn::Vec<SumTag>;
using Matrix = MatrixView<const std::uint8_t>;

// A panel of B in 16 bits is half of a first cache of 32 KiB.
inline constexpr std::size_t depth = 512, group_bytes = 4;
inline constexpr std::size_t panel_rows = 6;
#if !HALFULP_INT8_VECTORS
inline constexpr std::size_t panel_columns = 16;
#else
inline constexpr std::size_t vector_columns = hn::MaxLanes(SumTag()), panel_columns = 2 * vector_columns;
inline constexpr std::size_t vector_bytes = vector_columns * group_bytes;
#endif

/// Kernels take up to two groups of k at a time.
constexpr std::size_t groups_of(std::size_t steps) { return (steps + 2 * group_bytes - 1) / (2 * group_bytes) * 2; }

/// Byte by byte, from row k on.
inline void pack_bytes(const Matrix& b, std::size_t k, std::uint8_t* to) {
    for (; k < b.rows; ++k) {
        std::uint8_t* at = to + k / group_bytes * group_bytes * panel_columns + k % group_bytes;
        for (std::size_t j = 0; j < b.columns; ++j) at[j * group_bytes] = b(k, j);
    }
}

/// Whole groups of columns that are contiguous.
inline void pack_columns(const Matrix& b, std::size_t end, std::uint8_t* to) {
    for (std::size_t j = 0; j < b.columns; ++j)
        for (std::size_t k = 0; k < end; k += group_bytes)
            std::memcpy(to + k * panel_columns + j * group_bytes, b.at(k, j), group_bytes);
}

#if HALFULP_INT8_VECTORS
/// Whole groups of rows that are contiguous and as long as the panel.
inline void pack_rows(const Matrix& b, std::size_t end, std::uint8_t* to) {
    const hn::FixedTag<std::uint8_t, 16> d;
    for (std::size_t k = 0; k < end; k += group_bytes)
        for (std::size_t j = 0; j < panel_columns; j += 16)
            hn::StoreInterleaved4(hn::LoadU(d, b.at(k, j)), hn::LoadU(d, b.at(k + 1, j)), hn::LoadU(d, b.at(k + 2, j)),
                                  hn::LoadU(d, b.at(k + 3, j)), d, to + k * panel_columns + j * group_bytes);
}
#endif

/// Element (k, j) is at (k / 4 * panel_columns + j) * 4 + k % 4, among zeros.
inline void pack_b(const Matrix& b, std::uint8_t* to) {
    const std::size_t all = groups_of(b.rows) * group_bytes, end = b.rows / group_bytes * group_bytes;
    if (b.columns < panel_columns || b.rows < all) std::memset(to, 0, all * panel_columns);
    if (b.row_stride == 1) {
        pack_columns(b, end, to);
        return pack_bytes(b, end, to);
    }
#if HALFULP_INT8_VECTORS
    if (b.column_stride == 1 && b.columns == panel_columns) {
        pack_rows(b, end, to);
        return pack_bytes(b, end, to);
    }
#endif
    pack_bytes(b, 0, to);
}

/// Element (i, k) is at i * depth + k, less `least`, among zeros.
inline void pack_a(const Matrix& a, std::uint8_t least, std::uint8_t* to) {
    const ByteTag d;
    const auto subtracted = hn::Set(d, least);
    if (a.rows < panel_rows || a.columns < depth) std::memset(to, least, panel_rows * depth);
    if (a.column_stride == 1) {
        for (std::size_t i = 0; i < a.rows; ++i) std::memcpy(to + i * depth, a.at(i, 0), a.columns);
    } else {
        for (std::size_t k = 0; k < a.columns; ++k)
            for (std::size_t i = 0; i < a.rows; ++i) to[i * depth + k] = a(i, k);
    }
    for (std::size_t at = 0; at < panel_rows * depth; at += hn::Lanes(d))
        hn::Store(hn::Sub(hn::Load(d, to + at), subtracted), d, to + at);
}

}  // namespace halfulp::kernel::int8::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
