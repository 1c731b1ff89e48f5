#pragma once

#include <cstddef>
#include <cstdint>

#include <halfulp/gpu/kernel/device/memory.cuh>
#include <halfulp/gpu/kernel/device/mma.cuh>

// A matrix product by matrix instructions. It knows bytes, not elements: a fragment is 32 bytes along k whatever they
// hold (mma.cuh).

namespace halfulp::device {

/// A block of 4 warps computes 64 x 64 of D; each warp 32 x 32. Two stages of 64 bytes along k: one is computed from
/// while the other arrives. Rows are 80 bytes apart in shared memory, so that the 8 rows which ldmatrix reads at once
/// lie in different banks.
struct GemmTile {
    static constexpr unsigned threads = 128, side = 64, warp_side = 32, depth = 64, pitch = depth + sizeof(Chunk);
    static constexpr unsigned step = 32;  ///< bytes along k of a fragment

    alignas(sizeof(Chunk)) std::uint8_t a[side * pitch];
    alignas(sizeof(Chunk)) std::uint8_t b[side * pitch];
};

/// A matrix in global memory as rows of bytes. Pre: rows begin at multiples of 16.
struct Rows {
    const std::uint8_t* start;
    std::size_t pitch;
    std::uint32_t rows, bytes;
};

/// `rows` rows of k elements, `pitch` elements apart.
template <class T>
__device__ Rows rows_of(const T* start, std::uint32_t pitch, std::uint32_t rows, std::uint32_t k) {
    constexpr std::uint32_t size = sizeof(T);
    return {reinterpret_cast<const std::uint8_t*>(start), std::size_t{pitch} * size, rows, k * size};
}

/// 64 rows from `first` on, 64 bytes of each from `offset` on; zeros beyond the matrix, where nothing is read.
template <class Copy>
[[gnu::always_inline]] __device__ inline void load_tile(std::uint8_t* to, const Rows& from, std::uint32_t first,
                                                        std::uint32_t offset) {
    constexpr unsigned chunks = GemmTile::depth / sizeof(Chunk);
#pragma unroll
    for (unsigned i = 0; i < GemmTile::side * chunks / GemmTile::threads; ++i) {
        const unsigned chunk = thread_index() + i * GemmTile::threads;
        const std::uint32_t row = first + chunk / chunks, byte = offset + chunk % chunks * sizeof(Chunk);
        const bool inside = row < from.rows && byte < from.bytes;
        const std::uint32_t left = inside ? from.bytes - byte : 0;
        Copy::chunk(to + chunk / chunks * GemmTile::pitch + chunk % chunks * sizeof(Chunk),
                    inside ? from.start + row * from.pitch + byte : from.start,
                    left < sizeof(Chunk) ? left : static_cast<std::uint32_t>(sizeof(Chunk)));
    }
}

/// D of 16 x 8 and fragments of 32 bytes along k: one instruction, or as many as it takes; none beyond the `bytes` that
/// there are.
template <class Mma>
[[gnu::always_inline]] __device__ inline void multiply_fragments(typename Mma::Word* d, const std::uint32_t* a,
                                                                 const std::uint32_t* b, std::uint32_t bytes) {
    constexpr unsigned rows = Mma::a_words == 1 ? 2 : 1;  // instructions that cover the 16 rows
#pragma unroll
    for (unsigned half = 0; half < 2 / Mma::b_words; ++half)
        if (half * 16 < bytes)
#pragma unroll
            for (unsigned r = 0; r < rows; ++r) Mma::multiply_add(d + r * Mma::d_words, a + 2 * half + r, b + half);
}

/// What a warp holds of D.
template <class Mma>
struct WarpTile {
    static constexpr unsigned words = Mma::a_words == 1 ? 4 : Mma::d_words;
    typename Mma::Word d[2][4][words] = {};

