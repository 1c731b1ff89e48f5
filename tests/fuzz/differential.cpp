#include <chrono>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

#include "fuzz/comparisons.hpp"

// differential [SECONDS [SEED [COMPARISON]]]: random problems, each computed in two ways, of every comparison or of one. The
// first difference is made small and printed in a line with the arguments that give it again, and ends the program with 1.
// Problem i of a comparison depends on SEED and i alone.

namespace {

using namespace halfulp::fuzz;

bool agrees(const Comparison& comparison, std::uint64_t seed) {
    halfulp::property::SplitMix bits(seed);
    Problem problem = comparison.draw(bits);
    if (problem.differs().empty()) return true;
    std::cout << "differential 0 " << seed << ' ' << comparison.name << ": " << text_of(shrunk(std::move(problem)))
              << std::endl;
    return false;
}

}  // namespace

int main(int argc, char** argv) {
    using Clock = std::chrono::steady_clock;
    const auto end = Clock::now() + std::chrono::seconds(argc > 1 ? std::atoll(argv[1]) : 10);
    const std::uint64_t first = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1;
    const std::string only = argc > 3 ? argv[3] : "";
    std::map<std::string_view, std::uint64_t> problems;
    std::uint64_t seed = first;
    do {
        for (const Comparison& comparison : comparisons()) {
            if (!only.empty() && comparison.name != only) continue;
            if (!agrees(comparison, seed)) return 1;
            ++problems[comparison.name];
        }
        ++seed;
    } while (Clock::now() < end);
    std::cout << "seeds " << first << " to " << seed - 1 << ", no difference:";
    for (const auto& [name, count] : problems) std::cout << ' ' << name << ' ' << count;
    std::cout << std::endl;
}
