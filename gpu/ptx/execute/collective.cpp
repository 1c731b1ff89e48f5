#include <algorithm>
#include <bit>

#include <halfulp/gpu/ptx/execute/elementwise.h>

// What lanes of a warp do together, by member masks; PTX ISA: shfl.sync, vote.sync, match.sync, redux.sync, elect.sync,
// activemask. The lanes of `mask` have come together, and each is a member of its own mask.

namespace halfulp::ptx {
namespace {

/// The members among the lanes that are here: others have exited.
Mask members(Warp& warp, const Step& step, Mask mask, int lane) {
    return static_cast<Mask>(warp.value(step.slots[step.slot_count - 1], lane)) & mask;
}

enum class Shuffle : std::uint8_t { Up, Down, Butterfly, Index };

/// The lane that a lane reads from, and whether that lies within its segment; PTX ISA, the pseudocode of shfl.sync.
struct Source {
    int lane;
    bool is_valid;
};

Source source_of(Shuffle mode, int lane, std::uint32_t b, std::uint32_t c) {
    const int distance = static_cast<int>(b & 31), clamp = static_cast<int>(c & 31),
              segments = static_cast<int>(c >> 8 & 31);
    const int most = (lane & segments) | (clamp & ~segments), least = lane & segments;
    switch (mode) {
        case Shuffle::Up: return {lane - distance, lane - distance >= most};
        case Shuffle::Down: return {lane + distance, lane + distance <= most};
        case Shuffle::Butterfly: return {lane ^ distance, (lane ^ distance) <= most};
        case Shuffle::Index: return {least | (distance & ~segments), (least | (distance & ~segments)) <= most};
    }
    __builtin_unreachable();
}

/// d|p, a, b, c, members. From a lane that is not here nothing comes: d is then undefined, as PTX says.
template <Shuffle mode>
void shuffle(Warp& warp, const Step& step, Mask mask) {
    std::array<std::uint32_t, 32> values;
    std::copy_n(warp.words<std::uint32_t>(step.slots[2]), 32, values.begin());
    const Mask known = warp.defined(step.slots[2]);
    Mask undefined = mask & ~(warp.defined(step.slots[3]) & warp.defined(step.slots[4]));
    for_lanes(mask, [&](int lane) {
        const auto b = static_cast<std::uint32_t>(warp.value(step.slots[3], lane)),
                   c = static_cast<std::uint32_t>(warp.value(step.slots[4], lane));
        Source source = source_of(mode, lane, b, c);
        if (!source.is_valid) source.lane = lane;
        if ((members(warp, step, mask, lane) & known & lane_bit(source.lane)) == 0) undefined |= lane_bit(lane);
        warp.set(step.slots[0], lane, values[static_cast<std::size_t>(source.lane)]);
        warp.set(step.slots[1], lane, source.is_valid ? 1 : 0);
    });
    for (const Slot result : {step.slots[0], step.slots[1]}) warp.defined(result) |= mask;
    warp.defined(step.slots[0]) &= ~undefined;
}

Execute shuffle_of(const Instruction& x) {
    if (x.has("up")) return shuffle<Shuffle::Up>;
    if (x.has("down")) return shuffle<Shuffle::Down>;
    return x.has("bfly") ? shuffle<Shuffle::Butterfly> : shuffle<Shuffle::Index>;
}

/// d, {!}p, members.
void vote(Warp& warp, const Step& step, Mask mask) {
    const Instruction& x = *step.instruction;
    const Mask p = x.arguments[1].operand.negated ? ~warp.predicate(step.slots[1]) : warp.predicate(step.slots[1]);
    for_lanes(mask, [&](int lane) {
        const Mask all = members(warp, step, mask, lane), yes = all & p;
        const bool answer = x.has("all") ? yes == all : x.has("any") ? yes != 0 : yes == 0 || yes == all;
        warp.set(step.slots[0], lane, x.has("ballot") ? yes : (answer ? 1 : 0));
    });
}

/// Members with the same value: which; or all of them if all have it.
void match_any(Warp& warp, const Step& step, Mask mask) {
    for_lanes(mask, [&](int lane) {
        Mask same = 0;
        for_lanes(members(warp, step, mask, lane), [&](int other) {
            if (warp.value(step.slots[1], other) == warp.value(step.slots[1], lane)) same |= lane_bit(other);
        });
        warp.set(step.slots[0], lane, same);
    });
}

void match_all(Warp& warp, const Step& step, Mask mask) {
    for_lanes(mask, [&](int lane) {
        const Mask all = members(warp, step, mask, lane);
        bool same = true;
        for_lanes(all, [&](int other) {
            same = same && warp.value(step.slots[2], other) == warp.value(step.slots[2], lane);
        });
        warp.set(step.slots[0], lane, same ? all : 0);
        warp.set(step.slots[1], lane, same ? 1 : 0);
    });
}

std::uint32_t reduced(const Instruction& x, std::uint32_t a, std::uint32_t b) {
    const auto signed_a = static_cast<std::int32_t>(a), signed_b = static_cast<std::int32_t>(b);
    const bool is_signed = x.has("s32");
    if (x.has("add")) return a + b;
    if (x.has("min")) return is_signed ? static_cast<std::uint32_t>(std::min(signed_a, signed_b)) : std::min(a, b);
    if (x.has("max")) return is_signed ? static_cast<std::uint32_t>(std::max(signed_a, signed_b)) : std::max(a, b);
    if (x.has("and")) return a & b;
    return x.has("or") ? a | b : a ^ b;
}

void reduce(Warp& warp, const Step& step, Mask mask) {
    std::array<std::uint32_t, 32> values;
    std::copy_n(warp.words<std::uint32_t>(step.slots[1]), 32, values.begin());
    for_lanes(mask, [&](int lane) {
        Mask others = members(warp, step, mask, lane);
        std::uint32_t sum = values[static_cast<std::size_t>(std::countr_zero(others))];
        others &= others - 1;
        for_lanes(others,
                  [&](int other) { sum = reduced(*step.instruction, sum, values[static_cast<std::size_t>(other)]); });
        warp.set(step.slots[0], lane, sum);
    });
}

/// The first member leads.
void elect(Warp& warp, const Step& step, Mask mask) {
    for_lanes(mask, [&](int lane) {
        const int leader = std::countr_zero(members(warp, step, mask, lane));
        warp.set(step.slots[0], lane, static_cast<std::uint64_t>(leader));
        warp.set(step.slots[1], lane, leader == lane ? 1 : 0);
    });
}

void active(Warp& warp, const Step& step, Mask mask) {
    for_lanes(mask, [&](int lane) { warp.set(step.slots[0], lane, mask); });
}

template <Execute execute>
Execute the(const Instruction& /*x*/) {
    return execute;
}

constexpr Opcode rows[] = {
    {.pattern = "shfl.sync.up|down|bfly|idx.b32",
     .operands = "=b32|pred? b32 b32 b32 b32",
     .choose = shuffle_of,
     .flow = Flow::Members,
     .passes_undefined = true},
    {"vote.sync.all|any|uni.pred", "=pred !pred b32", the<vote>, Flow::Members},
    {"vote.sync.ballot.b32", "=b32 !pred b32", the<vote>, Flow::Members},
    {"match.any.sync.b32|b64", "=b32 t b32", the<match_any>, Flow::Members, 70},
    {"match.all.sync.b32|b64", "=b32|pred? t b32", the<match_all>, Flow::Members, 70},
    {"redux.sync.add|min|max.u32|s32", "=t t b32", the<reduce>, Flow::Members, 80, 70},
    {"redux.sync.and|or|xor.b32", "=t t b32", the<reduce>, Flow::Members, 80, 70},
    {"elect.sync", "=b32|pred b32", the<elect>, Flow::Members, 90, 80},
    {"activemask.b32", "=b32", the<active>, Flow::Next, 50, 62},
};

}  // namespace

OpcodeTable collective_opcodes() { return rows; }

}  // namespace halfulp::ptx
