#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace halfulp::test {

/// Normally distributed with a variance of 1, the same each time.
inline std::vector<float> normal_numbers(std::size_t count, float mean = 0) {
    std::mt19937 random(8);
    std::normal_distribution<float> normal(mean, 1);
    std::vector<float> numbers(count);
    for (float& x : numbers) x = normal(random);
    return numbers;
}

}  // namespace halfulp::test
