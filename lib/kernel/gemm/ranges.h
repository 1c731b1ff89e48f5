#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>

// How rows, columns and steps of a product are cut into pieces: evenly, so that none is much smaller than the others.

namespace halfulp::kernel {

struct Range {
    std::size_t first, count;
};

/// Pieces of at most `size` that `count` things make.
constexpr std::size_t pieces(std::size_t count, std::size_t size) { return (count + size - 1) / size; }

/// Piece `index` of `parts`, which differ by one at most.
constexpr Range piece(std::size_t count, std::size_t parts, std::size_t index) {
    const std::size_t least = count / parts, longer = count % parts;
    return {index * least + std::min(index, longer), least + (index < longer ? 1 : 0)};
}

/// C in parts, each of which is computed for itself, from the first step to the last. So threads share nothing.
class Grid {
  public:
    /// What a part's sums and its share of B may take of the caches.
    static constexpr std::size_t most_rows = 1024, most_columns = 1024;
    /// Parts begin at multiples of this many columns: of every kernel's tile.
    static constexpr std::size_t column_step = 32;

    static constexpr bool is_one_part(std::size_t rows, std::size_t columns) {
        return rows <= most_rows && columns <= most_columns;
    }

    /// As many parts as the limits ask for; for several threads a multiple of these, cut across the longer side.
    constexpr Grid(std::size_t rows, std::size_t columns, std::size_t threads)
        : rows_(rows), columns_(columns), down_(pieces(rows, most_rows)), across_(pieces(columns, most_columns)) {
        const std::size_t factor = threads / std::gcd(threads, down_ * across_);
        rows / down_ >= columns / across_ ? down_ *= factor : across_ *= factor;
    }

    constexpr std::size_t parts() const { return down_ * across_; }
    constexpr Range rows(std::size_t part) const { return piece(rows_, down_, part / across_); }
    constexpr Range columns(std::size_t part) const {
        const Range steps = piece(pieces(columns_, column_step), across_, part % across_);
        const std::size_t first = std::min(steps.first * column_step, columns_);
        return {first, std::min(steps.count * column_step, columns_ - first)};
    }

  private:
    std::size_t rows_, columns_, down_, across_;
};

}  // namespace halfulp::kernel
