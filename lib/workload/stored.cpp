#include <halfulp/lib/workload/stored.hpp>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <halfulp/lib/kernel/convert.hpp>

namespace halfulp::workload {

std::vector<std::uint16_t> stored(const Format& format, const std::vector<float>& numbers) {
    std::vector<std::uint16_t> codes(numbers.size());
    static_cast<void>(kernel::narrow(format, numbers, codes));
    return codes;
}

StoredBytes stored_bytes(const std::vector<float>& numbers) {
    float largest = 0;
    for (const float x : numbers) {
        if (!std::isfinite(x)) throw std::invalid_argument("expected finite numbers to store as bytes");
        largest = std::max(largest, std::abs(x));
    }
    const float scale = largest / 127;
    StoredBytes stored{std::vector<std::int8_t>(numbers.size()), scale > 0 ? scale : 1};
    std::transform(numbers.begin(), numbers.end(), stored.bytes.begin(), [&](float x) {
        return static_cast<std::int8_t>(std::clamp(std::nearbyint(x / stored.scale), -127.0F, 127.0F));
    });
    return stored;
}

float scaled(const Problem& problem, std::int64_t sum, float a_scale, float b_scale, std::size_t column) {
    const float value = static_cast<float>(sum) * (problem.workload.has_b ? a_scale * b_scale : a_scale);
    if (problem.workload.kind != Kind::Layer) return value;
    const float biased = value + problem.bias[column];
    return biased < 0 ? 0 : biased;
}

std::vector<double> numbers_of(const Format& format, const std::vector<std::uint16_t>& codes) {
    std::vector<float> wide(codes.size());
    static_cast<void>(kernel::widen(format, codes, wide));
    return {wide.begin(), wide.end()};
}

std::vector<double> numbers_of(const Format&, const std::vector<float>& numbers) {
    return {numbers.begin(), numbers.end()};
}

}  // namespace halfulp::workload
