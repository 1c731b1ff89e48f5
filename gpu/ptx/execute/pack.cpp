#include <algorithm>

#include <halfulp/gpu/ptx/execute/elementwise.h>

// cvt.pack: two integers, each clamped to a narrower type, in the low bits of a word, the second lowest; PTX ISA,
// "cvt.pack". What is left of the word above them are the low bits of a third operand.

namespace halfulp::ptx {
namespace {

std::uint64_t clamped(std::int32_t x, const Type& to) {
    const bool is_signed = to.name.starts_with('s');
    const std::int64_t most = (std::int64_t{1} << (to.bits - (is_signed ? 1 : 0))) - 1,
                       least = is_signed ? -most - 1 : 0;
    const std::int64_t nearest = std::clamp<std::int64_t>(x, least, most);
    return static_cast<std::uint64_t>(nearest) & ((std::uint64_t{1} << to.bits) - 1);
}

/// d, a, b{, c}
void pack(Warp& warp, const Step& step, Mask mask) {
    const Type& to = step.instruction->types.front();
    for_lanes(mask, [&](int lane) {
        const auto packed = [&](std::size_t i) {
            return clamped(static_cast<std::int32_t>(warp.value(step.slots[i], lane)), to);
        };
        std::uint64_t word = packed(1) << to.bits | packed(2);
        if (step.slot_count > 3) word |= warp.value(step.slots[3], lane) << (2 * to.bits);
        warp.set(step.slots[0], lane, word);
    });
}

constexpr Execute choose(const Instruction& /*x*/) { return pack; }

constexpr Opcode rows[] = {
    {"cvt.pack.sat.u16|s16.s32", "=b32 s32 s32", choose, Flow::Next, 72, 65},
    {"cvt.pack.sat.u8|s8.s32.b32", "=b32 s32 s32 b32", choose, Flow::Next, 72, 65},
    {"cvt.pack.sat.u2|s2|u4|s4.s32.b32", "=b32 s32 s32 b32", choose, Flow::Next, 75, 65},
};

}  // namespace

OpcodeTable pack_opcodes() { return rows; }

}  // namespace halfulp::ptx
