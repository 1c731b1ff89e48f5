#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace halfulp::ptx {

/// Which accesses of a CTA's threads are in order: those of a thread by itself, those of others by the barriers
/// between. Warps are told apart, and the lanes of one by its own barriers.
class Ordering {
  public:
    void reset(std::size_t warps);

    /// Accesses bear the time of the last barrier before them.
    std::uint32_t now() const { return now_; }
    /// The threads of these warps have met at a barrier.
    void meet(std::span<const std::uint32_t> warps);
    /// Does what `before` did at that time come before what `after` does now? Threads by their numbers within the CTA.
    bool ordered(std::uint32_t before, std::uint32_t time, std::uint32_t after) const {
        return before == after || met_[after / 32 * warps_ + before / 32] > time;
    }

  private:
    std::uint32_t now_ = 1;
    std::size_t warps_ = 0;
    std::vector<std::uint32_t> met_;  ///< of each warp with each: the time until which it knows the other's accesses
};

/// The shared memory of a CTA. Every access is held against those before it: two of different threads, one of them a
/// write, need a barrier between. At most two readers of a byte are remembered. Throws Fault.
class SharedMemory {
  public:
    /// Memory of this size that nobody has written.
    void reset(std::size_t bytes);
    std::size_t size() const { return data_.size(); }

    void read(std::uint64_t address, std::span<std::byte> to, std::uint32_t thread, const Ordering& order,
              bool is_strong = false);
    void write(std::uint64_t address, std::span<const std::byte> from, std::uint32_t thread, const Ordering& order,
               bool is_strong = false);
    /// An asynchronous copy is on its way to these bytes: until `write` delivers it, nobody may touch them.
    void expect(std::uint64_t address, std::size_t bytes, std::uint32_t thread, const Ordering& order);
    void deliver(std::uint64_t address, std::span<const std::byte> from, std::uint32_t thread, const Ordering& order);

  private:
    struct Access {
        std::uint32_t time = 0;  ///< 0: there was none
        std::uint32_t thread = 0;
    };
    struct Record {
        Access writer = {}, readers[2] = {};
        bool is_strong = false;   ///< the writer
        bool is_pending = false;  ///< an asynchronous copy is on its way
    };

    void check_bounds(std::uint64_t address, std::size_t bytes) const;
    static void check_write(const Record& byte, std::uint64_t address, bool changes, std::uint32_t thread,
                            const Ordering& order, bool is_strong);

    std::vector<std::byte> data_;
    std::vector<Record> records_;  ///< of each byte
};

}  // namespace halfulp::ptx
