#include <halfulp/lib/quantize/information.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <vector>

namespace halfulp::quantize {
namespace {

template <class Value>
double entropy_of(std::span<const Value> values) {
    std::vector<Value> sorted(values.begin(), values.end());
    std::ranges::sort(sorted);
    double sum = 0;
    for (auto at = sorted.begin(); at != sorted.end();) {
        const auto next = std::upper_bound(at, sorted.end(), *at);
        const double p = static_cast<double>(next - at) / static_cast<double>(sorted.size());
        sum -= p * std::log2(p);
        at = next;
    }
    return sum;
}

}  // namespace

double entropy(std::span<const float> numbers) { return entropy_of(numbers); }
double entropy(std::span<const std::int32_t> codes) { return entropy_of(codes); }

double divergence(const Affine& by, const Histogram& numbers) {
    struct Shared {
        double count = 0, bins = 0;
    };
    std::map<std::int32_t, Shared> codes;
    const auto code_at = [&](std::size_t i) { return code_of(by, static_cast<float>(numbers.centre(i))); };
    for (std::size_t i = 0; i < numbers.counts.size(); ++i) {
        if (numbers.counts[i] == 0) continue;
        Shared& code = codes[code_at(i)];
        code.count += static_cast<double>(numbers.counts[i]);
        code.bins += 1;
    }
    const auto total = static_cast<double>(numbers.total());
    double sum = 0;
    for (std::size_t i = 0; i < numbers.counts.size(); ++i) {
        if (numbers.counts[i] == 0) continue;
        const auto [count, bins] = codes[code_at(i)];
        const auto here = static_cast<double>(numbers.counts[i]);
        sum += here / total * std::log2(here * bins / count);
    }
    return sum;
}

Information information(const Affine& by, std::span<const float> numbers, std::span<const std::int32_t> codes) {
    return {entropy(numbers), entropy(codes), divergence(by, histogram_of(numbers))};
}

}  // namespace halfulp::quantize
