#include <algorithm>

#include <halfulp/gpu/ptx/cta.h>
#include <halfulp/gpu/ptx/warp.h>

// cp.async: copies from global to shared memory that arrive when their thread waits for them, and never before; PTX
// ISA, "Asynchronous copy". Here the source is read at once.

namespace halfulp::ptx {
namespace {

constexpr Access global{.space = Space::Global};

Address shared_address(Address at) { return at >= window_size && at < 2 * window_size ? at - shared_window : at; }

/// [to], [from], bytes, and how many of them come from there: the others become 0.
void start_copy(Warp& warp, const Step& step, Mask mask) {
    for_lanes(mask, [&](int lane) {
        const std::uint64_t bytes = warp.value(step.slots[2], lane);
        const std::uint64_t taken = step.slot_count > 3 ? warp.value(step.slots[3], lane) : bytes;
        const Address to = shared_address(warp.address(step.slots[0], step.offset, lane)),
                      from = warp.address(step.slots[1], step.second_offset, lane);
        if (taken > bytes) throw Fault{lane, "takes more bytes than it copies"};
        if (to % bytes != 0 || from % bytes != 0)
            throw Fault{lane, "an address is no multiple of " + std::to_string(bytes)};
        PendingCopy copy{.to = to,
                         .from = from,
                         .bytes = static_cast<std::uint8_t>(bytes),
                         .taken = static_cast<std::uint8_t>(taken),
                         .data = {}};
        const std::uint64_t step_size = std::has_single_bit(taken) ? taken : 1;
        for (std::uint64_t i = 0; i < taken; i += step_size)
            warp.read(global, from + i, std::span(copy.data).subspan(i, step_size), lane);
        warp.expect_copy(copy, lane);
    });
}

void commit(Warp& warp, int lane) {
    PendingCopies& copies = warp.copies(lane);
    copies.groups.push_back(std::move(copies.open));
    copies.open.clear();
}

/// All but the last `left` groups arrive.
void arrive(Warp& warp, int lane, std::uint64_t left) {
    auto& groups = warp.copies(lane).groups;
    for (; groups.size() > left; groups.pop_front())
        for (const PendingCopy& copy : groups.front()) warp.deliver_copy(copy, lane);
}

void commit_group(Warp& warp, const Step& /*step*/, Mask mask) {
    for_lanes(mask, [&](int lane) { commit(warp, lane); });
}

void wait_group(Warp& warp, const Step& step, Mask mask) {
    for_lanes(mask, [&](int lane) { arrive(warp, lane, warp.value(step.slots[0], lane)); });
}

/// Those that no group has yet, too.
void wait_all(Warp& warp, const Step& /*step*/, Mask mask) {
    for_lanes(mask, [&](int lane) {
        commit(warp, lane);
        arrive(warp, lane, 0);
    });
}

Execute start_copy_of(const Instruction& /*x*/) { return start_copy; }

constexpr Opcode rows[] = {
    {"cp.async.ca.shared|shared::cta.global.L2::64B|L2::128B|L2::256B?", "@shared @global #4|8|16 u32?", start_copy_of,
     Flow::Next, 80, 70},
    {"cp.async.cg.shared|shared::cta.global.L2::64B|L2::128B|L2::256B?", "@shared @global #16 u32?", start_copy_of,
     Flow::Next, 80, 70},
    {"cp.async.commit_group", "", [](const Instruction&) -> Execute { return commit_group; }, Flow::Next, 80, 70},
    {"cp.async.wait_group", "#u32", [](const Instruction&) -> Execute { return wait_group; }, Flow::Next, 80, 70},
    {"cp.async.wait_all", "", [](const Instruction&) -> Execute { return wait_all; }, Flow::Next, 80, 70},
};

}  // namespace

OpcodeTable copy_opcodes() { return rows; }

}  // namespace halfulp::ptx
