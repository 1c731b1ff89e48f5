#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <type_traits>

#include <halfulp/gpu/ptx/cta.h>
#include <halfulp/gpu/ptx/warp.h>

// atom and red of integers; PTX ISA, "Parallel Synchronization and Communication Instructions". Those of floating-point
// numbers are refused: their result depends on an order that nothing states.

namespace halfulp::ptx {
namespace {

/// What is left in memory where it held `old`. T is of the type's width and sign.
template <class T>
T updated(const Instruction& x, T old, T b, T c) {
    using Unsigned = std::make_unsigned_t<T>;
    if (x.has("add")) return static_cast<T>(static_cast<Unsigned>(old) + static_cast<Unsigned>(b));
    if (x.has("min")) return std::min(old, b);
    if (x.has("max")) return std::max(old, b);
    if (x.has("and")) return old & b;
    if (x.has("or")) return old | b;
    if (x.has("xor")) return old ^ b;
    if (x.has("exch")) return b;
    if (x.has("cas")) return old == b ? c : old;
    if (x.has("inc")) return static_cast<Unsigned>(old) >= static_cast<Unsigned>(b) ? T{0} : static_cast<T>(old + 1);
    return old == 0 || static_cast<Unsigned>(old) > static_cast<Unsigned>(b) ? b : static_cast<T>(old - 1);  // dec
}

/// CTAs run on several threads; this is the one lock that makes an update of memory whole.
std::mutex& atomicity() {
    static std::mutex mutex;
    return mutex;
}

template <class T, bool delivers>
void update(Warp& warp, const Step& step, Mask mask) {
    const Instruction& x = *step.instruction;
    const std::size_t at = delivers ? 1 : 0;
    if (step.access.releases) warp.cta().fence(warp.number(), step.access.of_cta);
    for_lanes_in_order(warp.cta().lane_order(), mask, [&](int lane) {
        const Address address = warp.address(step.slots[at], step.offset, lane);
        const auto operand = [&](std::size_t i) {
            return i < step.slot_count ? static_cast<T>(warp.value(step.slots[i], lane)) : T{0};
        };
        const std::lock_guard lock(atomicity());
        T old;
        std::array<std::byte, sizeof(T)> bytes;
        warp.read(step.access, address, bytes, lane);
        std::memcpy(&old, bytes.data(), sizeof old);
        const T next = updated<T>(x, old, operand(at + 1), operand(at + 2));
        std::memcpy(bytes.data(), &next, sizeof next);
        warp.write(step.access, address, bytes, lane);
        if (delivers) warp.set(step.slots[0], lane, static_cast<std::uint64_t>(old));
    });
}

template <bool delivers>
Execute update_of(const Instruction& x) {
    const Type& type = x.types.back();
    if (type.bits == 16) return update<std::uint16_t, delivers>;
    if (type.kind == Kind::Signed)
        return type.bits == 64 ? update<std::int64_t, delivers> : update<std::int32_t, delivers>;
    return type.bits == 64 ? update<std::uint64_t, delivers> : update<std::uint32_t, delivers>;
}

constexpr Opcode rows[] = {
    {"atom.relaxed|acquire|release|acq_rel?.cta|gpu|sys?.global|shared|shared::cta?.add.u32|s32|u64", "=t @ t",
     update_of<true>},
    {"atom.relaxed|acquire|release|acq_rel?.cta|gpu|sys?.global|shared|shared::cta?.min|max.u32|s32|u64|s64", "=t @ t",
     update_of<true>},
    {"atom.relaxed|acquire|release|acq_rel?.cta|gpu|sys?.global|shared|shared::cta?.and|or|xor|exch.b32|b64", "=t @ t",
     update_of<true>},
    {"atom.relaxed|acquire|release|acq_rel?.cta|gpu|sys?.global|shared|shared::cta?.inc|dec.u32", "=t @ t",
     update_of<true>},
    {"atom.relaxed|acquire|release|acq_rel?.cta|gpu|sys?.global|shared|shared::cta?.cas.b32|b64", "=t @ t t",
     update_of<true>},
    {"atom.relaxed|acquire|release|acq_rel?.cta|gpu|sys?.global|shared|shared::cta?.cas.b16", "=t @ t t",
     update_of<true>, Flow::Next, 70, 63},
    {"red.relaxed|release?.cta|gpu|sys?.global|shared|shared::cta?.add.u32|s32|u64", "@ t", update_of<false>},
    {"red.relaxed|release?.cta|gpu|sys?.global|shared|shared::cta?.min|max.u32|s32|u64|s64", "@ t", update_of<false>},
    {"red.relaxed|release?.cta|gpu|sys?.global|shared|shared::cta?.and|or|xor.b32|b64", "@ t", update_of<false>},
    {"red.relaxed|release?.cta|gpu|sys?.global|shared|shared::cta?.inc|dec.u32", "@ t", update_of<false>},
};

}  // namespace

OpcodeTable atomic_opcodes() { return rows; }

}  // namespace halfulp::ptx
