// A part of C = A B in blocks that fit the caches (Goto & van de Geijn, ACM TOMS 34(3), 2008): a block of B is packed for the
// last cache, blocks of A for the second, and tiles of sums live in registers, with a panel of B in the first cache.
// Each sum takes its terms in ascending order whatever the blocks are: between two blocks of steps it is kept as it is.
//
// What is multiplied is a Kernel's:
//   Element, PackedA, PackedB, Sum, Result
//   tile_rows, tile_columns   a tile has up to so many rows, and that many columns; with zeros beyond those of B
//   depth                     most steps along k in a block
//   block_rows                of A that are packed at once
//   pitch                     from a packed row of A to the next
//   pack_a(block, to)         rows x steps of A
//   pack_b(block, to)         steps x columns of B, at most tile_columns; depth * tile_columns elements at most
//   multiply(rows, a, b, steps, is_first, sums)   a tile's sums, those of zero if is_first, plus rows of A times the panel
//   finish(sums, c)           a tile of C from its sums; its size is C's

#if defined(HALFULP_KERNEL_GEMM_BLOCKS) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_GEMM_BLOCKS
#undef HALFULP_KERNEL_GEMM_BLOCKS
#else
#define HALFULP_KERNEL_GEMM_BLOCKS
#endif

#include <hwy/aligned_allocator.h>
#include <hwy/highway.h>

#include <new>

#include <halfulp/lib/kernel/gemm/ranges.hpp>
#include <halfulp/lib/kernel/matrix_view.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

template <class T>
hwy::AlignedFreeUniquePtr<T[]> room_for(std::size_t count) {
    auto room = hwy::AllocateAligned<T>(count);
    if (!room) throw std::bad_alloc();
    return room;
}

template <class Kernel>
class Blocks {
  public:
    using A = MatrixView<const typename Kernel::Element>;
    using B = A;
    using C = MatrixView<typename Kernel::Result>;

    /// Pre: none of the views is empty.
    Blocks(const Kernel& kernel, const A& a, const B& b, const C& c)
        : kernel_(kernel),
          a_(a),
          b_(b),
          c_(c),
          packed_a_(room_for<typename Kernel::PackedA>(std::min(c.rows, Kernel::block_rows) * Kernel::pitch)),
          packed_b_(room_for<typename Kernel::PackedB>(across_ * panel)),
          sums_(room_for<typename Kernel::Sum>(rounds_ == 1 ? tile : pieces_down() * across_ * tile)) {}

    void multiply() {
        for (std::size_t round = 0; round < rounds_; ++round) {
            const Range steps = piece(a_.columns, rounds_, round);
            for (std::size_t j = 0; j < across_; ++j)
                kernel_.pack_b(block(b_, steps.first, steps.count, j * Kernel::tile_columns, columns(j)),
                               packed_b_.get() + j * panel);
            typename Kernel::Sum* sums = sums_.get();
            for (std::size_t i = 0; i < blocks_; ++i) sums = multiply_block(piece(c_.rows, blocks_, i), round, sums);
        }
    }

  private:
    static constexpr std::size_t tile = Kernel::tile_rows * Kernel::tile_columns;
    static constexpr std::size_t panel = Kernel::depth * Kernel::tile_columns;

    std::size_t columns(std::size_t j) const {
        return std::min(Kernel::tile_columns, c_.columns - j * Kernel::tile_columns);
    }
    /// Tiles from the first row of C to the last.
    std::size_t pieces_down() const {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < blocks_; ++i) sum += pieces(piece(c_.rows, blocks_, i).count, Kernel::tile_rows);
        return sum;
    }

    /// From where the sums of these rows are kept to where those of the next are.
    typename Kernel::Sum* multiply_block(const Range& rows, std::size_t round, typename Kernel::Sum* sums) {
        const Range steps = piece(a_.columns, rounds_, round);
        const std::size_t down = pieces(rows.count, Kernel::tile_rows);
        const bool is_last = round + 1 == rounds_;
        kernel_.pack_a(block(a_, rows.first, rows.count, steps.first, steps.count), packed_a_.get());
        for (std::size_t j = 0; j < across_; ++j)
            for (std::size_t i = 0; i < down; ++i) {
                const Range within = piece(rows.count, down, i);
                kernel_.multiply(within.count, packed_a_.get() + within.first * Kernel::pitch,
                                 packed_b_.get() + j * panel, steps.count, round == 0, sums);
                if (is_last)
                    kernel_.finish(
                        sums, block(c_, rows.first + within.first, within.count, j * Kernel::tile_columns, columns(j)));
                if (rounds_ > 1) sums += tile;
            }
        return sums;
    }

    const Kernel& kernel_;
    A a_;
    B b_;
    C c_;
    std::size_t rounds_ = pieces(a_.columns, Kernel::depth);
    std::size_t blocks_ = pieces(c_.rows, Kernel::block_rows);
    std::size_t across_ = pieces(c_.columns, Kernel::tile_columns);
    hwy::AlignedFreeUniquePtr<typename Kernel::PackedA[]> packed_a_;
    hwy::AlignedFreeUniquePtr<typename Kernel::PackedB[]> packed_b_;
    hwy::AlignedFreeUniquePtr<typename Kernel::Sum[]> sums_;
};

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
