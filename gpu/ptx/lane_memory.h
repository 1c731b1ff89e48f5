#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace halfulp::ptx {

/// Memory that each of 32 lanes has for itself. Throws Fault for bytes beyond it, and for reading what was not written.
class LaneMemory {
  public:
    /// `name` is for messages.
    LaneMemory(std::size_t bytes, std::string name);

    /// Nothing was written.
    void forget();

    /// Throws Fault for bytes out of bounds, or that nobody has written.
    void read(int lane, std::uint64_t at, std::span<std::byte> to) const;
    /// Throws Fault for bytes out of bounds.
    void write(int lane, std::uint64_t at, std::span<const std::byte> from);
    /// Copies bytes, those too that nobody has written.
    void move(int lane, std::size_t from, std::size_t to, std::size_t bytes);

  private:
    std::size_t place(int lane, std::uint64_t at, std::size_t bytes) const;

    std::size_t bytes_;
    std::string name_;
    std::vector<std::byte> data_;        ///< lane after lane
    std::vector<std::uint8_t> defined_;  ///< of each byte
};

}  // namespace halfulp::ptx
