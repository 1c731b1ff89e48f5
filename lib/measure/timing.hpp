#pragma once

#include <algorithm>
#include <chrono>
#include <ctime>
#include <functional>
#include <string>
#include <vector>

namespace halfulp::measure {

/// Something to be timed, and its name.
struct Work {
    std::string name;           ///< as reports print it
    std::function<void()> run;  ///< what is timed
};

/// Processor time of this thread: what others do on the machine does not count.
inline double thread_seconds() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

/// By the clock on the wall: the time of work in several threads.
inline double wall_seconds() {
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Seconds of each work, taken in turns: of the shortest of so many times `repetitions` of it.
inline std::vector<double> best_seconds(const std::vector<Work>& works, int turns, int repetitions,
                                        double (*now)() = thread_seconds) {
    std::vector<double> best(works.size(), 1e9);
    for (int turn = 0; turn < turns; ++turn)
        for (std::size_t i = 0; i < works.size(); ++i) {
            const double start = now();
            for (int repetition = 0; repetition < repetitions; ++repetition) works[i].run();
            best[i] = std::min(best[i], (now() - start) / repetitions);
        }
    return best;
}

}  // namespace halfulp::measure
