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
//   pack_b(block, to)         steps x columns of B, at most tile_columns, to steps * tile_columns elements
//   multiply(rows, a, b, steps, is_first, sums)   a tile's sums, those of zero if is_first, plus rows of A times the panel
//   finish(sums, c)           a tile of C from its sums; its size is C's

#if defined(HALFULP_KERNEL_GEMM_BLOCKS) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_GEMM_BLOCKS
#undef HALFULP_KERNEL_GEMM_BLOCKS
#else
#define HALFULP_KERNEL_GEMM_BLOCKS
#endif

#include <hwy/aligned_allocator.h>
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <new>

#include <halfulp/lib/kernel/gemm/ranges.h>
#include <halfulp/lib/kernel/matrix_view.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

template <class Kernel>
class Blocks {
  public:
    using A = MatrixView<const typename Kernel::Element>;
    using B = A;
    using C = MatrixView<typename Kernel::Result>;
    using PackedA = typename Kernel::PackedA;
    using PackedB = typename Kernel::PackedB;
    using Sum = typename Kernel::Sum;

    /// Pre: none of the views is empty.
    Blocks(const Kernel& kernel, const A& a, const B& b, const C& c)
        : kernel_(kernel),
          a_(a),
          b_(b),
          c_(c),
          room_(hwy::AllocateAligned<std::uint8_t>(bytes_of_a() + bytes_of_b() + bytes_of_sums())) {
        if (!room_) throw std::bad_alloc();
        packed_a_ = reinterpret_cast<PackedA*>(room_.get());
        packed_b_ = reinterpret_cast<PackedB*>(room_.get() + bytes_of_a());
        sums_ = reinterpret_cast<Sum*>(room_.get() + bytes_of_a() + bytes_of_b());
    }

    void multiply() {
        for (std::size_t round = 0; round < rounds_; ++round) {
            const Range steps = piece(a_.columns, rounds_, round);
            for (std::size_t j = 0; j < across_; ++j)
                kernel_.pack_b(block(b_, steps.first, steps.count, j * Kernel::tile_columns, columns(j)),
                               packed_b_ + j * panel_);
            Sum* sums = sums_;
            for (std::size_t i = 0; i < blocks_; ++i) sums = multiply_block(piece(c_.rows, blocks_, i), round, sums);
        }
    }

  private:
    static constexpr std::size_t tile = Kernel::tile_rows * Kernel::tile_columns;

    /// A tile's sums; beyond the last one it does no harm.
    static void prefetch(const Sum* sums) {
        for (std::size_t i = 0; i < tile; i += 64 / sizeof(Sum)) hwy::Prefetch(sums + i);
    }

    std::size_t columns(std::size_t j) const {
        return std::min(Kernel::tile_columns, c_.columns - j * Kernel::tile_columns);
    }
    /// One after another in one piece of memory: allocated apart, they would go back to the system after each product.
    static std::size_t padded(std::size_t bytes) { return pieces(bytes, HWY_ALIGNMENT) * HWY_ALIGNMENT; }
    std::size_t bytes_of_a() const {
        return padded(piece(c_.rows, blocks_, 0).count * Kernel::pitch * sizeof(PackedA));
    }
    std::size_t bytes_of_b() const { return padded(across_ * panel_ * sizeof(PackedB)); }
    std::size_t bytes_of_sums() const { return (rounds_ == 1 ? tile : tiles_down() * across_ * tile) * sizeof(Sum); }
    /// Tiles from the first row of C to the last.
    std::size_t tiles_down() const {
        std::size_t sum = 0;
        for (std::size_t i = 0; i < blocks_; ++i) sum += pieces(piece(c_.rows, blocks_, i).count, Kernel::tile_rows);
        return sum;
    }

    /// From where the sums of these rows are kept to where those of the next are.
    Sum* multiply_block(const Range& rows, std::size_t round, Sum* sums) {
        const Range steps = piece(a_.columns, rounds_, round);
        const std::size_t down = pieces(rows.count, Kernel::tile_rows);
        const bool is_last = round + 1 == rounds_;
        kernel_.pack_a(block(a_, rows.first, rows.count, steps.first, steps.count), packed_a_);
        for (std::size_t j = 0; j < across_; ++j)
            for (std::size_t i = 0; i < down; ++i) {
                const Range within = piece(rows.count, down, i);
                if (round > 0) prefetch(sums + tile);
                kernel_.multiply(within.count, packed_a_ + within.first * Kernel::pitch, packed_b_ + j * panel_,
                                 steps.count, round == 0, sums);
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
    std::size_t panel_ = piece(a_.columns, rounds_, 0).count * Kernel::tile_columns;
    hwy::AlignedFreeUniquePtr<std::uint8_t[]> room_;
    PackedA* packed_a_;
    PackedB* packed_b_;
    Sum* sums_;
};

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
