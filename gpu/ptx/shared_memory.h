#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <halfulp/gpu/ptx/access_history.h>
#include <halfulp/gpu/ptx/race.hpp>

namespace halfulp::ptx {

/// The shared memory of a CTA. Every access is held against those before it, byte by byte: two of different threads, one
/// of them a write, need a barrier between. Throws Fault.
class SharedMemory {
  public:
    explicit SharedMemory(NoteRace race) : race_(std::move(race)) {}  ///< races are told to it

    /// Memory of this size that nobody has written.
    void reset(std::size_t bytes);
    std::size_t size() const { return data_.size(); }  ///< in bytes

    /// Reads as that thread.
    void read(std::uint64_t address, std::span<std::byte> to, std::uint32_t thread, const Ordering& order,
              bool is_strong = false);
    /// Writes as that thread.
    void write(std::uint64_t address, std::span<const std::byte> from, std::uint32_t thread, const Ordering& order,
               bool is_strong = false);
    /// An asynchronous copy is on its way to these bytes: until `write` delivers it, nobody may touch them.
    void expect(std::uint64_t address, std::size_t bytes, std::uint32_t thread, const Ordering& order);
    /// The bytes of an asynchronous copy arrive.
    void deliver(std::uint64_t address, std::span<const std::byte> from, std::uint32_t thread, const Ordering& order);

  private:
    struct Record : AccessHistory {
        bool is_pending = false;  ///< an asynchronous copy is on its way
    };

    void check_bounds(std::uint64_t address, std::size_t bytes) const;
    void check_write(const Record& byte, std::uint64_t address, bool changes, std::uint32_t thread,
                     const Ordering& order, bool is_strong) const;
    void race(std::uint32_t thread, const char* does, std::uint64_t address, const ThreadAccess& other,
              const char* did) const;

    NoteRace race_;
    std::vector<std::byte> data_ = {};
    std::vector<Record> records_ = {};  ///< of each byte
};

}  // namespace halfulp::ptx
