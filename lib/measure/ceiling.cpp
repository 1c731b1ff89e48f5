#include <halfulp/lib/measure/ceiling.hpp>

#include <algorithm>
#include <limits>
#include <memory>
#include <new>
#include <stdexcept>

#include <halfulp/lib/measure/timing.hpp>

namespace halfulp::measure {
namespace {

constexpr std::size_t page = 4096;

struct Free {
    void operator()(void* memory) const { ::operator delete(memory, std::align_val_t(page)); }
};

/// Whole pages, each written once, so that reading does not meet the one page of zeros.
std::unique_ptr<void, Free> pages(std::size_t bytes) {
    std::unique_ptr<void, Free> memory(::operator new(bytes, std::align_val_t(page)));
    auto* words = static_cast<std::uint16_t*>(memory.get());
    for (std::size_t i = 0; i < bytes / 2; ++i) words[i] = static_cast<std::uint16_t>(0x3C00U + i % 256);
    return memory;
}

/// How long to measure.
struct Effort {
    double seconds;  ///< of a run; of what takes longer, a single pass
    int runs;        ///< the best counts
};
constexpr Effort full{0.01, 9};

double rate(const Loop& loop, void* memory, std::size_t count, Effort effort) {
    volatile float sink = 0;
    const auto seconds = [&](std::size_t passes, int turns) {
        return best_seconds({{"", [&] { sink = loop.run(memory, count, passes); }}}, turns, 1)[0];
    };
    const auto passes = static_cast<std::size_t>(std::clamp(effort.seconds / std::max(seconds(1, 2), 1e-9), 1.0, 1e6));
    return loop.operations * static_cast<double>(count) * static_cast<double>(passes) / seconds(passes, effort.runs);
}

/// Over so many bytes, if it reads a level of the memory.
double rate(const Loop& loop, std::size_t bytes, Effort effort) {
    constexpr std::size_t steps = 4096, numbers = 4096;
    switch (loop.kind) {
        case Kind::Arithmetic: return rate(loop, nullptr, steps, effort);
        case Kind::Conversion: return rate(loop, pages(numbers * sizeof(float)).get(), numbers, effort);
        case Kind::Reading: return rate(loop, pages(bytes).get(), bytes, effort);
    }
    __builtin_unreachable();
}

/// As little as no longer fits into the level before, four times what that holds, but at most half of the level. Caches
/// that many cores share hold less for one of them than they say. Memory is what is twice as long as the last cache.
std::size_t bytes_within(const std::vector<Level>& levels, std::size_t i) {
    const std::size_t before = i > 0 ? levels[i - 1].bytes : 0, half = levels[i].bytes / 2;
    const std::size_t wanted = levels[i].bytes == 0 ? 2 * before : i == 0 ? half : std::min(half, 4 * before);
    return wanted / page * page;
}

std::size_t held(const Level& level) { return level.bytes > 0 ? level.bytes : std::numeric_limits<std::size_t>::max(); }

}  // namespace

std::vector<Ceiling> ceilings(const Machine& machine, std::size_t most_bytes) {
    std::vector<Ceiling> found;
    for (const Loop& loop : loops()) {
        if (loop.kind != Kind::Reading) {
            found.push_back({std::string(loop.name), loop.kind, rate(loop, 0, full), 0, 0});
            continue;
        }
        for (std::size_t i = 0; i < machine.levels.size(); ++i) {
            const std::size_t bytes = bytes_within(machine.levels, i);
            if (bytes == 0 || bytes > most_bytes) continue;
            found.push_back(
                {machine.levels[i].name, loop.kind, rate(loop, bytes, full), bytes, held(machine.levels[i])});
        }
    }
    return found;
}

void measure_again(std::vector<Ceiling>& ceilings, double seconds) {
    constexpr std::size_t shared = std::size_t{1} << 20;
    constexpr int runs = 3;
    const std::vector<Loop> all = loops();
    for (Ceiling& c : ceilings) {
        if (c.bytes > shared) continue;
        const auto loop = std::find_if(all.begin(), all.end(), [&](const Loop& l) {
            return l.kind == c.kind && (l.kind == Kind::Reading || l.name == c.name);
        });
        if (loop != all.end()) c.per_second = std::max(c.per_second, rate(*loop, c.bytes, {seconds / runs, runs}));
    }
}

double rate_of(const std::vector<Ceiling>& ceilings, std::string_view name) {
    for (const Ceiling& ceiling : ceilings)
        if (ceiling.name == name) return ceiling.per_second;
    throw std::out_of_range("no ceiling is called " + std::string(name));
}

}  // namespace halfulp::measure
