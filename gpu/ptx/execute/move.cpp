#include <halfulp/gpu/ptx/execute/elementwise.h>

// mov, which copies, packs and takes apart; addresses in other spaces. PTX ISA, "Data Movement and Conversion
// Instructions".

namespace halfulp::ptx {
namespace {

/// Results from low to high bits of the operands from low to high bits; as many bits of either.
void move(Warp& warp, const Step& step, Mask mask) {
    const auto results = static_cast<std::size_t>(std::popcount(step.written));
    const std::vector<Argument>& arguments = step.instruction->arguments;
    Mask defined = mask;
    for (std::size_t i = results; i < step.slot_count; ++i) defined &= warp.defined(step.slots[i]);
    for_lanes(mask, [&](int lane) {
        std::uint64_t bits = 0;
        for (std::size_t i = results, at = 0; i < step.slot_count;
             at += static_cast<std::size_t>(arguments[i++].type.bits))
            bits |= warp.value(step.slots[i], lane) << at;
        for (std::size_t i = 0; i < results; bits >>= arguments[i++].type.bits % 64)
            warp.set(step.slots[i], lane, bits);
    });
    for (std::size_t i = 0; i < results; ++i)
        warp.defined(step.slots[i]) = (warp.defined(step.slots[i]) & ~mask) | defined;
}

/// A register to a register of its width.
template <class Word>
void move_word(Warp& warp, const Step& step, Mask mask) {
    const Column<Word> from(warp, step.slots[1]);
    Column<Word> to(warp, step.slots[0]);
    if (mask == all_lanes)
        for (int lane = 0; lane < 32; ++lane) to.set(lane, from[lane]);
    else
        for_lanes(mask, [&](int lane) { to.set(lane, from[lane]); });
    warp.defined(step.slots[0]) = (warp.defined(step.slots[0]) & ~mask) | (warp.defined(step.slots[1]) & mask);
}

Execute move_of(const Instruction& x) {
    const int bits = x.types.back().bits;
    if (x.arguments.size() != 2 || bits == 1) return move;
    return bits == 16 ? move_word<std::uint16_t> : bits == 32 ? move_word<std::uint32_t> : move_word<std::uint64_t>;
}

/// The start of the window that a space has among the generic addresses; 0 where the two are the same.
Address window_of(const Instruction& x) {
    if (x.has("shared") || x.has("shared::cta")) return shared_window;
    if (x.has("local")) return local_window;
    return x.has("param") ? parameter_window : 0;
}

void to_generic(Warp& warp, const Step& step, Mask mask) {
    const Address window = window_of(*step.instruction);
    for_lanes(mask, [&](int lane) { warp.set(step.slots[0], lane, warp.value(step.slots[1], lane) + window); });
}

void from_generic(Warp& warp, const Step& step, Mask mask) {
    const Address window = window_of(*step.instruction);
    for_lanes(mask, [&](int lane) {
        const Address address = warp.value(step.slots[1], lane);
        if (window != 0 && address / window_size != window / window_size)
            throw Fault{lane, "the generic address does not lie in that space"};
        warp.set(step.slots[0], lane, address - window);
    });
}

Execute convert_address(const Instruction& x) { return x.has("to") ? from_generic : to_generic; }

void is_space(Warp& warp, const Step& step, Mask mask) {
    const Instruction& x = *step.instruction;
    for_lanes(mask, [&](int lane) {
        const Address window = warp.value(step.slots[1], lane) / window_size * window_size;
        bool is = window == window_of(x);
        if (x.has("global")) is = window >= global_window;
        if (x.has("const")) is = window == constant_window;
        warp.set(step.slots[0], lane, is ? 1 : 0);
    });
}

constexpr Opcode rows[] = {
    {.pattern = "mov.pred|b16|b32|b64|u16|u32|u64|s16|s32|s64|f32|f64",
     .operands = "M",
     .choose = move_of,
     .passes_undefined = true},
    {"cvta.global|shared|shared::cta|local|const|param.u64", "=u64 u64",
     [](const Instruction& x) { return convert_address(x); }},
    {"cvta.to.global|shared|shared::cta|local|const|param.u64", "=u64 u64",
     [](const Instruction& x) { return convert_address(x); }},
    {"isspacep.global|shared|shared::cta|local|const|param", "=pred u64",
     [](const Instruction&) -> Execute { return is_space; }},
};

}  // namespace

OpcodeTable move_opcodes() { return rows; }

}  // namespace halfulp::ptx
