#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <thread>
#include <vector>

namespace halfulp::twin {

/// Calls work(i) once for every i below `count`, in this thread and in others: at most `threads` together.
/// Pre: work does not throw.
template <class Work>
void share(std::size_t count, unsigned threads, const Work& work) {
    std::atomic<std::size_t> next = 0;
    const auto take = [&] {
        for (std::size_t i = next++; i < count; i = next++) work(i);
    };
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min<std::size_t>(threads, count); ++i) others.emplace_back(take);
    take();
}

}  // namespace halfulp::twin
