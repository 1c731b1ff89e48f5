#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <exception>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace halfulp::twin {

// Not by kernel::for_each_part: OpenMP's threads spin while they wait, and `explain` shares out many small pieces. With those
// one of its tests took 33 s in place of 0.5 s while one other test ran on the two cores.

/// Calls work(i) once for every i below `count`, in this thread and in others: at most `threads` together, fewer where the
/// system has no more. What work throws ends the rest and is thrown here, the first of several.
template <class Work>
void share(std::size_t count, unsigned threads, const Work& work) {
    std::atomic<std::size_t> next = 0;
    std::mutex failing;
    std::exception_ptr failure;
    const auto take = [&] {
        try {
            for (std::size_t i = next++; i < count; i = next++) work(i);
        } catch (...) {
            next = count;
            const std::lock_guard lock(failing);
            if (!failure) failure = std::current_exception();
        }
    };
    {
        std::vector<std::jthread> others;
        try {
            for (std::size_t i = 1; i < std::min<std::size_t>(threads, count); ++i) others.emplace_back(take);
        } catch (const std::system_error&) {  // those that there are do it
        }
        take();
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace halfulp::twin
