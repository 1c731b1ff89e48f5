#include <halfulp/gpu/ptx/cta.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>

namespace halfulp::ptx {
namespace {

constexpr std::uint64_t quantum = 4096;  // instructions of a warp before the next one's turn
constexpr std::uint64_t turn = 1 << 14;  // instructions of a CTA before it may have waited in vain

Dim3 unfolded(std::uint64_t number, const Dim3& sizes) {
    return {static_cast<std::uint32_t>(number % sizes.x), static_cast<std::uint32_t>(number / sizes.x % sizes.y),
            static_cast<std::uint32_t>(number / sizes.x / sizes.y)};
}

std::uint64_t reduced(BarrierReduction how, std::uint32_t votes, std::uint32_t come) {
    switch (how) {
        case BarrierReduction::Count: return votes;
        case BarrierReduction::And: return votes == come ? 1 : 0;
        default: return votes != 0 ? 1 : 0;
    }
}

}  // namespace

std::string Launch::name_of(const Allocation& allocation) const {
    for (std::size_t i = 0; i < program.parameter_offsets.size(); ++i) {
        const Variable& parameter = program.kernel->parameters[i];
        for (std::size_t at = 0; at + sizeof(Address) <= parameter.size; at += sizeof(Address)) {
            Address address = 0;
            std::memcpy(&address, parameters.data() + program.parameter_offsets[i] + at, sizeof address);
            if (allocation.holds(address, 0)) return fmt::format("argument {} ({})", i, parameter.name);
        }
    }
    return allocation.name;
}

Cta::Cta(Launch& launch)
    : launch_(launch),
      counts_(launch.program.steps.size()),
      note_race_([this](std::uint32_t thread, const std::string& what) { note_race(thread, what); }),
      shared_(note_race_),
      global_history_(note_race_) {}

/// Of those at one instruction the first in a CTA is told, of the CTAs that this object served that of the least number.
void Cta::note_race(std::uint32_t thread, const std::string& what) {
    const Fault fault{static_cast<int>(thread % 32), what};
    if (launch_.races == Races::Refuse) throw fault;
    const auto step = static_cast<std::size_t>(running_->current() - program().steps.data());
    const std::array<std::uint64_t, 3> access = {step, thread, counts_[step].warps};
    if (std::exchange(last_race_, access) == access) return;  // at another byte of the same access
    Race& race = races_[step];
    if (race.count == 0 || number_ < race.cta) {
        const Error told = error(fault);
        race = {number_, told.place.line, told.what(), race.count};
    }
    ++race.count;
}

Dim3 Cta::index() const { return unfolded(number_, launch_.grid); }

Identity Cta::identity(std::uint32_t warp, std::uint32_t lane) const {
    return {.thread = unfolded(32 * warp + lane, launch_.block),
            .threads = launch_.block,
            .cta = index(),
            .ctas = launch_.grid,
            .lane = lane,
            .warp = warp,
            .warps = static_cast<std::uint32_t>((launch_.block.count() + 31) / 32),
            .dynamic_shared = static_cast<std::uint32_t>(launch_.dynamic_shared)};
}

void Cta::count(const Step& step, Mask mask) {
    StepCount& count = counts_[static_cast<std::size_t>(&step - program().steps.data())];
    ++count.warps;
    count.lanes += static_cast<std::uint64_t>(std::popcount(mask));
}

Allocation& Cta::allocation(Address at, std::size_t bytes) {
    if (recent_ == nullptr || !recent_->holds(at, bytes)) recent_ = launch_.memory.find(at, bytes);
    if (recent_ != nullptr) return *recent_;
    if (at < window_size || at >= -window_size)
        throw Fault{-1, fmt::format("{} bytes at {}: a null pointer, or a number that is no address", bytes,
                                    signed_hexadecimal(at))};
    throw Fault{-1, fmt::format("{} bytes at {:#x}, which is not allocated: {}", bytes, at, nearest(at))};
}

std::string Cta::nearest(Address at) const {
    return launch_.memory.nearest(at, [&](const Allocation& x) { return launch_.name_of(x); });
}

void Cta::fence(std::uint32_t warp, bool of_cta) {
    ordering_.fence(warp);
    if (!of_cta && number_ < launch_.fences.size()) launch_.fences[number_].fetch_add(1, std::memory_order_seq_cst);
}

void Cta::read_global(Address at, std::span<std::byte> to, std::uint32_t thread, bool is_strong) {
    Allocation& memory = allocation(at, to.size());
    has_looked_ = has_looked_ || is_strong;
    if (const Address hole = first_unwritten(memory, at, to.size()); hole < at + to.size())
        throw Fault{-1, fmt::format("reads {:#x}, which nobody has written: {}", hole, nearest(hole))};
    ptx::read_global(memory, at, to, global_access(thread, is_strong));
    if (!memory.is_constant) global_history_.read(at, to.size(), thread, ordering_, is_strong);
}

void Cta::write_global(Address at, std::span<const std::byte> from, std::uint32_t thread, bool is_strong) {
    std::array<std::byte, widest_access> bytes;
    const std::span old = std::span(bytes).first(from.size());
    ptx::write_global(allocation(at, from.size()), at, from, old, global_access(thread, is_strong));
    global_history_.write(at, old, from, thread, ordering_, is_strong);
}

void Cta::look_at_global(Address at, std::span<std::byte> to) {
    if (!to.empty()) look_at(allocation(at, to.size()), at, to);
}

void Cta::start(std::uint64_t number) {
    number_ = number;
    running_ = nullptr;
    steps_ = 0;
    random_.seed(launch_.seed ^ (number_ * 0x9E3779B97F4A7C15));
    const auto threads = static_cast<std::uint32_t>(launch_.block.count());
    shared_.reset(launch_.shared_bytes());
    ordering_.reset((threads + 31) / 32);
    global_history_.reset();
    barriers_.fill({});
    if (warps_.empty()) add_warps(threads);
    order_.clear();
    for (Warp& warp : warps_) {
        warp.start();
        order_.push_back(&warp);
    }
}

bool Cta::go_on() {
    try {
        return run_warps();
    } catch (const Fault& fault) {
        throw error(fault);
    }
}

void Cta::add_warps(std::uint32_t threads) {
    warps_.reserve((threads + 31) / 32);
    for (std::uint32_t warp = 0; 32 * warp < threads; ++warp) {
        const std::uint32_t lanes = std::min<std::uint32_t>(32, threads - 32 * warp);
        warps_.emplace_back(*this, warp, lanes == 32 ? all_lanes : (Mask{1} << lanes) - 1);
    }
}

/// The order of the warps is new in each round: no kernel may depend on it.
bool Cta::run_warps() {
    const std::uint64_t before = steps_;
    has_looked_ = false;
    const auto is_live = [](const Warp& warp) { return warp.live() != 0; };
    while (std::any_of(warps_.begin(), warps_.end(), is_live)) {
        if (has_looked_ && steps_ - before >= turn) return false;
        std::shuffle(order_.begin(), order_.end(), random_);
        if (!run_round() && !complete_without_exited()) fault_deadlock();
    }
    return true;
}

bool Cta::run_round() {
    const std::uint64_t before = steps_;
    for (Warp* warp : order_) {
        running_ = warp;
        steps_ += warp->run(quantum);
        if (steps_ > launch_.step_limit) fault_endless(*warp);
    }
    return steps_ != before;
}

/// It may have waited for a CTA that has no room.
void Cta::fault_endless(const Warp& warp) const {
    const std::uint64_t ctas = launch_.grid.count();
    std::string text =
        fmt::format("no end after {} instructions of the CTA's warps (the step limit)", launch_.step_limit);
    if (has_looked_ && ctas > most_resident)
        text += fmt::format("; if it waits for another CTA: of the {} at most {} are under way at once", ctas,
                            most_resident);
    throw Fault{warp.ready() == 0 ? -1 : std::countr_zero(warp.ready()), text};
}

/// PTX ISA, barrier: the count goes up "by the warp size (not the number of active threads in the warp)", once all of the
/// warp's threads that have not exited are there.
void Cta::count_whole(Barrier& barrier, const Warp& warp) {
    Mask& lanes = barrier.lanes[warp.number()];
    if (barrier.is_of_all || lanes == 0 || (warp.live() & ~lanes) != 0) return;
    barrier.come += 32 - static_cast<std::uint32_t>(std::popcount(lanes));
    lanes = 0;
}

void Cta::arrive(Warp& warp, Mask lanes, const Arrival& arrival) {
    const auto fault = [&](const std::string& text) { throw Fault{std::countr_zero(lanes), text}; };
    if (arrival.barrier >= barriers_.size()) fault(fmt::format("barrier {}: expected one of 0 to 15", arrival.barrier));
    if (arrival.threads % 32 != 0) fault(fmt::format("{} threads: expected a multiple of 32", arrival.threads));
    Barrier& barrier = barriers_[arrival.barrier];
    const auto all = static_cast<std::uint32_t>(launch_.block.count());
    const std::uint32_t wanted = arrival.threads == 0 ? all : arrival.threads;
    if (barrier.come > 0 && barrier.wanted != wanted)
        fault(fmt::format("barrier {}: others came to it for {} threads, this one for {}", arrival.barrier,
                          barrier.wanted, wanted));
    if (!barrier.waiting.empty() && arrival.waits && barrier.reduction != arrival.reduction)
        fault(fmt::format("barrier {}: others came to it for another reduction", arrival.barrier));
    barrier.wanted = wanted;
    barrier.is_of_all = arrival.threads == 0;
    barrier.come += static_cast<std::uint32_t>(std::popcount(lanes));
    barrier.lanes[warp.number()] |= lanes;
    count_whole(barrier, warp);
    ordering_.come(warp.number(), barrier.known);
    if (arrival.waits) {
        barrier.reduction = arrival.reduction;
        barrier.waiting.push_back({&warp, lanes, arrival.votes & lanes, arrival.result});
        warp.hold(lanes);
    }
    if (barrier.come > wanted)
        fault(fmt::format("barrier {}: {} threads have come, expected {}", arrival.barrier, barrier.come, wanted));
    if (barrier.come == wanted) complete(barrier);
}

void Cta::complete(Barrier& barrier) {
    std::uint32_t votes = 0, voters = 0;
    for (const Waiting& x : barrier.waiting) {
        votes += static_cast<std::uint32_t>(std::popcount(x.votes));
        voters += static_cast<std::uint32_t>(std::popcount(x.lanes));
    }
    for (const Waiting& x : barrier.waiting) {
        if (barrier.reduction != BarrierReduction::None) {
            const std::uint64_t result = reduced(barrier.reduction, votes, voters);
            for_lanes(x.lanes, [&](int lane) { x.warp->set(x.result, lane, result); });
        }
        ordering_.leave(x.warp->number(), barrier.known);
        x.warp->release(x.lanes);
    }
    barrier = {};
}

std::uint32_t Cta::exited() const {
    std::uint32_t count = 0;
    for (const Warp& warp : warps_) count += static_cast<std::uint32_t>(std::popcount(warp.lanes() & ~warp.live()));
    return count;
}

/// CUDA programming guide, compute capability 7.x: bar.sync waits for "all non-exited threads in the block". Once these
/// have come, nobody else can go on.
bool Cta::complete_without_exited() {
    for (Barrier& barrier : barriers_) {
        if (barrier.waiting.empty()) continue;
        for (const Warp& warp : warps_) count_whole(barrier, warp);
        if (barrier.come + (barrier.is_of_all ? exited() : 0) != barrier.wanted) continue;
        complete(barrier);
        return true;
    }
    return false;
}

/// What the lanes of a warp stand at, for a message.
std::string Cta::standstill(const Warp& warp) const {
    std::string text;
    const auto add = [&](Mask lanes, const std::string& what) {
        if (lanes != 0) text += fmt::format("{}lanes {:#010x} {}", text.empty() ? "" : ", ", lanes, what);
    };
    add(warp.lanes() & ~warp.live(), "have exited");
    add(warp.at_barrier(), "wait at a barrier");
    for_lanes(warp.gathering(), [&](int lane) {
        Mask together = 0;
        for_lanes(warp.gathering(), [&](int other) {
            if (warp.position(other) == warp.position(lane)) together |= lane_bit(other);
        });
        const Instruction* at = program().steps[warp.position(lane)].instruction;
        if (std::countr_zero(together) == lane && at != nullptr)
            add(together, fmt::format("wait in line {} ({})", at->line, at->text));
    });
    return text;
}

void Cta::fault_gathering(Warp& warp) {
    const int lane = std::countr_zero(warp.gathering());
    running_ = &warp;
    const Step& step = program().steps[warp.position(lane)];
    throw Error({.file = program().code->file,
                 .line = step.instruction->line,
                 .kernel = program().kernel->name,
                 .cta = index(),
                 .thread = identity(warp.number(), static_cast<std::uint32_t>(lane)).thread},
                fmt::format("{}: divergence: lanes wait here for others that do not come; of warp {} {}",
                            step.instruction->text, warp.number(), standstill(warp)));
}

/// Nobody can go on.
void Cta::fault_deadlock() {
    for (Warp& warp : warps_)
        if (warp.gathering() != 0) fault_gathering(warp);
    for (std::size_t i = 0; i < barriers_.size(); ++i) {
        const Barrier& barrier = barriers_[i];
        if (barrier.waiting.empty()) continue;
        running_ = barrier.waiting.front().warp;
        throw Fault{std::countr_zero(barrier.waiting.front().lanes),
                    fmt::format("deadlock: barrier {} waits for {} threads, {} have come; {} have exited", i,
                                barrier.wanted, barrier.come, exited())};
    }
    throw Fault{-1, "deadlock: no thread can go on"};
}

Error Cta::error(const Fault& fault) const {
    Place place{.file = program().code->file, .kernel = program().kernel->name, .cta = index()};
    std::string text;
    if (running_ != nullptr && running_->current() != nullptr) {
        const Instruction* at = running_->current()->instruction;
        if (at != nullptr) {
            place.line = at->line;
            text = at->text + ": ";
        }
        if (fault.lane >= 0) place.thread = identity(running_->number(), static_cast<std::uint32_t>(fault.lane)).thread;
    }
    return {place, text + fault.message};
}

}  // namespace halfulp::ptx