    /// Adds what one stage gives, of which `bytes` along k are there.
    [[gnu::always_inline]] __device__ void add(const GemmTile& stage, std::uint32_t bytes) {
        const unsigned top = warp() / 2 * GemmTile::warp_side, left = warp() % 2 * GemmTile::warp_side;
#pragma unroll
        for (unsigned start = 0; start < GemmTile::depth; start += GemmTile::step) {
            if (start >= bytes) break;
            std::uint32_t a[2][4], b[2][4];  // b: two fragments each
#pragma unroll
            for (unsigned i = 0; i < 2; ++i) {
                const unsigned row = top + 16 * i + lane() % 16, column = left + 16 * i + lane() % 8 + lane() / 16 * 8;
                load_matrices(a[i], stage.a + row * GemmTile::pitch + start + lane() / 16 * 16);
                load_matrices(b[i], stage.b + column * GemmTile::pitch + start + lane() / 8 % 2 * 16);
            }
#pragma unroll
            for (unsigned i = 0; i < 2; ++i)
#pragma unroll
                for (unsigned j = 0; j < 4; ++j)
                    multiply_fragments<Mma>(d[i][j], a[i], b[j / 2] + j % 2 * 2, bytes - start);
        }
    }

    /// store(row, column, number) for each number of D that the lane holds and that there is.
    template <class Store>
    [[gnu::always_inline]] __device__ void store(std::uint32_t m, std::uint32_t n, const Store& to) const {
        const std::uint32_t top = block_index_y() * GemmTile::side + warp() / 2 * GemmTile::warp_side + lane() / 4;
        const std::uint32_t left = block_index() * GemmTile::side + warp() % 2 * GemmTile::warp_side + lane() % 4 * 2;
#pragma unroll
        for (unsigned i = 0; i < 2; ++i)
#pragma unroll
            for (unsigned j = 0; j < 4; ++j)
#pragma unroll
                for (unsigned e = 0; e < 4; ++e) {
                    const std::uint32_t row = top + 16 * i + e / 2 * 8, column = left + 8 * j + e % 2;
                    if (row < m && column < n) to(row, column, number_of<Mma>(d[i][j], e));
                }
    }
};

/// D = A B for A of m rows and B of n columns, each column a row of `b`: every number is a chain of instructions over
/// ascending k from +0, the last of them filled up with zeros. store(row, column, number) takes what is computed.
template <class Mma, class Copy, class Store>
[[gnu::always_inline]] __device__ inline void gemm(const Rows& a, const Rows& b, const Store& store) {
    __shared__ GemmTile stages[2];
    WarpTile<Mma> tile;
    const auto load = [&](std::uint32_t offset) {
        GemmTile& stage = stages[offset / GemmTile::depth % 2];
        load_tile<Copy>(stage.a, a, block_index_y() * GemmTile::side, offset);
        load_tile<Copy>(stage.b, b, block_index() * GemmTile::side, offset);
    };
    load(0);
    Copy::commit();
    for (std::uint32_t offset = 0; offset < a.bytes; offset += GemmTile::depth) {
        if (offset + GemmTile::depth < a.bytes) load(offset + GemmTile::depth);
        Copy::commit();
        Copy::wait_for_all_but_one();
        barrier();
        tile.add(stages[offset / GemmTile::depth % 2], a.bytes - offset);
        barrier();
    }
    tile.store(a.rows, b.rows, store);
}

/// The same for a: m x k, lda elements a row; b: n x k, ldb elements a row; d: m x n.
template <class Mma, class Copy, class T, class D>
[[gnu::always_inline]] __device__ inline void product(const T* a, const T* b, D* d, std::uint32_t m, std::uint32_t n,
                                                      std::uint32_t k, std::uint32_t lda, std::uint32_t ldb) {
    gemm<Mma, Copy>(rows_of(a, lda, m, k), rows_of(b, ldb, n, k),
                    [=](std::uint32_t row, std::uint32_t column, D x) { d[std::size_t{row} * n + column] = x; });
}

}  // namespace halfulp::device
