#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>

#include <halfulp/lib/kernel/default_environment.h>
#include <halfulp/lib/kernel/parallel.hpp>
#include <halfulp/softfloat/format.hpp>

// What a reduction reads, and which blocks of it a thread sums.

namespace halfulp::kernel {

/// How the elements of a reduction are stored.
enum class ElementType : std::uint8_t { Binary32, Binary16, Bfloat16 };

/// The terms are the elements x, or their products with y unless that is null.
struct ReductionOperands {
    ElementType element;  ///< of both arrays
    const void *x, *y;    ///< where the arrays begin
    std::size_t count;    ///< terms
    bool fused = true;    ///< in binary16: products are not rounded
};

/// Blocks of exact sums have 2^11 terms: below 2^e each, the parts of them that are multiples of 2^(e - 41) have partial
/// sums of at most 53 bits.
inline constexpr int exact_block_exponent = 11;
/// Terms of such a block.
inline constexpr std::size_t exact_block = std::size_t{1} << exact_block_exponent;

/// Of bytes.
inline constexpr std::size_t int8_block = std::size_t{1} << 18;

/// Blocks from `first` up to `last`; the last one of all may be shorter.
struct Blocks {
    std::size_t length, count;  ///< of a block; of all terms
    std::size_t first, last;    ///< index of the first of them; one behind the last

    /// Blocks that `count` terms make.
    static std::size_t number_of(std::size_t length, std::size_t count) {
        return count / length + (count % length != 0 ? 1 : 0);
    }
    std::size_t begin(std::size_t block) const { return block * length; }  ///< its first term
    /// one behind its last term
    std::size_t end(std::size_t block) const { return begin(block) + std::min(length, count - begin(block)); }
};

/// As many as there are threads, or blocks if these are fewer.
inline std::size_t parts_of(std::size_t length, std::size_t count, unsigned threads) {
    return std::min<std::size_t>(std::max(threads, 1U), Blocks::number_of(length, count));
}

/// +0 and the numbers of binary64, exactly, rounded once.
std::uint64_t rounded_sum(const Format& to, std::span<const double> numbers);

/// Throws std::invalid_argument unless x and y are equally long.
void require_one_length(std::size_t x, std::size_t y);

/// Calls sum(part, blocks) for the neighbouring blocks of each part, in the default environment.
template <class Sum>
void share(std::size_t length, std::size_t count, unsigned threads, const Sum& sum) {
    const std::size_t number = Blocks::number_of(length, count), parts = parts_of(length, count, threads);
    const auto first = [&](std::size_t part) { return number / parts * part + std::min(part, number % parts); };
    const auto sum_part = [&](std::size_t part) {
        const DefaultEnvironment environment;
        sum(part, Blocks{length, count, first(part), first(part + 1)});
    };
    for_each_part(parts, threads, std::ref(sum_part));  // by reference: nothing to allocate
}

}  // namespace halfulp::kernel
