#include <halfulp/gpu/ptx/lane_memory.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/fault.hpp>

namespace halfulp::ptx {

LaneMemory::LaneMemory(std::size_t bytes, std::string name)
    : bytes_(bytes), name_(std::move(name)), data_(32 * bytes), defined_(32 * bytes) {}

void LaneMemory::forget() { std::fill(defined_.begin(), defined_.end(), 0); }

std::size_t LaneMemory::place(int lane, std::uint64_t at, std::size_t bytes) const {
    if (at > bytes_ || bytes > bytes_ - at)
        throw Fault{lane, fmt::format("{} bytes at {} of {}, of which the thread has {} bytes", bytes,
                                      signed_hexadecimal(at), name_, bytes_)};
    return static_cast<std::size_t>(lane) * bytes_ + at;
}

void LaneMemory::read(int lane, std::uint64_t at, std::span<std::byte> to) const {
    const std::size_t from = place(lane, at, to.size());
    for (std::size_t i = 0; i < to.size(); ++i)
        if (defined_[from + i] == 0)
            throw Fault{lane, fmt::format("reads {} {:#x}, which the thread has not written", name_, at + i)};
    std::memcpy(to.data(), data_.data() + from, to.size());
}

void LaneMemory::write(int lane, std::uint64_t at, std::span<const std::byte> from) {
    const std::size_t to = place(lane, at, from.size());
    std::memcpy(data_.data() + to, from.data(), from.size());
    std::memset(defined_.data() + to, 1, from.size());
}

void LaneMemory::move(int lane, std::size_t from, std::size_t to, std::size_t bytes) {
    const std::size_t source = place(lane, from, bytes), target = place(lane, to, bytes);
    std::memmove(data_.data() + target, data_.data() + source, bytes);
    std::memmove(defined_.data() + target, defined_.data() + source, bytes);
}

}  // namespace halfulp::ptx
