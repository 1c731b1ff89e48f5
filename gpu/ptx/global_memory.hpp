#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include <halfulp/gpu/ptx/error.hpp>
#include <halfulp/gpu/ptx/module.hpp>
#include <halfulp/gpu/ptx/race.hpp>

namespace halfulp::ptx {

/// Of a byte, in the generic space.
using Address = std::uint64_t;

// Generic addresses: windows of the spaces that are a CTA's or a thread's own, then constants, then global memory.
/// Bytes of each window.
inline constexpr Address window_size = Address{1} << 40;
inline constexpr Address shared_window = 1 * window_size;     ///< begins there
inline constexpr Address local_window = 2 * window_size;      ///< begins there
inline constexpr Address parameter_window = 3 * window_size;  ///< begins there
inline constexpr Address constant_window = 4 * window_size;   ///< begins there
inline constexpr Address global_window = 5 * window_size;     ///< begins there

/// The space that a generic address lies in, and the address within it.
constexpr Space space_of(Address& at) {
    const Address window = at / window_size * window_size;
    const Space space = window == shared_window      ? Space::Shared
                        : window == local_window     ? Space::Local
                        : window == parameter_window ? Space::Parameter
                                                     : Space::Global;
    if (space != Space::Global) at -= window;
    return space;
}

/// A piece of global or constant memory, with what is known about each of its bytes.
struct Allocation {
    Address address = 0;                      ///< of the first byte
    std::size_t size = 0;                     ///< in bytes
    std::string name = {};                    ///< of the variable that it is, or empty
    bool is_constant = false;                 ///< kernels may not write it
    std::vector<std::byte> data = {};         ///< its bytes
    std::vector<std::uint8_t> defined = {};   ///< 1: was written
    std::vector<std::uint64_t> writers = {};  ///< CtaRecord of each word of 4 bytes: who wrote it last
    std::vector<std::uint64_t> readers = {};  ///< and who read it

    /// are these bytes all in it?
    bool holds(Address at, std::size_t bytes) const { return at - address < size && bytes <= size - (at - address); }
};

/// What messages call an allocation: nothing, if it is empty.
using NameOf = std::function<std::string(const Allocation&)>;

/// Global and constant memory. Launches read and write bytes of it on several threads; it grows and shrinks between
/// them.
class GlobalMemory {
  public:
    /// Zero bytes are one. Throws InputError if the host has not so much memory.
    Allocation& allocate(std::size_t bytes, bool is_constant = false, const std::string& name = {});
    /// Throws InputError unless an allocation begins there.
    void release(Address address);

    /// The allocation that holds these bytes, or nullptr.
    Allocation* find(Address address, std::size_t bytes) const;
    /// What stands nearest to an address: "8 bytes behind NAME, the 64 bytes allocated at 0x50000001000", where
    /// `name_of` gives a name.
    std::string nearest(Address address, const NameOf& name_of = &Allocation::name) const;

  private:
    std::map<Address, std::unique_ptr<Allocation>> allocations_;
    Address next_constant_ = constant_window, next_global_ = global_window;
};

/// The first of these bytes that nobody has written, or the address behind them. Pre: the allocation holds them.
Address first_unwritten(const Allocation& memory, Address at, std::size_t bytes);

/// Who accesses global memory, for the check that CTAs do not depend on each other's order.
struct GlobalAccess {
    std::uint64_t launch;  ///< counts from 1
    std::uint64_t cta;     ///< its number
    /// How many fences of the device each CTA has executed: what it wrote before one may be read by others.
    std::span<std::atomic<std::uint32_t>> fences;
    const NoteRace& race;    ///< what becomes of a race
    std::uint32_t thread;    ///< within the CTA
    bool is_strong = false;  ///< atomic, volatile, relaxed: may meet others of its kind
};

/// Copies bytes out of an allocation, as no thread's access. Pre: the allocation holds them.
void look_at(const Allocation& from, Address at, std::span<std::byte> to);

/// Copies bytes out of an allocation. A race is bytes that another CTA wrote in this launch without a fence. Pre:
/// the allocation holds them.
void read_global(Allocation& from, Address at, std::span<std::byte> to, const GlobalAccess& who);

/// Copies bytes into an allocation, whose bytes before go to `old`. Throws Fault for constant memory. A race is
/// where another CTA read, or wrote another value, in this launch without a fence.
void write_global(Allocation& to, Address at, std::span<const std::byte> from, std::span<std::byte> old,
                  const GlobalAccess& who);

}  // namespace halfulp::ptx
