#include <fmt/format.h>

#include <halfulp/gpu/ptx/cta.h>
#include <halfulp/gpu/ptx/warp.h>

// How lanes of a warp wait for each other: at one instruction, or at several of the same opcode and qualifiers.

namespace halfulp::ptx {
namespace {

bool is_negated(const Step& step, std::size_t i) { return step.instruction->arguments[i].operand.negated; }

}  // namespace

const Step& Warp::step_of(int lane) const { return cta_->program().steps[position(lane)]; }

void Warp::meet(const Step& step, std::uint32_t pc, Mask mask) {
    place(mask, pc);
    gathering_ &= ~mask;
    Mask come = mask;
    for_lanes(gathering_, [&](int lane) {
        const Step& other = step_of(lane);
        if (&other == &step || (step.meeting != nullptr && other.meeting == step.meeting)) come |= lane_bit(lane);
    });
    const Mask ready = gathered(step, come);
    gathering_ = (gathering_ | come) & ~ready;
    if (ready == 0) return;
    bool is_one_place = true;
    for_lanes(ready, [&](int lane) { is_one_place = is_one_place && position(lane) == pc; });
    is_one_place ? execute(step, ready) : execute_met(step, ready);
    for_lanes(ready, [&](int lane) { ++pc_[static_cast<std::size_t>(lane)]; });
}

/// By registers that the instructions have in common.
void Warp::execute_met(const Step& step, Mask mask) {
    for (Mask rest = mask; rest != 0;) {
        const Step& own = step_of(std::countr_zero(rest));
        Mask here = 0;
        for_lanes(rest, [&](int lane) { here |= &step_of(lane) == &own ? lane_bit(lane) : 0; });
        current_ = &own;
        cta_->count(own, here);
        if (!own.passes_undefined) check_defined(own, here);
        for_lanes(here, [&](int lane) {
            for (std::size_t i = 0; i < own.slot_count; ++i) {
                copy_register(own.slots[i], own.meeting[i], lane);
                if (is_negated(own, i) != is_negated(step, i)) set(own.meeting[i], lane, ~value(own.meeting[i], lane));
            }
        });
        rest &= ~here;
    }
    current_ = &step;
    Step common = step;
    common.slots = step.meeting;
    common.execute(*this, common, mask);
    for_lanes(mask, [&](int lane) {
        const Step& own = step_of(lane);
        for (std::uint32_t written = own.written; written != 0; written &= written - 1) {
            const int i = std::countr_zero(written);
            if (!own.passes_undefined) defined_[own.meeting[i]] |= lane_bit(lane);
            copy_register(own.meeting[i], own.slots[i], lane);
        }
    });
}

void Warp::copy_register(Slot from, Slot to, int lane) {
    set(to, lane, value(from, lane));
    defined_[to] = (defined_[to] & ~lane_bit(lane)) | (defined_[from] & lane_bit(lane));
}

Mask Warp::gathered(const Step& step, Mask mask) {
    if (step.flow == Flow::Members) return gathered_members(step, mask);
    if (step.flow == Flow::ThreadBarrier) return mask;
    if (step.flow == Flow::Aligned && live() != lanes_)
        throw Fault{std::countr_zero(mask),
                    fmt::format("expected all lanes of the warp, but lanes {:#010x} have exited", lanes_ & ~live())};
    return mask == live() ? mask : 0;
}

/// Those whose masks are equal go together, once all that are named and have not exited are among them.
Mask Warp::gathered_members(const Step& step, Mask mask) {
    const std::size_t last = step.slot_count - 1U;
    const Mask undefined = mask & ~gathering_ & ~defined_[step.slots[last]];
    if (undefined != 0) fault_undefined(step, step.slots[last], last, undefined);
    std::array<Mask, 32> wanted{};
    for_lanes(mask, [&](int lane) {
        Mask& named = wanted[static_cast<std::size_t>(lane)];
        named = static_cast<Mask>(value(step_of(lane).slots[last], lane));
        if ((named & lane_bit(lane)) == 0)
            throw Fault{lane,
                        fmt::format("the member mask {:#010x} does not name lane {}, which executes it", named, lane)};
    });
    Mask ready = 0;
    for (Mask rest = mask; rest != 0;) {
        const Mask named = wanted[static_cast<std::size_t>(std::countr_zero(rest))];
        Mask same = 0;
        for_lanes(rest,
                  [&](int lane) { same |= wanted[static_cast<std::size_t>(lane)] == named ? lane_bit(lane) : 0; });
        if ((named & live() & ~same) == 0) ready |= same;
        rest &= ~same;
    }
    return ready;
}

}  // namespace halfulp::ptx
