#include <halfulp/lib/kernel/parallel.hpp>

#include <algorithm>
#include <atomic>
#include <exception>

namespace halfulp::kernel {

void for_each_part(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work) {
    if (threads <= 1 || count <= 1) {
        for (std::size_t part = 0; part < count; ++part) work(part);
        return;
    }
    std::atomic<bool> failed = false;
    std::exception_ptr failure;
    const int team = static_cast<int>(std::min<std::size_t>({threads, count, 1024}));
#pragma omp parallel for schedule(dynamic) num_threads(team)
    for (std::size_t part = 0; part < count; ++part) {
        if (failed) continue;
        try {
            work(part);
        } catch (...) {  // no exception may leave a thread of the team
            if (!failed.exchange(true)) failure = std::current_exception();
        }
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace halfulp::kernel
