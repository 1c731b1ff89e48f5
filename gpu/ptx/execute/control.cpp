#include <halfulp/gpu/ptx/execute/control.h>

#include <halfulp/gpu/ptx/cta.h>

// What goes elsewhere and what waits; PTX ISA, "Control Flow Instructions" and the barriers among the "Parallel
// Synchronization and Communication Instructions".

namespace halfulp::ptx {
namespace {

/// bar.sync a{, b}; bar.arrive a, b; bar.red p, a{, b}, c.
void come_to_barrier(Warp& warp, const Step& step, Mask mask) {
    const Instruction& x = *step.instruction;
    const std::size_t first = x.has("red") ? 1 : 0;
    const std::size_t last = step.slot_count - first;  // of a and b
    const int lane = std::countr_zero(mask);
    Arrival arrival{.waits = !x.has("arrive")};
    const auto same = [&](std::size_t i) {
        const std::uint64_t value = warp.value(step.slots[i], lane);
        for_lanes(mask, [&](int other) {
            if (warp.value(step.slots[i], other) != value) throw Fault{other, "lanes name different barriers"};
        });
        return static_cast<std::uint32_t>(value);
    };
    if (first < last) arrival.barrier = same(first);
    if (first + 1 < last) arrival.threads = same(first + 1);
    if (first == 1) {
        arrival.reduction = x.has("popc")  ? BarrierReduction::Count
                            : x.has("and") ? BarrierReduction::And
                                           : BarrierReduction::Or;
        arrival.result = step.slots[0];
        arrival.votes = warp.predicate(step.slots[step.slot_count - 1]);
        if (x.arguments.back().operand.negated) arrival.votes = ~arrival.votes;
    }
    warp.cta().arrive(warp, mask, arrival);
}

void nothing(Warp& /*warp*/, const Step& /*step*/, Mask /*mask*/) {}

/// Lanes of a warp have met, those of each member mask: what they wrote before, the others of them may read.
void meet(Warp& warp, const Step& step, Mask mask) {
    Ordering& ordering = warp.cta().ordering();
    const auto named = [&](int lane) { return static_cast<Mask>(warp.value(step.slots[0], lane)); };
    for (Mask rest = mask; rest != 0;) {
        const Mask members = named(std::countr_zero(rest));
        Mask lanes = 0;
        for_lanes(rest, [&](int lane) { lanes |= named(lane) == members ? lane_bit(lane) : 0; });
        (warp.lanes() & ~members) == 0 ? ordering.meet(warp.number()) : ordering.meet(warp.number(), lanes, members);
        rest &= ~lanes;
    }
}

void trap(Warp& /*warp*/, const Step& /*step*/, Mask mask) {
    throw Fault{std::countr_zero(mask), "executed, which ends the kernel"};
}

Execute barrier(const Instruction&) { return come_to_barrier; }

constexpr Opcode rows[] = {
    {"bra.uni?", "L", nullptr, Flow::Branch},
    {"brx.idx.uni?", "u32 L", nullptr, Flow::IndexedBranch},
    {"call.uni?", "F", nullptr, Flow::Call},
    {"ret.uni?", "", nullptr, Flow::Return},
    {"exit", "", nullptr, Flow::Exit},
    {"trap", "", [](const Instruction&) -> Execute { return trap; }},
    {"brkpt", "", [](const Instruction&) -> Execute { return trap; }},
    {"bar.cta?.sync", "u32<16 u32%32?", barrier, Flow::Barrier},
    {"bar.cta?.arrive", "u32<16 u32>0%32", barrier, Flow::Barrier},
    {"bar.cta?.red.popc.u32", "=u32 u32<16 u32%32? !pred", barrier, Flow::Barrier},
    {"bar.cta?.red.and|or.pred", "=pred u32<16 u32%32? !pred", barrier, Flow::Barrier},
    {"barrier.cta?.sync.aligned", "u32<16 u32%32?", barrier, Flow::Barrier},
    {"barrier.cta?.arrive.aligned", "u32<16 u32>0%32", barrier, Flow::Barrier},
    {"barrier.cta?.sync", "u32<16 u32%32?", barrier, Flow::ThreadBarrier},
    {"barrier.cta?.arrive", "u32<16 u32>0%32", barrier, Flow::ThreadBarrier},
    {"barrier.cta?.red.popc.aligned.u32", "=u32 u32<16 u32%32? !pred", barrier, Flow::Barrier},
    {"barrier.cta?.red.and|or.aligned.pred", "=pred u32<16 u32%32? !pred", barrier, Flow::Barrier},
    {"barrier.cta?.red.popc.u32", "=u32 u32<16 u32%32? !pred", barrier, Flow::ThreadBarrier},
    {"barrier.cta?.red.and|or.pred", "=pred u32<16 u32%32? !pred", barrier, Flow::ThreadBarrier},
    {"bar.warp.sync", "b32", [](const Instruction&) -> Execute { return meet; }, Flow::Members},
    {"nanosleep.u32", "u32", [](const Instruction&) -> Execute { return nothing; }, Flow::Next, 70, 63},
};

}  // namespace

CallOperands parse_call(const Instruction& x) {
    CallOperands call;
    std::size_t next = 0;
    const auto is = [&](Operand::Kind kind) { return next < x.operands.size() && x.operands[next].kind == kind; };
    if (is(Operand::Kind::List)) call.results = x.operands[next++].elements;
    if (is(Operand::Kind::Symbol)) call.callee = x.operands[next++].name;
    if (is(Operand::Kind::List)) call.arguments = x.operands[next++].elements;
    if (call.callee.empty() || next != x.operands.size())
        throw InputError(
            "expected (results), a function's name, (arguments); a call through a pointer is not supported");
    return call;
}

void copy_frames(Warp& warp, const Step& step, Mask mask) {
    for_lanes(mask, [&](int lane) {
        for (const FrameCopy& copy : *step.copies) warp.frame().move(lane, copy.from, copy.to, copy.bytes);
    });
}

OpcodeTable control_opcodes() { return rows; }

}  // namespace halfulp::ptx
