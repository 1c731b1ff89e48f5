#include <halfulp/gpu/ptx/warp.h>

#include <algorithm>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/cta.h>

namespace halfulp::ptx {
namespace {

void check_aligned(Address at, std::size_t bytes) {
    if (at % bytes != 0) throw Fault{-1, fmt::format("address {:#x} is no multiple of {}", at, bytes)};
}

void fill(Warp& warp, Slot slot, std::uint8_t width, std::uint64_t bits) {
    if (width == 1) warp.predicate(slot) = (bits & 1) != 0 ? all_lanes : 0;
    for (int lane = 0; width != 1 && lane < 32; ++lane) warp.set(slot, lane, bits);
}

/// Of functions and calls, and not of the kernel's own parameters, which come before.
bool is_in_frame(Address at) { return at >= Layout::frame_start && at < window_size; }

}  // namespace

Warp::Warp(Cta& cta, std::uint32_t number, Mask lanes)
    : cta_(&cta),
      number_(number),
      lanes_(lanes),
      file_(new std::byte[cta.program().widths.size() * slot_bytes]()),
      defined_(cta.program().widths.size()),
      local_(cta.program().layout.local, "local memory"),
      frame_(cta.program().layout.frame, "parameter memory") {
    for (const auto& [slot, bits] : cta.program().constants) fill(*this, slot, cta.program().widths[slot], bits);
}

/// What registers held before stays, but counts as undefined.
void Warp::start() {
    const Program& program = cta_->program();
    exited_ = gathering_ = at_barrier_ = 0;
    current_ = nullptr;
    turns_ = 0;
    pc_.fill(program.entry);
    std::fill(defined_.begin(), defined_.end(), 0);
    for (const Constant& constant : program.constants) defined_[constant.slot] = all_lanes;
    for (const auto& [slot, special] : program.specials) {
        for (std::uint32_t lane = 0; lane < 32; ++lane)
            set(slot, static_cast<int>(lane), special->value(cta_->identity(number_, lane)));
        defined_[slot] = all_lanes;
    }
    local_.forget();
    frame_.forget();
    copies_.fill({});
    returns_.fill({});
}

std::uint64_t Warp::value(Slot slot, int lane) {
    switch (cta_->program().widths[slot]) {
        case 1: return predicate(slot) >> lane & 1;
        case 16: return words<std::uint16_t>(slot)[lane];
        case 32: return words<std::uint32_t>(slot)[lane];
        default: return words<std::uint64_t>(slot)[lane];
    }
}

void Warp::set(Slot slot, int lane, std::uint64_t bits) {
    switch (cta_->program().widths[slot]) {
        case 1: predicate(slot) = (predicate(slot) & ~lane_bit(lane)) | static_cast<Mask>(bits & 1) << lane; break;
        case 16: words<std::uint16_t>(slot)[lane] = static_cast<std::uint16_t>(bits); break;
        case 32: words<std::uint32_t>(slot)[lane] = static_cast<std::uint32_t>(bits); break;
        default: words<std::uint64_t>(slot)[lane] = bits;
    }
}

/// nvcc takes a shared address below 0 for a base, where the offset leads back.
Address Warp::address(Slot base, std::int64_t offset, int lane) {
    const Address sum = value(base, lane) + static_cast<Address>(offset);
    return cta_->program().widths[base] == 32 ? static_cast<std::uint32_t>(sum) : sum;
}

/// Every fourth time the lanes that stand last go first, lest others that wait for them in a loop keep them from it.
Warp::Group Warp::choose_group() const {
    Group group;
    if (ready() == 0) return group;
    const bool last_first = turns_ % 4 == 3;
    group.pc = pc_[static_cast<std::size_t>(std::countr_zero(ready()))];
    for_lanes(ready(), [&](int lane) {
        group.pc = last_first ? std::max(group.pc, position(lane)) : std::min(group.pc, position(lane));
    });
    for_lanes(live() & ~at_barrier_, [&](int lane) {
        if (position(lane) == group.pc)
            group.lanes |= lane_bit(lane);
        else if (position(lane) > group.pc)
            group.meeting = std::min(group.meeting, position(lane));
    });
    return group;
}

std::uint64_t Warp::run(std::uint64_t quantum) {
    std::uint64_t budget = quantum;
    ++turns_;
    while (budget > 0) {
        const Group group = choose_group();
        if (group.lanes == 0) break;
        gathering_ &= ~group.lanes;
        run_group(group, budget);
    }
    return quantum - budget;
}

void Warp::place(Mask lanes, std::uint32_t pc) {
    for_lanes(lanes, [&](int lane) { pc_[static_cast<std::size_t>(lane)] = pc; });
}

/// Goes on until the lanes part, wait, or meet others.
void Warp::run_group(Group group, std::uint64_t& budget) {
    const std::vector<Step>& steps = cta_->program().steps;
    for (;;) {
        const Step& step = steps[group.pc];
        current_ = &step;
        --budget;
        Mask mask = group.lanes;
        if (step.is_guarded) {
            if ((mask & ~defined_[step.guard]) != 0) fault_undefined(step, step.guard, 0, mask & ~defined_[step.guard]);
            mask &= step.guard_negated ? ~predicate(step.guard) : predicate(step.guard);
        }
        if (step.flow == Flow::Branch && mask == group.lanes) {
            cta_->count(step, mask);
            group.pc = step.target;
        } else if (mask != 0 && step.flow != Flow::Next) {
            return jump(step, group, mask);
        } else {
            if (mask != 0) execute(step, mask);
            ++group.pc;
        }
        if (group.pc >= group.meeting || budget == 0) return place(group.lanes, group.pc);
    }
}

void Warp::execute(const Step& step, Mask mask) {
    cta_->count(step, mask);
    if (step.passes_undefined) return step.execute(*this, step, mask);
    check_defined(step, mask);
    step.execute(*this, step, mask);
    for (std::uint32_t written = step.written; written != 0; written &= written - 1)
        defined_[step.slots[std::countr_zero(written)]] |= mask;
}

void Warp::check_defined(const Step& step, Mask mask) {
    for (std::size_t i = 0; i < step.slot_count; ++i)
        if ((step.written >> i & 1) == 0 && (mask & ~defined_[step.slots[i]]) != 0)
            fault_undefined(step, step.slots[i], i, mask & ~defined_[step.slots[i]]);
}

void Warp::fault_undefined(const Step& step, Slot slot, std::size_t argument, Mask lanes) {
    std::string name = "a register";
    if (step.instruction != nullptr && slot == step.guard && step.is_guarded) {
        name = "its predicate";
    } else if (step.instruction != nullptr && argument < step.instruction->arguments.size()) {
        const Operand& x = step.instruction->arguments[argument].operand;
        name = x.kind == Operand::Kind::Address ? x.elements.front().name : x.name;
    }
    throw Fault{std::countr_zero(lanes), "reads " + name + ", which has no value"};
}

/// Places the lanes anew.
void Warp::jump(const Step& step, const Group& group, Mask mask) {
    place(group.lanes, group.pc + 1);
    switch (step.flow) {
        case Flow::Branch: cta_->count(step, mask); return place(mask, step.target);
        case Flow::IndexedBranch: return jump_by_index(step, mask);
        case Flow::Call:
            cta_->count(step, mask);
            for_lanes(mask, [&](int lane) { returns_[static_cast<std::size_t>(lane)].push_back(group.pc + 1); });
            return place(mask, step.target);
        case Flow::Return:
        case Flow::Exit: return leave_function(step, mask);
        default: break;
    }
    meet(step, group.pc, mask);
}

void Warp::jump_by_index(const Step& step, Mask taken) {
    cta_->count(step, taken);
    check_defined(step, taken);
    for_lanes(taken, [&](int lane) {
        const std::uint64_t index = value(step.slots[0], lane);
        if (index >= step.targets->size())
            throw Fault{lane, fmt::format("index {} of a table of {} labels", index, step.targets->size())};
        place(lane_bit(lane), (*step.targets)[index]);
    });
}

/// Out of a kernel lanes exit. Others may have waited for them: they look again.
void Warp::leave_function(const Step& step, Mask lanes) {
    cta_->count(step, lanes);
    for_lanes(lanes, [&](int lane) {
        std::vector<std::uint32_t>& stack = returns_[static_cast<std::size_t>(lane)];
        if (step.flow == Flow::Exit || stack.empty()) {
            exited_ |= lane_bit(lane);
            gathering_ = 0;
        } else {
            place(lane_bit(lane), stack.back());
            stack.pop_back();
        }
    });
}

/// Memory does not know lanes.
template <class What>
void Warp::as_lane(int lane, const What& what) {
    try {
        what();
    } catch (Fault& fault) {
        fault.lane = lane;
        throw;
    }
}

void Warp::read(const Access& access, Address at, std::span<std::byte> to, int lane) {
    as_lane(lane, [&] {
        check_aligned(at, to.size());
        const Space space = access.space == Space::Generic ? space_of(at) : access.space;
        if (space == Space::Shared)
            cta_->shared().read(at, to, thread(lane), cta_->ordering(), access.is_strong);
        else if (space == Space::Local)
            local_.read(lane, at, to);
        else if (space == Space::Parameter)
            read_parameter(at, to, lane);
        else
            cta_->read_global(at, to, thread(lane), access.is_strong);
    });
}

/// All threads share the kernel's own parameters.
void Warp::read_parameter(Address at, std::span<std::byte> to, int lane) {
    if (is_in_frame(at)) return frame_.read(lane, at - Layout::frame_start, to);
    if (!cta_->program().is_in_a_parameter(at, to.size()))
        throw Fault{lane, fmt::format("{} bytes at {} of the kernel's parameters, none of which has them all",
                                      to.size(), signed_hexadecimal(at))};
    const std::span<const std::byte> parameters = cta_->launch().parameters;
    std::copy_n(parameters.begin() + static_cast<std::ptrdiff_t>(at), to.size(), to.begin());
}

void Warp::write(const Access& access, Address at, std::span<const std::byte> from, int lane) {
    as_lane(lane, [&] {
        check_aligned(at, from.size());
        const Space space = access.space == Space::Generic ? space_of(at) : access.space;
        if (space == Space::Shared)
            cta_->shared().write(at, from, thread(lane), cta_->ordering(), access.is_strong);
        else if (space == Space::Local)
            local_.write(lane, at, from);
        else if (space == Space::Parameter && !is_in_frame(at))
            throw Fault{lane, "writes the kernel's parameters"};
        else if (space == Space::Parameter)
            frame_.write(lane, at - Layout::frame_start, from);
        else
            cta_->write_global(at, from, thread(lane), access.is_strong);
    });
}

void Warp::expect_copy(const PendingCopy& copy, int lane) {
    as_lane(lane, [&] { cta_->shared().expect(copy.to, copy.bytes, thread(lane), cta_->ordering()); });
    copies(lane).open.push_back(copy);
}

/// The hardware may read the source at any time until then: here it was read at once.
void Warp::deliver_copy(const PendingCopy& copy, int lane) {
    alignas(8) std::array<std::byte, sizeof copy.data> now{};
    cta_->look_at_global(copy.from, std::span(now).first(copy.taken));
    if (now != copy.data)
        throw Fault{
            lane,
            fmt::format("the asynchronous copy from {:#x} that it waits for: somebody has written there since it began",
                        copy.from)};
    cta_->shared().deliver(copy.to, std::span(copy.data).first(copy.bytes), thread(lane), cta_->ordering());
}

}  // namespace halfulp::ptx
