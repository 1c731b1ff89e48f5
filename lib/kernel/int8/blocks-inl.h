// The walk over blocks: panels of B are packed and each is given its kernel, then every thread takes its rows of A to them.
// It is not that of gemm/blocks-inl.h, because kernels differ from panel to panel, A is packed in the widths that they ask
// for, all threads share B's panels, and sums modulo 2^32 may lie in C between two blocks of k.

#if defined(HALFULP_INT8_BLOCKS) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_INT8_BLOCKS
#undef HALFULP_INT8_BLOCKS
#else
#define HALFULP_INT8_BLOCKS
#endif

#include <algorithm>
#include <memory>
#include <numeric>

#include <halfulp/lib/kernel/gemm/ranges.h>
#include <halfulp/lib/kernel/int8/problem.h>
#include <halfulp/lib/kernel/int8/products-inl.h>
#include <halfulp/lib/kernel/parallel.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::int8::HWY_NAMESPACE {

// Of A in a second cache, and of B in the third.
inline constexpr std::size_t most_row_panels = 40, most_columns = 4096;

/// Rows of A along a block of k, in 8 and, where a kernel asks for it, in 16 bits.
struct PanelOfA {
    HWY_ALIGN std::uint8_t bytes[panel_rows * depth];
    HWY_ALIGN std::uint8_t words[panel_rows * depth * 2];
    std::int32_t bias[panel_rows];
};

/// Columns of B along a block of k, in the width of their kernel.
struct PanelOfB {
    HWY_ALIGN std::uint8_t packed[panel_columns * depth * 2];
    std::int32_t bias[panel_columns];
    KernelOfTarget kernel;

    bool in_words() const { return kernel.kernel == Int8Kernel::Widened; }
};

class Blocks {
  public:
    explicit Blocks(const Int8Problem& x)
        : x_(x),
          row_panels_(pieces(x.c.rows, panel_rows)),
          parts_(std::min<std::size_t>(std::max(x.threads, 1U), row_panels_)),
          b_(std::make_unique_for_overwrite<PanelOfB[]>(pieces(std::min(x.c.columns, most_columns), panel_columns))),
          a_(std::make_unique_for_overwrite<PanelOfA[]>(parts_ * panels_at_once())) {}

    Int8Census multiply() {
        for (std::size_t j = 0; j < x_.c.columns; j += most_columns)
            for (std::size_t k = 0; k < x_.a.columns; k += depth) {
                columns_ = {j, std::min(most_columns, x_.c.columns - j)};
                steps_ = {k, std::min(depth, x_.a.columns - k)};
                multiply_block();
            }
        return census_;
    }

  private:
    std::size_t column_panels() const { return pieces(columns_.count, panel_columns); }
    /// Of A, by a thread.
    std::size_t panels_at_once() const { return std::min(pieces(row_panels_, parts_), most_row_panels); }

    void multiply_block() {
        for_each_part(column_panels(), x_.threads, [this](std::size_t j) { pack(b_[j], j * panel_columns); });
        for (std::size_t j = 0; j < column_panels(); ++j)
            ++census_.panels[static_cast<std::size_t>(b_[j].kernel.kernel)];
        for_each_part(parts_, x_.threads, [this](std::size_t part) {
            const Range share = piece(row_panels_, parts_, part);
            PanelOfA* panels = a_.get() + part * panels_at_once();
            for (std::size_t i = 0; i < share.count; i += panels_at_once())
                multiply_rows(panels, {share.first + i, std::min(panels_at_once(), share.count - i)});
        });
    }

    void pack(PanelOfB& panel, std::size_t first) const {
        const std::size_t groups = groups_of(steps_.count);
        HWY_ALIGN std::uint8_t bytes[panel_columns * depth];
        pack_b(block(x_.b, steps_.first, steps_.count, columns_.first + first,
                     std::min(panel_columns, columns_.count - first)),
               bytes);
        const PanelWeights weights = survey(bytes, groups, panel.bias);
        for (std::int32_t& sum : panel.bias) sum *= x_.a_offset;
        panel.kernel = *std::find_if(kernels_of_target.begin(), kernels_of_target.end(),
                                     [&](const KernelOfTarget& k) { return is_exact(k.kernel, weights, x_.u_most); });
#if HALFULP_INT8_VECTORS
        if (panel.in_words()) return widen_b(bytes, groups, panel.packed);
#endif
        std::memcpy(panel.packed, bytes, groups * group_bytes * panel_columns);
    }

    void pack(PanelOfA& panel, std::size_t first, [[maybe_unused]] bool in_words) const {
        pack_a(block(x_.a, first, std::min(panel_rows, x_.a.rows - first), steps_.first, steps_.count), x_.a_least,
               panel.bytes);
#if HALFULP_INT8_VECTORS
        if (in_words) widen_a(panel.bytes, groups_of(steps_.count), panel.words);
#endif
        std::fill_n(panel.bias, panel_rows, 0);
        for (std::size_t i = 0; x_.b_zero != 0 && i < panel_rows; ++i) {
            const std::uint8_t* row = panel.bytes + i * depth;
            const int offsets = static_cast<int>(steps_.count) * x_.a_offset;
            panel.bias[i] = -x_.b_zero * std::accumulate(row, row + steps_.count, offsets);
        }
    }

    /// Panels of A by all those of B.
    void multiply_rows(PanelOfA* a, const Range& rows) const {
        const bool in_words =
            std::any_of(b_.get(), b_.get() + column_panels(), [](const PanelOfB& panel) { return panel.in_words(); });
        for (std::size_t i = 0; i < rows.count; ++i) pack(a[i], (rows.first + i) * panel_rows, in_words);
        for (std::size_t j = 0; j < column_panels(); ++j)
            for (std::size_t i = 0; i < rows.count; ++i)
                multiply_panels(a[i], b_[j], (rows.first + i) * panel_rows, j * panel_columns);
    }

    void multiply_panels(const PanelOfA& a, const PanelOfB& b, std::size_t row, std::size_t column) const {
        const auto c = block(x_.c, row, std::min(panel_rows, x_.c.rows - row), columns_.first + column,
                             std::min(panel_columns, columns_.count - column));
        const bool adds = x_.adds || steps_.first > 0;
        const auto multiply = [&](std::int32_t* to, std::size_t stride) {
            b.kernel.multiply(b.in_words() ? a.words : a.bytes, b.packed,
                              groups_of(steps_.count) * (b.in_words() ? 2 : 1), {to, stride, adds, a.bias, b.bias});
        };
        if (c.rows == panel_rows && c.columns == panel_columns && c.column_stride == 1)
            return multiply(c.data, c.row_stride);
        std::int32_t whole[panel_rows * panel_columns] = {};
        const auto corner = row_major(whole, c.rows, c.columns, panel_columns);
        if (adds) copy(c, corner);
        multiply(whole, panel_columns);
        copy(corner, c);
    }

    static void copy(const MatrixView<std::int32_t>& from, const MatrixView<std::int32_t>& to) {
        for (std::size_t i = 0; i < to.rows; ++i)
            for (std::size_t j = 0; j < to.columns; ++j) to(i, j) = from(i, j);
    }

    Int8Problem x_;
    std::size_t row_panels_, parts_;
    std::unique_ptr<PanelOfB[]> b_;
    std::unique_ptr<PanelOfA[]> a_;
    Int8Census census_{};
    Range columns_{}, steps_{};  ///< of the block
};

}  // namespace halfulp::kernel::int8::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
