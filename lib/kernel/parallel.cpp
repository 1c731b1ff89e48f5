#include <halfulp/lib/kernel/parallel.hpp>

#include <algorithm>
#include <atomic>
#include <cfenv>
#include <exception>

namespace halfulp::kernel {
namespace {

/// Leaves the caller's flags and modes as they were: OpenMP computes, too.
class CallersEnvironment {
  public:
    CallersEnvironment() { std::fegetenv(&saved_); }
    CallersEnvironment(const CallersEnvironment&) = delete;
    CallersEnvironment& operator=(const CallersEnvironment&) = delete;
    ~CallersEnvironment() { std::fesetenv(&saved_); }

  private:
    std::fenv_t saved_{};
};

/// A function of its own, which no compiler merges into another: where there is a region, LLVM's OpenMP is asked for the
/// number of the thread on entry, and the first time computes.
[[gnu::noinline]] void for_each_part_by_team(std::size_t count, int team,
                                             const std::function<void(std::size_t)>& work) {
    std::atomic<bool> failed = false;
    std::exception_ptr failure;
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

}  // namespace

void for_each_part(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& work) {
    if (threads <= 1 || count <= 1) {
        for (std::size_t part = 0; part < count; ++part) work(part);
        return;
    }
    const CallersEnvironment environment;
    for_each_part_by_team(count, static_cast<int>(std::min<std::size_t>({threads, count, 1024})), work);
}

}  // namespace halfulp::kernel
