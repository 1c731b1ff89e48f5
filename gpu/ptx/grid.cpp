#include <halfulp/gpu/ptx/grid.h>

#include <algorithm>
#include <deque>
#include <exception>
#include <map>
#include <memory>
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

/// A CTA that has begun, and its place in the order.
struct Resident {
    explicit Resident(Launch& launch) : cta(launch) {}

    Cta cta;
    std::uint64_t position = 0;
    bool has_begun = false;
};

/// The CTAs of a launch, which the threads of this computer take in turn. Those that may be waiting for others stand in a
/// queue, so that what a kernel does never depends on how many threads there are: as on a GPU, up to a number of them make
/// progress at once, and others begin when one of them ends.
class Work {
  public:
    Work(Launch& launch, unsigned threads)
        : launch_(launch),
          order_(launch.grid.count(), launch.seed),
          end_(launch.grid.count()),
          most_(std::max<std::size_t>(most_resident, threads)) {}

    /// No exception leaves it: it runs in threads of its own.
    void take_turns() {
        std::uint64_t position = 0;
        try {
            while (Resident* mine = next()) {
                position = mine->position;
                if (!mine->has_begun) mine->cta.start(order_[position]);
                mine->has_begun = true;
                put_back(*mine, mine->cta.go_on());
            }
        } catch (...) {
            fail(position, std::current_exception());
        }
    }

    /// How often each step was executed. Throws what the first CTA in the order that failed did.
    std::vector<StepCount> counts() const {
        if (error_) std::rethrow_exception(error_);
        std::vector<StepCount> sum(launch_.program.steps.size());
        for (const auto& resident : residents_)
            for (std::size_t step = 0; step < sum.size(); ++step) {
                sum[step].warps += resident->cta.counts()[step].warps;
                sum[step].lanes += resident->cta.counts()[step].lanes;
            }
        return sum;
    }

    /// By the lines of their instructions; of each the first in the CTA of the least number that had one.
    std::vector<Race> races() const {
        std::map<std::size_t, Race> all;
        for (const auto& resident : residents_)
            for (const auto& [step, race] : resident->cta.races()) {
                Race& sum = all[step];
                const std::uint64_t count = sum.count + race.count;
                if (sum.count == 0 || race.cta < sum.cta) sum = race;
                sum.count = count;
            }
        std::vector<Race> list;
        list.reserve(all.size());
        for (const auto& [step, race] : all) list.push_back(race);
        std::stable_sort(list.begin(), list.end(), [](const Race& a, const Race& b) { return a.line < b.line; });
        return list;
    }

  private:
    /// One that has not begun, as long as there is room; else the one that has waited longest, if any does.
    Resident* next() {
        const std::lock_guard lock(mutex_);
        if (next_ < end_ && free_.empty() && residents_.size() < most_)
            free_.push_back(residents_.emplace_back(std::make_unique<Resident>(launch_)).get());
        if (next_ < end_ && !free_.empty()) {
            Resident* taken = free_.back();
            free_.pop_back();
            taken->position = next_++;
            taken->has_begun = false;
            return taken;
        }
        if (waiting_.empty()) return nullptr;
        Resident* taken = waiting_.front();
        waiting_.pop_front();
        return taken;
    }

    void put_back(Resident& resident, bool has_ended) {
        const std::lock_guard lock(mutex_);
        if (has_ended)
            free_.push_back(&resident);
        else if (!error_)
            waiting_.push_back(&resident);
    }

    /// None begins any more, and those that wait may do so in vain.
    void fail(std::uint64_t position, const std::exception_ptr& error) {
        const std::lock_guard lock(mutex_);
        end_ = next_;
        waiting_.clear();
        if (error_ && position >= failed_) return;
        failed_ = position;
        error_ = error;
    }

    Launch& launch_;
    const ShuffledOrder order_;
    std::mutex mutex_ = {};
    std::uint64_t next_ = 0, end_, failed_ = 0;
    const std::size_t most_;
    std::exception_ptr error_ = {};
    std::vector<std::unique_ptr<Resident>> residents_ = {};
    std::vector<Resident*> free_ = {};
    std::deque<Resident*> waiting_ = {};
};

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
    Work work(launch, threads);
    {
        std::vector<std::jthread> others;
        for (std::uint64_t i = 1; i < std::min<std::uint64_t>(threads, ctas); ++i)
            others.emplace_back([&] { work.take_turns(); });
        work.take_turns();
    }
    Statistics statistics = statistics_of(launch.program, work.counts());
    statistics.races = work.races();
    return statistics;
}

}  // namespace halfulp::ptx
