#include <halfulp/gpu/ptx/grid.hpp>

#include <algorithm>
#include <exception>
#include <mutex>
#include <numeric>
#include <thread>

namespace halfulp::ptx {
namespace {

constexpr std::uint64_t most_fences = std::uint64_t{1} << 22;  // CTAs of larger grids are not held against each other

/// An order of all CTAs that needs no memory: the numbers in steps that share no factor with their count.
class ShuffledOrder {
  public:
    ShuffledOrder(std::uint64_t count, std::uint64_t seed) : count_(count), first_(seed % count) {
        step_ = seed == 0 ? 1 : (seed * 0x9E3779B97F4A7C15 >> 8) % count + 1;
        while (std::gcd(step_, count_) != 1) ++step_;
    }
    std::uint64_t operator[](std::uint64_t i) const { return (first_ + i * step_) % count_; }

  private:
    std::uint64_t count_, first_, step_;
};

/// What the threads of this computer share.
struct Work {
    std::atomic<std::uint64_t> next = 0, end;
    std::mutex mutex = {};
    std::uint64_t failed = ~std::uint64_t{0};
    std::exception_ptr error = {};
    std::vector<StepCount> counts = {};
};

void fail(Work& work, std::uint64_t position, const std::exception_ptr& error) {
    const std::lock_guard lock(work.mutex);
    work.end = std::min(work.end.load(), position);
    if (position >= work.failed) return;
    work.failed = position;
    work.error = error;
}

/// No exception leaves it: it runs in threads of its own.
void take_ctas(Launch& launch, const ShuffledOrder& order, Work& work) {
    std::uint64_t i = 0;
    try {
        std::vector<StepCount> counts(launch.program.steps.size());
        Cta cta(launch, counts);
        for (i = work.next++; i < work.end; i = work.next++) cta.run(order[i]);
        const std::lock_guard lock(work.mutex);
        for (std::size_t step = 0; step < counts.size(); ++step) {
            work.counts[step].warps += counts[step].warps;
            work.counts[step].lanes += counts[step].lanes;
        }
    } catch (...) {
        fail(work, i, std::current_exception());
    }
}

Statistics statistics_of(const Program& program, const std::vector<StepCount>& counts) {
    Statistics sum;
    for (std::size_t i = 0; i < counts.size(); ++i) {
        const Step& step = program.steps[i];
        if (counts[i].warps == 0 || step.instruction == nullptr || step.copies != nullptr) continue;
        sum.instructions += counts[i].warps;
        sum.lane_instructions += counts[i].lanes;
        if (step.matrix != nullptr) sum.mma += counts[i].warps;
        sum.by_opcode[step.instruction->text] += counts[i].warps;
    }
    return sum;
}

}  // namespace

Statistics run_grid(Launch& launch, unsigned threads) {
    const std::uint64_t ctas = launch.grid.count();
    launch.fences = std::vector<std::atomic<std::uint32_t>>(std::min(ctas, most_fences));
    const ShuffledOrder order(ctas, launch.seed);
    Work work{.end = ctas};
    work.counts.resize(launch.program.steps.size());
    {
        std::vector<std::jthread> others;
        for (std::uint64_t i = 1; i < std::min<std::uint64_t>(threads, ctas); ++i)
            others.emplace_back([&] { take_ctas(launch, order, work); });
        take_ctas(launch, order, work);
    }
    if (work.error) std::rethrow_exception(work.error);
    return statistics_of(launch.program, work.counts);
}

}  // namespace halfulp::ptx
