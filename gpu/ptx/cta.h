#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <optional>
#include <random>
#include <span>
#include <vector>

#include <halfulp/gpu/ptx/global_history.h>
#include <halfulp/gpu/ptx/shared_memory.h>
#include <halfulp/gpu/ptx/warp.h>
#include <halfulp/gpu/ptx/global_memory.hpp>
#include <halfulp/gpu/ptx/program.hpp>

namespace halfulp::ptx {

inline constexpr std::size_t most_resident = 256;  ///< CTAs that are under way at once, if they wait for each other

/// What all CTAs of a launch have in common.
struct Launch {
    const Program& program;                          ///< of the kernel
    GlobalMemory& memory;                            ///< global and constant
    std::vector<std::byte> parameters;               ///< of the kernel, as Layout has them
    Dim3 grid, block;                                ///< in CTAs, and in threads
    std::size_t dynamic_shared = 0;                  ///< bytes
    std::uint64_t seed = 0;                          ///< of the order of CTAs, warps and lanes
    std::uint64_t step_limit = 0;                    ///< of a CTA
    std::uint64_t number = 0;                        ///< of the launch, from 1
    Races races = Races::Refuse;                     ///< what becomes of them
    std::vector<std::atomic<std::uint32_t>> fences;  ///< of each CTA, of the first few millions

    std::size_t shared_bytes() const { return program.layout.shared + dynamic_shared; }  ///< with the dynamic ones
    /// "argument 1 (out)" for memory that this argument of the kernel, or a struct in it, points to; else the name of
    /// the variable that it is, or nothing.
    std::string name_of(const Allocation& allocation) const;
};

/// How often a step was executed, and by how many lanes in all.
struct StepCount {
    std::uint64_t warps = 0, lanes = 0;  ///< how often, and by how many
};

/// What a barrier delivers to those that wait there.
enum class BarrierReduction : std::uint8_t { None, Count, And, Or };

/// Threads come to a barrier.
struct Arrival {
    std::uint32_t barrier = 0;                            ///< its number
    std::uint32_t threads = 0;                            ///< how many there must be; 0: all of the CTA
    bool waits = true;                                    ///< for the others
    BarrierReduction reduction = BarrierReduction::None;  ///< what it delivers
    Slot result = 0;                                      ///< where that goes
    Mask votes = 0;                                       ///< lanes whose predicate is true
};

/// A CTA while it executes. One object serves one CTA after another.
class Cta {
  public:
    explicit Cta(Launch& launch);  ///< launch lives as long
    Cta(const Cta&) = delete;
    Cta& operator=(const Cta&) = delete;

    /// All threads of the CTA of that number to the kernel's first instruction.
    void start(std::uint64_t number);
    /// Goes on until it has ended, which is true; or else for a while, if it has looked at what other CTAs may change, for
    /// which it may be waiting. Throws Error, which says who did what where.
    bool go_on();
    /// Of all CTAs that it served.
    std::span<const StepCount> counts() const { return counts_; }
    /// The same, by the number of the step. There are none but where races are reported.
    const std::map<std::size_t, Race>& races() const { return races_; }

    Launch& launch() { return launch_; }                              ///< that it belongs to
    const Program& program() const { return launch_.program; }        ///< of the kernel
    SharedMemory& shared() { return shared_; }                        ///< of this CTA
    Ordering& ordering() { return ordering_; }                        ///< of its threads' accesses
    std::uint64_t number() const { return number_; }                  ///< from 0, x first
    Identity identity(std::uint32_t warp, std::uint32_t lane) const;  ///< What special registers tell that lane.
    void count(const Step& step, Mask mask);                          ///< Notes that lanes execute a step.
    /// In which order lanes of a warp come to the same memory at one instruction: see for_lanes_in_order.
    std::uint32_t lane_order() { return launch_.seed == 0 ? 0 : static_cast<std::uint32_t>(random_() % 32); }
    /// What threads of this warp have written so far may be read by others from now on: those of this CTA alone, or
    /// those of others too.
    void fence(std::uint32_t warp, bool of_cta);

    // Global and constant memory, as a thread of that number accesses it. Throws Fault.
    /// Reads as that thread.
    void read_global(Address at, std::span<std::byte> to, std::uint32_t thread, bool is_strong);
    /// Writes as that thread.
    void write_global(Address at, std::span<const std::byte> from, std::uint32_t thread, bool is_strong);
    /// What is there now, as nobody's access.
    void look_at_global(Address at, std::span<std::byte> to);

    /// Lanes of a warp come to a barrier; if they are the last, all go on. Throws Fault.
    void arrive(Warp& warp, Mask lanes, const Arrival& arrival);

  private:
    struct Waiting {
        Warp* warp;
        Mask lanes, votes;
        Slot result;
    };
    struct Barrier {
        std::uint32_t wanted = 0, come = 0;
        bool is_of_all = false;           ///< states no number of threads
        std::array<Mask, 32> lanes = {};  ///< of each warp, that have come, until it counts as a whole
        BarrierReduction reduction = BarrierReduction::None;
        std::vector<Waiting> waiting;
        Knowledge known = {};
    };

    /// The allocation that holds these bytes. Throws Fault.
    Allocation& allocation(Address at, std::size_t bytes);
    /// Where an address is, for messages.
    std::string nearest(Address at) const;
    GlobalAccess global_access(std::uint32_t thread, bool is_strong) {
        return {launch_.number, number_, launch_.fences, note_race_, thread, is_strong};
    }
    void note_race(std::uint32_t thread, const std::string& what);
    void add_warps(std::uint32_t threads);
    bool run_warps();
    bool run_round();
    void complete(Barrier& barrier);
    void count_whole(Barrier& barrier, const Warp& warp);
    std::uint32_t exited() const;
    bool complete_without_exited();
    [[noreturn]] void fault_endless(const Warp& warp) const;
    [[noreturn]] void fault_deadlock();
    [[noreturn]] void fault_gathering(Warp& warp);
    std::string standstill(const Warp& warp) const;
    Error error(const Fault& fault) const;
    Dim3 index() const;

    Launch& launch_;
    std::vector<StepCount> counts_;
    const NoteRace note_race_;
    std::map<std::size_t, Race> races_;
    std::array<std::uint64_t, 3> last_race_{};  ///< step, thread, and how often the step was executed
    std::uint64_t number_ = 0;
    std::mt19937_64 random_;
    SharedMemory shared_;
    Ordering ordering_;
    GlobalHistory global_history_;
    std::vector<Warp> warps_;
    std::vector<Warp*> order_;
    std::uint64_t steps_ = 0;
    bool has_looked_ = false;  ///< at what other CTAs may change, since it went on
    std::array<Barrier, 16> barriers_{};
    Warp* running_ = nullptr;
    Allocation* recent_ = nullptr;
};

}  // namespace halfulp::ptx
