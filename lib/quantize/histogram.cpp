#include <halfulp/lib/quantize/histogram.hpp>

#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::quantize {
namespace {

Histogram between(double least, double greatest, std::size_t bins) {
    return {least, (greatest - least) / static_cast<double>(bins), std::vector<std::uint64_t>(bins)};
}

Limits differing(std::span<const float> numbers) {
    const Limits limits = limits_of(numbers);
    if (limits.least == limits.greatest)
        throw InputError(fmt::format("expected numbers that differ, found {} times {}", numbers.size(), limits.least));
    return limits;
}

}  // namespace

std::uint64_t Histogram::total() const { return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0}); }

void Histogram::add(double number) {
    const auto bin = static_cast<std::size_t>((number - least) / width);
    ++counts[std::min(bin, counts.size() - 1)];
}

Histogram histogram_of(std::span<const float> numbers, std::size_t bins) {
    const Limits limits = differing(numbers);
    Histogram h = between(static_cast<double>(limits.least), static_cast<double>(limits.greatest), bins);
    for (const float x : numbers) h.add(static_cast<double>(x));
    return h;
}

Histogram magnitudes_of(std::span<const float> numbers, std::size_t bins) {
    Histogram h = between(0, static_cast<double>(reach(differing(numbers))), bins);
    for (const float x : numbers) h.add(static_cast<double>(std::abs(x)));
    return h;
}

void GrowingHistogram::add(std::span<const float> batch) {
    if (batch.empty()) return;
    const float amax = reach(limits_of(batch));
    if (amax == 0) {
        // Zeros have a bin as soon as there are bins.
        if (counts_.empty())
            zeros_ += batch.size();
        else
            counts_[bins_ / 2] += batch.size();
        return;
    }
    grow_to(std::ilogb(amax) + 1);
    const double width = std::ldexp(2.0, exponent_) / static_cast<double>(bins_);
    const auto middle = static_cast<std::ptrdiff_t>(bins_ / 2);
    for (const float x : batch) {
        const auto from_middle = static_cast<std::ptrdiff_t>(std::floor(static_cast<double>(x) / width));
        ++counts_[static_cast<std::size_t>(from_middle + middle)];
    }
}

void GrowingHistogram::grow_to(int exponent) {
    if (counts_.empty()) {
        counts_.assign(bins_, 0);
        counts_[bins_ / 2] = zeros_;
        exponent_ = exponent;
    }
    for (; exponent_ < exponent; ++exponent_) {
        std::vector<std::uint64_t> merged(bins_);
        // Bin i of 2 bins_ / 2 starts at (i - bins_ / 2) widths, and at half as many of the double width.
        for (std::size_t i = 0; i < bins_; ++i) merged[(i + bins_ / 2) / 2] += counts_[i];
        counts_ = merged;
    }
}

Histogram GrowingHistogram::histogram() const {
    if (counts_.empty()) return {};
    const double end = std::ldexp(1.0, exponent_);
    return {-end, 2 * end / static_cast<double>(bins_), counts_};
}

Histogram GrowingHistogram::magnitudes() const {
    Histogram h = histogram();
    const std::size_t half = h.counts.size() / 2;
    std::vector<std::uint64_t> folded(half);
    for (std::size_t i = 0; i < half; ++i) folded[i] = h.counts[half + i] + h.counts[half - 1 - i];
    return {0, h.width, folded};
}

}  // namespace halfulp::quantize
