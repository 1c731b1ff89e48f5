#include <halfulp/gpu/ptx/shared_memory.h>

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/fault.hpp>

namespace halfulp::ptx {
void SharedMemory::race(std::uint32_t thread, const char* does, std::uint64_t address, const ThreadAccess& other,
                        const char* did) const {
    race_(thread, fmt::format("race: {} shared memory {:#x}, which thread number {} {}, with no barrier between", does,
                              address, other.thread, did));
}

void SharedMemory::reset(std::size_t bytes) {
    data_.assign(bytes, std::byte{});
    records_.assign(bytes, {});
}

void SharedMemory::check_bounds(std::uint64_t address, std::size_t bytes) const {
    if (address > data_.size() || bytes > data_.size() - address)
        throw Fault{-1, fmt::format("{} bytes at {} of shared memory, of which the CTA has {} bytes", bytes,
                                    signed_hexadecimal(address), data_.size())};
}

void SharedMemory::read(std::uint64_t address, std::span<std::byte> to, std::uint32_t thread, const Ordering& order,
                        bool is_strong) {
    check_bounds(address, to.size());
    const auto in_order = [&](const ThreadAccess& x) { return order.ordered(x, thread); };
    for (std::size_t i = 0; i < to.size(); ++i) {
        Record& byte = records_[address + i];
        if (byte.is_pending)
            throw Fault{
                -1, fmt::format("reads shared memory {:#x}, to which an asynchronous copy of thread number {} is on "
                                "its way that has not been waited for",
                                address + i, byte.writer.thread)};
        if (byte.writer.time == 0)
            throw Fault{-1, fmt::format("reads shared memory {:#x}, which nobody has written", address + i)};
        if (const auto* writer = byte.racing_writer(is_strong, in_order))
            race(thread, "reads", address + i, *writer, "wrote");
        byte.read({order.now(), thread}, is_strong);
    }
    std::memcpy(to.data(), data_.data() + address, to.size());
}

void SharedMemory::check_write(const Record& byte, std::uint64_t address, bool changes, std::uint32_t thread,
                               const Ordering& order, bool is_strong) const {
    if (byte.is_pending)
        throw Fault{
            -1, fmt::format("writes shared memory {:#x}, to which an asynchronous copy of thread number {} is on its "
                            "way",
                            address, byte.writer.thread)};
    const auto in_order = [&](const ThreadAccess& x) { return order.ordered(x, thread); };
    const ThreadAccess* writer = byte.racing_writer(is_strong, in_order);
    if (changes && writer != nullptr) race(thread, "writes", address, *writer, "wrote");
    if (const auto* reader = byte.racing_reader(in_order)) race(thread, "writes", address, *reader, "read");
}

void SharedMemory::write(std::uint64_t address, std::span<const std::byte> from, std::uint32_t thread,
                         const Ordering& order, bool is_strong) {
    check_bounds(address, from.size());
    for (std::size_t i = 0; i < from.size(); ++i) {
        Record& byte = records_[address + i];
        check_write(byte, address + i, data_[address + i] != from[i], thread, order, is_strong);
        byte.write({order.now(), thread}, is_strong);
    }
    std::memcpy(data_.data() + address, from.data(), from.size());
}

void SharedMemory::expect(std::uint64_t address, std::size_t bytes, std::uint32_t thread, const Ordering& order) {
    check_bounds(address, bytes);
    for (std::size_t i = 0; i < bytes; ++i) {
        Record& byte = records_[address + i];
        check_write(byte, address + i, true, thread, order, false);
        byte = {{.writer = {order.now(), thread}}, true};
    }
}

void SharedMemory::deliver(std::uint64_t address, std::span<const std::byte> from, std::uint32_t thread,
                           const Ordering& order) {
    for (std::size_t i = 0; i < from.size(); ++i) records_[address + i] = {{.writer = {order.now(), thread}}};
    std::memcpy(data_.data() + address, from.data(), from.size());
}

}  // namespace halfulp::ptx
