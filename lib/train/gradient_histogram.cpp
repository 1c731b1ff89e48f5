#include <halfulp/lib/train/gradient_histogram.hpp>

#include <algorithm>
#include <cmath>
#include <cstddef>

#include <halfulp/softfloat/decode.hpp>

namespace halfulp::train {
namespace {

/// The exponent of half of a format's least positive number.
int half_of_least(const Format& f) { return f.emin() - f.fraction_bits() - 1; }

}  // namespace

void GradientHistogram::add(std::span<const float> gradients) {
    for (const float g : gradients) {
        if (g == 0 || !std::isfinite(g)) continue;
        int exponent = 0;
        const bool power = std::frexp(std::abs(g), &exponent) == 0.5F;
        ++(power ? powers_ : others_).at(static_cast<std::size_t>(exponent - 1 - least_exponent));
        ++numbers_;
        largest_ = std::max(largest_, std::abs(g));
    }
}

void GradientHistogram::add(const GradientHistogram& other) {
    for (std::size_t i = 0; i < exponents; ++i) {
        powers_.at(i) += other.powers_.at(i);
        others_.at(i) += other.others_.at(i);
    }
    numbers_ += other.numbers_;
    largest_ = std::max(largest_, other.largest_);
}

std::uint64_t GradientHistogram::count(int exponent) const {
    if (exponent < least_exponent || exponent > most_exponent) return 0;
    const auto i = static_cast<std::size_t>(exponent - least_exponent);
    return powers_.at(i) + others_.at(i);
}

std::uint64_t GradientHistogram::flushed(const Format& f, int k) const {
    const int tie = half_of_least(f) - k;
    std::uint64_t count = 0;
    for (int e = least_exponent; e <= std::min(tie, most_exponent); ++e) {
        const auto i = static_cast<std::size_t>(e - least_exponent);
        count += powers_.at(i) + (e < tie ? others_.at(i) : 0);
    }
    return count;
}

double GradientHistogram::flushed_share(const Format& f, int k) const {
    return numbers_ == 0 ? 0 : static_cast<double>(flushed(f, k)) / static_cast<double>(numbers_);
}

bool GradientHistogram::overflows(const Format& f, int k) const {
    const Exact most = decode(f, f.max_code());
    const double border = std::ldexp(2 * static_cast<double>(most.sig) + 1, most.exp - 1);
    return std::ldexp(static_cast<double>(largest_), k) >= border;
}

ScaleAdvice advise(const Format& f, const GradientHistogram& gradients, double share) {
    ScaleAdvice advice{GradientHistogram::least_exponent, GradientHistogram::most_exponent, 0,
                       gradients.flushed_share(f, 0), 0};
    while (gradients.overflows(f, advice.last)) --advice.last;
    while (advice.first <= advice.last && gradients.flushed_share(f, advice.first) > share) ++advice.first;
    advice.best = std::min(std::max(advice.first, advice.last - 1), advice.last);
    advice.flushed_at_best = gradients.flushed_share(f, advice.best);
    return advice;
}

}  // namespace halfulp::train
