#pragma once

#include <cstdint>

namespace halfulp::gpu {

/// The sizes of a problem; each kernel says what they are to it. What it does not use is 1.
struct Sizes {
    std::uint32_t m = 1, n = 1, k = 1;  ///< at least 1
};

/// One of the sizes, or one of them padded.
enum class Size : std::uint8_t { One, M, N, K, PaddedN, PaddedK };

/// Rows of arrays with a pitch are this far apart: n or k rounded up to a multiple of 16 elements, and so to one of 16
/// bytes whatever the elements are.
constexpr std::uint32_t padded(std::uint32_t elements) { return (elements + 15) / 16 * 16; }

/// The number that it stands for.
constexpr std::uint32_t value_of(Size size, const Sizes& sizes) {
    switch (size) {
        case Size::One: return 1;
        case Size::M: return sizes.m;
        case Size::N: return sizes.n;
        case Size::K: return sizes.k;
        case Size::PaddedN: return padded(sizes.n);
        case Size::PaddedK: return padded(sizes.k);
    }
    __builtin_unreachable();
}

/// How the blocks of a launch are counted.
enum class Grid : std::uint8_t {
    One,         ///< one block
    PerElement,  ///< a thread for each of n
    PerPair,     ///< a thread for every two of n
    PerRow,      ///< a block for each of m
    WarpPerRow,  ///< a warp for each of m
    PerNumber,   ///< a thread for each of n, and a row of blocks for each of m
    PerTile,     ///< a block for each tile of 64 x 64: x along n, y along m
};

/// How a kernel is launched.
struct Launch {
    Grid grid;              ///< of blocks
    std::uint32_t threads;  ///< of a block
};

/// Blocks along x and y.
struct Blocks {
    std::uint32_t x, y = 1;  ///< how many

    friend constexpr bool operator==(const Blocks&, const Blocks&) = default;
};

/// Those of a launch for these sizes.
constexpr Blocks blocks_of(const Launch& launch, const Sizes& sizes) {
    const auto quotient = [](std::uint32_t a, std::uint32_t b) { return a / b + (a % b != 0 ? 1 : 0); };
    constexpr std::uint32_t warp = 32, tile = 64;
    switch (launch.grid) {
        case Grid::One: return {1};
        case Grid::PerElement: return {quotient(sizes.n, launch.threads)};
        case Grid::PerPair: return {quotient(quotient(sizes.n, 2), launch.threads)};
        case Grid::PerRow: return {sizes.m};
        case Grid::WarpPerRow: return {quotient(sizes.m, launch.threads / warp)};
        case Grid::PerNumber: return {quotient(sizes.n, launch.threads), sizes.m};
        case Grid::PerTile: return {quotient(sizes.n, tile), quotient(sizes.m, tile)};
    }
    __builtin_unreachable();
}

}  // namespace halfulp::gpu
