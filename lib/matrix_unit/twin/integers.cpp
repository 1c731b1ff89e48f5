#include <halfulp/lib/matrix_unit/twin/integers.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <limits>

namespace halfulp::twin {
namespace {

constexpr int longest_block = 256;  // of products below 2^16

std::int32_t of_code(std::uint64_t code) { return static_cast<std::int32_t>(code); }

bool is_byte(const Element& x) { return x.integer && x.integer->width <= 8; }

/// Whether c and k products of bytes, each of less than 2^16, can leave 32 bits.
bool may_overflow(const Matrices& x) {
    constexpr std::int64_t limit = std::numeric_limits<std::int32_t>::max();
    const std::int64_t room = limit - (static_cast<std::int64_t>(x.shape.k) << 16);
    return std::any_of(x.c.begin(), x.c.end(),
                       [room](std::uint64_t code) { return std::abs(std::int64_t{of_code(code)}) > room; });
}

/// Where nothing saturates, sums have no order: the blocks may be longer than the unit's.
Matrices simplified(Matrices x) {
    x.spec.saturates = x.spec.saturates && may_overflow(x);
    if (x.spec.saturates) return x;
    x.spec.group = 32;
    x.spec.order = KOrder::Ascending;
    return x;
}

}  // namespace

bool Integers::serves(const MmaSpec& spec) {
    return spec.family == Family::Integers && is_byte(spec.a) && is_byte(spec.b) && spec.accumulator == Element(s32) &&
           !spec.c_last && spec.group <= longest_block && spec.group % 4 == 0;
}

Integers::Integers(const Matrices& matrices, unsigned threads) : x_(simplified(matrices)), operands_(x_, threads) {}

void Integers::compute(const Tile& tile) const {
    std::array<std::int32_t, panel_width * tile_rows> running{};
    for (std::size_t i = 0; i < tile.rows; ++i) {
        const auto c = x_.c.subspan(tile.at(x_.shape, i), tile.columns);
        std::transform(c.begin(), c.end(), &running[i * panel_width], of_code);
    }
    advance(*this, tile, running.data());
    for (std::size_t i = 0; i < tile.rows; ++i)
        std::transform(&running[i * panel_width], &running[i * panel_width + tile.columns], &x_.d[tile.at(x_.shape, i)],
                       [](std::int32_t x) { return static_cast<std::uint32_t>(x); });
}

}  // namespace halfulp::twin
