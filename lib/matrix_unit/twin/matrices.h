#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include <halfulp/lib/matrix_unit/mma_matrix.hpp>

namespace halfulp::twin {

/// The arguments of mma_matrix, once they are checked.
struct Matrices {
    MmaSpec spec;
    MatrixShape shape;
    std::span<const std::uint64_t> a, b, c;
    std::span<std::uint64_t> d;
    MatrixScales scales = {};

    std::span<const std::uint64_t> row_of_a(std::size_t i) const { return a.subspan(i * shape.k, shape.k); }
    std::span<const std::uint64_t> row_of_b(std::size_t k) const { return b.subspan(k * shape.n, shape.n); }
};

/// Columns that lie side by side in memory, and rows that take turns on them.
inline constexpr std::size_t panel_width = 32, tile_rows = 64;

constexpr std::size_t pieces(std::size_t count, std::size_t size) { return (count + size - 1) / size; }

/// A part of D that one thread computes: rows of a panel of columns.
struct Tile {
    std::size_t panel, first_row, rows, columns;

    Tile(const MatrixShape& shape, std::size_t index)
        : panel(index / pieces(shape.m, tile_rows)),
          first_row(index % pieces(shape.m, tile_rows) * tile_rows),
          rows(std::min(tile_rows, shape.m - first_row)),
          columns(std::min(panel_width, shape.n - panel * panel_width)) {}

    /// Where a row of the tile begins in C and D.
    std::size_t at(const MatrixShape& shape, std::size_t row) const {
        return (first_row + row) * shape.n + panel * panel_width;
    }
};

constexpr std::size_t tiles(const MatrixShape& shape) {
    return pieces(shape.n, panel_width) * pieces(shape.m, tile_rows);
}

}  // namespace halfulp::twin
