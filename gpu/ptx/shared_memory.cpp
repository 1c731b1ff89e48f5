#include <halfulp/gpu/ptx/shared_memory.hpp>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/fault.hpp>

namespace halfulp::ptx {
namespace {

[[noreturn]] void race(const char* does, std::uint64_t address, std::uint32_t other, const char* did) {
    throw Fault{-1, fmt::format("race: {} shared memory {:#x}, which thread number {} {}, with no barrier between",
                                does, address, other, did)};
}

}  // namespace

void Ordering::reset(std::size_t warps) {
    now_ = 1;
    warps_ = warps;
    met_.assign(warps * warps, 0);
}

void Ordering::meet(std::span<const std::uint32_t> warps) {
    ++now_;
    std::vector<std::uint32_t> joint(warps_, 0);
    for (const std::uint32_t warp : warps)
        for (std::size_t i = 0; i < warps_; ++i) joint[i] = std::max(joint[i], met_[warp * warps_ + i]);
    for (const std::uint32_t warp : warps) joint[warp] = now_;
    for (const std::uint32_t warp : warps)
        std::copy(joint.begin(), joint.end(), met_.begin() + static_cast<std::ptrdiff_t>(warp * warps_));
}

void SharedMemory::reset(std::size_t bytes) {
    data_.assign(bytes, std::byte{});
    records_.assign(bytes, {});
}

void SharedMemory::check_bounds(std::uint64_t address, std::size_t bytes) const {
    if (address > data_.size() || bytes > data_.size() - address)
        throw Fault{-1, fmt::format("{} bytes at {:#x} of shared memory, of which the CTA has {} bytes", bytes, address,
                                    data_.size())};
}

void SharedMemory::read(std::uint64_t address, std::span<std::byte> to, std::uint32_t thread, const Ordering& order,
                        bool is_strong) {
    check_bounds(address, to.size());
    for (std::size_t i = 0; i < to.size(); ++i) {
        Record& byte = records_[address + i];
        if (byte.is_pending)
            throw Fault{
                -1, fmt::format("reads shared memory {:#x}, to which an asynchronous copy of thread number {} is on "
                                "its way that has not been waited for",
                                address + i, byte.writer.thread)};
        if (byte.writer.time == 0)
            throw Fault{-1, fmt::format("reads shared memory {:#x}, which nobody has written", address + i)};
        if (!order.ordered(byte.writer.thread, byte.writer.time, thread) && !(is_strong && byte.is_strong))
            race("reads", address + i, byte.writer.thread, "wrote");
        if (is_strong) continue;
        if (byte.readers[0].time != 0 && byte.readers[0].thread / 32 != thread / 32) byte.readers[1] = byte.readers[0];
        byte.readers[0] = {order.now(), thread};
    }
    std::memcpy(to.data(), data_.data() + address, to.size());
}

/// Of two threads that write the same value it does not matter who comes last.
void SharedMemory::check_write(const Record& byte, std::uint64_t address, bool changes, std::uint32_t thread,
                               const Ordering& order, bool is_strong) {
    if (byte.is_pending)
        throw Fault{
            -1, fmt::format("writes shared memory {:#x}, to which an asynchronous copy of thread number {} is on its "
                            "way",
                            address, byte.writer.thread)};
    if (changes && byte.writer.time != 0 && !order.ordered(byte.writer.thread, byte.writer.time, thread) &&
        !(is_strong && byte.is_strong))
        race("writes", address, byte.writer.thread, "wrote");
    for (const Access& reader : byte.readers)
        if (reader.time != 0 && !order.ordered(reader.thread, reader.time, thread))
            race("writes", address, reader.thread, "read");
}

void SharedMemory::write(std::uint64_t address, std::span<const std::byte> from, std::uint32_t thread,
                         const Ordering& order, bool is_strong) {
    check_bounds(address, from.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
        Record& byte = records_[address + i];
        check_write(byte, address + i, data_[address + i] != from[i], thread, order, is_strong);
        byte = {.writer = {order.now(), thread}, .readers = {byte.readers[0], byte.readers[1]}, .is_strong = is_strong};
    }
    std::memcpy(data_.data() + address, from.data(), from.size());
}

void SharedMemory::expect(std::uint64_t address, std::size_t bytes, std::uint32_t thread, const Ordering& order) {
    check_bounds(address, bytes);
    for (std::size_t i = 0; i < bytes; ++i) {
        Record& byte = records_[address + i];
        check_write(byte, address + i, true, thread, order, false);
        byte = {.writer = {order.now(), thread}, .is_pending = true};
    }
}

void SharedMemory::deliver(std::uint64_t address, std::span<const std::byte> from, std::uint32_t thread,
                           const Ordering& order) {
    for (std::size_t i = 0; i < from.size(); ++i) records_[address + i] = {.writer = {order.now(), thread}};
    std::memcpy(data_.data() + address, from.data(), from.size());
}

}  // namespace halfulp::ptx
