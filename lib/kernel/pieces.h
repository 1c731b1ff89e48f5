#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <span>

#include <halfulp/lib/kernel/batch.hpp>
#include <halfulp/lib/kernel/constants.hpp>
#include <halfulp/lib/kernel/parallel.hpp>
#include <halfulp/softfloat/env.hpp>

// Arrays cut up for threads. Elements do not depend on each other, and draws are counted from the first one of the whole
// array: no bit depends on where it is cut.

namespace halfulp::kernel {

/// So many elements from one on.
struct Piece {
    std::size_t first, count;  ///< index of the first; how many

    /// Of an array that may be left out, and is empty then.
    template <class Element>
    std::span<Element> of(std::span<Element> whole) const {
        return whole.empty() ? whole : whole.subspan(first, count);
    }
    /// The draws of its elements out of those of the array.
    Draws of(const Draws& whole) const { return {whole.seed, whole.first + first}; }
};

/// Calls work(piece) for all pieces of an array, on at most so many threads. The flags of all pieces together.
template <class Work>
Status in_pieces(std::size_t count, unsigned threads, const Work& work) {
    constexpr std::size_t most = std::size_t{1} << 16;  // some ten microseconds of one thread
    if (threads <= 1 || count <= most) return work(Piece{0, count});
    std::atomic<std::uint32_t> raised = 0;
    for_each_part((count + most - 1) / most, threads, [&](std::size_t part) {
        raised |= bits_of(work(Piece{part * most, std::min(most, count - part * most)}));
    });
    return status_of(raised);
}

}  // namespace halfulp::kernel
