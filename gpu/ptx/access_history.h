#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace halfulp::ptx {

/// When a thread, by its number within the CTA, accessed memory.
struct ThreadAccess {
    std::uint32_t time = 0;    ///< of the last barrier or fence before; 0: there was no access
    std::uint32_t thread = 0;  ///< its number within the CTA
};

/// Of each warp: the time until which its accesses are known.
using Knowledge = std::vector<std::uint32_t>;

/// Which accesses of a CTA's threads are in order: those of a thread by itself, those of others by the barriers
/// between. Warps are told apart, and the lanes of one by its own barriers.
class Ordering {
  public:
    void reset(std::size_t warps);  ///< Of a CTA of so many warps that have done nothing.

    /// Accesses bear the time of the last barrier or fence before them.
    std::uint32_t now() const { return now_; }
    /// Threads of this warp come to a barrier, which from then on knows what they know and have done.
    void come(std::uint32_t warp, Knowledge& barrier);
    /// Threads of this warp have waited at a barrier.
    void leave(std::uint32_t warp, const Knowledge& barrier);
    /// All lanes of this warp have met.
    void meet(std::uint32_t warp) { met_[warp * warps_ + warp] = ++now_; }
    /// Lanes of this warp have met, a bit each, as members of a barrier; members that have exited are none of them.
    void meet(std::uint32_t warp, std::uint32_t lanes, std::uint32_t members);
    /// Threads of this warp have executed a fence.
    void fence(std::uint32_t warp) { fenced_[warp] = ++now_; }
    /// Does what `before` did come before what thread `after` does now?
    bool ordered(const ThreadAccess& before, std::uint32_t after) const {
        const std::size_t warp = after / 32, other = before.thread / 32;
        return before.thread == after || met_[warp * warps_ + other] > before.time ||
               (warp == other && !lanes_[warp].empty() &&
                lanes_[warp][after % 32 * 32 + before.thread % 32] > before.time);
    }
    /// Has the thread's warp executed a fence since?
    bool fenced(const ThreadAccess& access) const { return fenced_[access.thread / 32] > access.time; }

  private:
    std::uint32_t now_ = 1;
    std::size_t warps_ = 0;
    std::vector<std::uint32_t> met_;  ///< of each warp with each: the time until which it knows the other's accesses
    /// The same of each lane of a warp with each, where they have met without the others.
    std::vector<std::vector<std::uint32_t>> lanes_;
    std::vector<std::uint32_t> fenced_;  ///< of each warp: the time of its last fence
};

/// The last accesses of a CTA's threads to a piece of memory: two of different threads, one of them a write, must be in
/// order. At most two readers are remembered. Threads that write the same value do not race: it does not matter which
/// comes last. Strong accesses (atomic, volatile, relaxed) may meet others of their kind.
struct AccessHistory {
    ThreadAccess writer = {};      ///< the last one
    ThreadAccess readers[2] = {};  ///< the last ones
    bool is_strong = false;        ///< the writer

    /// The writer, if an access races with it; else nullptr. `in_order` says whether a ThreadAccess comes before.
    template <class InOrder>
    const ThreadAccess* racing_writer(bool strong, const InOrder& in_order) const {
        return writer.time != 0 && !(strong && is_strong) && !in_order(writer) ? &writer : nullptr;
    }
    /// A reader that a write races with, or nullptr.
    template <class InOrder>
    const ThreadAccess* racing_reader(const InOrder& in_order) const {
        for (const ThreadAccess& reader : readers)
            if (reader.time != 0 && !in_order(reader)) return &reader;
        return nullptr;
    }
    /// Notes a read.
    void read(const ThreadAccess& by, bool strong) {
        if (strong) return;
        if (readers[0].time != 0 && readers[0].thread / 32 != by.thread / 32) readers[1] = readers[0];
        readers[0] = by;
    }
    /// Notes a write.
    void write(const ThreadAccess& by, bool strong) {
        writer = by;
        is_strong = strong;
    }
};

}  // namespace halfulp::ptx
