#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include <halfulp/gpu/ptx/access_history.h>
#include <halfulp/gpu/ptx/global_memory.hpp>
#include <halfulp/gpu/ptx/race.hpp>

namespace halfulp::ptx {

/// What the threads of one CTA have done to global memory. Two of them, one of which writes, need a barrier between,
/// or a fence of the first. Throws Fault.
class GlobalHistory {
  public:
    explicit GlobalHistory(NoteRace race) : race_(std::move(race)) {}  ///< races are told to it

    void reset();  ///< Nothing was done.
    /// Notes a read.
    void read(Address at, std::size_t bytes, std::uint32_t thread, const Ordering& order, bool is_strong);
    /// `old` is what the bytes were before `now`.
    void write(Address at, std::span<const std::byte> old, std::span<const std::byte> now, std::uint32_t thread,
               const Ordering& order, bool is_strong);

  private:
    /// Records of as many bytes each as the smallest access takes.
    struct Page {
        std::size_t grain = 16;
        std::vector<AccessHistory> records = {};
    };

    void race(std::uint32_t thread, const char* does, Address at, const ThreadAccess& other, const char* did) const;
    Page& page(Address at, std::size_t bytes);
    template <class Visit>
    void visit(Address at, std::size_t bytes, const Visit& what);

    NoteRace race_;
    std::unordered_map<Address, Page> pages_ = {};
    Page* recent_ = nullptr;
    Address recent_number_ = 0;
};

}  // namespace halfulp::ptx
