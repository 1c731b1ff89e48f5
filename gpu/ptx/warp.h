#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <span>
#include <vector>

#include <halfulp/gpu/ptx/lane_memory.h>
#include <halfulp/gpu/ptx/fault.hpp>
#include <halfulp/gpu/ptx/program.hpp>

namespace halfulp::ptx {

class Cta;

/// Calls what(lane) for each lane of a mask.
template <class What>
void for_lanes(Mask mask, const What& what) {
    for (; mask != 0; mask &= mask - 1) what(std::countr_zero(mask));
}

/// The same in another order for each number from 0 to 31, of which 0 is from the lowest lane on: two lanes come in
/// either order for half of them.
template <class What>
void for_lanes_in_order(std::uint32_t order, Mask mask, const What& what) {
    for (std::uint32_t i = 0; i < 32; ++i)
        if ((mask >> (i ^ order) & 1) != 0) what(static_cast<int>(i ^ order));
}

/// The mask of one lane.
constexpr Mask lane_bit(int lane) { return Mask{1} << lane; }

/// An asynchronous copy to shared memory that has not been waited for.
struct PendingCopy {
    Address to, from;                ///< in shared and in global memory
    std::uint8_t bytes, taken;       ///< `taken` of them from there, the others 0
    std::array<std::byte, 16> data;  ///< as they were when it began
};

/// Those of a lane: the ones that no group has yet, and the groups, oldest first.
struct PendingCopies {
    std::vector<PendingCopy> open;                ///< of no group yet
    std::deque<std::vector<PendingCopy>> groups;  ///< oldest first
};

/// 32 lanes: their registers, their memory, and which instruction each stands at. Lanes that stand at the same one
/// execute it together; of several places the first in the program comes first, so that branches meet again as soon as
/// they can.
class Warp {
  public:
    Warp(Cta& cta, std::uint32_t number, Mask lanes);  ///< its number within the CTA, and which lanes there are

    /// All lanes to the kernel's first instruction.
    void start();

    /// Executes until no lane can go on, about `quantum` instructions at most. Returns how many there were.
    std::uint64_t run(std::uint64_t quantum);

    Cta& cta() const { return *cta_; }                ///< that it belongs to
    std::uint32_t number() const { return number_; }  ///< within the CTA
    /// The thread's number within the CTA.
    std::uint32_t thread(int lane) const { return 32 * number_ + static_cast<std::uint32_t>(lane); }
    const Step* current() const { return current_; }  ///< the last one executed, or tried
    Mask lanes() const { return lanes_; }             ///< that there are
    Mask live() const { return lanes_ & ~exited_; }   ///< have not exited
    Mask gathering() const { return gathering_; }     ///< wait for other lanes at an instruction that they do together
    Mask at_barrier() const { return at_barrier_; }   ///< wait for other threads of the CTA
    Mask ready() const { return live() & ~at_barrier_ & ~gathering_; }  ///< can go on
    /// the step that a lane stands at
    std::uint32_t position(int lane) const { return pc_[static_cast<std::size_t>(lane)]; }

    // Registers. T is the unsigned integer of the slot's width.
    /// The register's words, one a lane.
    template <class T>
    T* words(Slot slot) {
        return reinterpret_cast<T*>(file_.get() + slot * slot_bytes);
    }
    Mask& predicate(Slot slot) { return *words<Mask>(slot); }  ///< The register's bits, one a lane.
    /// A register of any width, zero-extended; a predicate as 0 or 1.
    std::uint64_t value(Slot slot, int lane);
    /// The low bits of `bits` into a register of any width.
    void set(Slot slot, int lane, std::uint64_t bits);
    Mask& defined(Slot slot) { return defined_[slot]; }  ///< in which lanes a register has a value
    /// The address that a base and an offset give: of as many bits as the base has, so that the sum wraps.
    Address address(Slot base, std::int64_t offset, int lane);

    // Memory as a lane sees it. Addresses are of the space that `access` names. Throws Fault.
    void read(const Access& access, Address at, std::span<std::byte> to, int lane);  ///< Reads as that lane.
    /// Writes as that lane.
    void write(const Access& access, Address at, std::span<const std::byte> from, int lane);

    /// Asynchronous copies begin and arrive.
    void expect_copy(const PendingCopy& copy, int lane);
    void deliver_copy(const PendingCopy& copy, int lane);  ///< its bytes arrive
    /// that the lane has not waited for
    PendingCopies& copies(int lane) { return copies_[static_cast<std::size_t>(lane)]; }
    LaneMemory& frame() { return frame_; }  ///< parameters of functions and calls

    /// Lets lanes go on that wait at a barrier of the CTA, or has them wait.
    void release(Mask lanes) { at_barrier_ &= ~lanes; }
    void hold(Mask lanes) { at_barrier_ |= lanes; }  ///< has them wait

  private:
    static constexpr std::size_t slot_bytes = 32 * sizeof(std::uint64_t);

    /// Lanes that go together.
    struct Group {
        std::uint32_t pc = 0;
        Mask lanes = 0;
        std::uint32_t meeting = ~std::uint32_t{0};  ///< where the next other lane stands
    };

    Group choose_group() const;
    void run_group(Group group, std::uint64_t& budget);
    void place(Mask lanes, std::uint32_t pc);
    void execute(const Step& step, Mask mask);
    void check_defined(const Step& step, Mask mask);
    [[noreturn]] void fault_undefined(const Step& step, Slot slot, std::size_t argument, Mask lanes);
    void jump(const Step& step, const Group& group, Mask mask);
    void jump_by_index(const Step& step, Mask taken);
    void leave_function(const Step& step, Mask lanes);
    const Step& step_of(int lane) const;
    /// Lanes come to an instruction that they execute together with others, wherever these stand; `gathered` are those
    /// whose companions have all come.
    void meet(const Step& step, std::uint32_t pc, Mask mask);
    void execute_met(const Step& step, Mask mask);
    void copy_register(Slot from, Slot to, int lane);
    Mask gathered(const Step& step, Mask mask);
    Mask gathered_members(const Step& step, Mask mask);
    template <class What>
    void as_lane(int lane, const What& what);
    void read_parameter(Address at, std::span<std::byte> to, int lane);

    Cta* cta_;
    std::uint32_t number_;
    Mask lanes_, exited_ = 0, gathering_ = 0, at_barrier_ = 0;
    const Step* current_ = nullptr;
    std::array<std::uint32_t, 32> pc_{};
    std::uint64_t turns_ = 0;
    std::unique_ptr<std::byte[]> file_;
    std::vector<Mask> defined_;
    LaneMemory local_, frame_;
    std::array<PendingCopies, 32> copies_{};
    std::array<std::vector<std::uint32_t>, 32> returns_{};  ///< of each lane: where functions return to, innermost last
};

}  // namespace halfulp::ptx
