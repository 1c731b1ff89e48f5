#pragma once

// For claims of 2^32 cases: all cores, and vectors where the compiler has them.

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <thread>
#include <vector>

#include <halfulp/softfloat/narrow.hpp>

/// A function whose loops are compiled for each of these machines, and chosen when the program starts.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define HALFULP_FOR_EACH_MACHINE [[gnu::noinline, gnu::target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")]]
#else
#define HALFULP_FOR_EACH_MACHINE [[gnu::noinline]]
#endif

namespace halfulp::proofs {

/// The environment of narrow::add and others in this rounding. in_either would choose it again for each number of a loop.
inline narrow::UsualEnv usual(Rounding rounding) {
    const Env env;
    return {rounding, env.overflow, env.tininess, env.nan};
}

/// check(i) of every i below n, by all cores. Are all of them true?
template <class Check>
bool every(std::uint32_t n, const Check& check) {
    std::atomic<std::uint32_t> next = 0;
    std::atomic<bool> holds = true;
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i)
        threads.emplace_back([&] {
            for (std::uint32_t at = next++; at < n; at = next++)
                if (!check(at)) holds = false;
        });
    for (std::thread& thread : threads) thread.join();
    return holds;
}

inline bool claim(const char* id, bool holds) {
    std::printf("claim %s %s\n", id, holds ? "exhaustive" : "REFUTED");
    return holds;
}

}  // namespace halfulp::proofs
