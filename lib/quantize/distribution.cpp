#include <halfulp/lib/quantize/distribution.hpp>

#include <fmt/format.h>

#include <algorithm>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/quantize/clipping.hpp>

namespace halfulp::quantize {

Distribution distribution_of(std::span<const float> numbers, std::size_t batches) {
    const std::size_t parts = batches > 0 && numbers.size() % batches == 0 ? batches : 1;
    const std::size_t count = numbers.size() / parts;
    std::vector<Limits> limits(parts);
    for (std::size_t i = 0; i < parts; ++i) limits[i] = limits_of(numbers.subspan(i * count, count));
    return {limits_of(numbers), moving_average(limits), histogram_of(numbers), magnitudes_of(numbers)};
}

void GrowingDistribution::add(std::span<const float> batch) {
    batches_.push_back(limits_of(batch));
    counts_.add(batch);
}

Distribution GrowingDistribution::distribution() const {
    if (batches_.empty()) throw InputError("expected numbers to quantise, found none");
    const Limits limits{std::ranges::min(batches_, {}, &Limits::least).least,
                        std::ranges::max(batches_, {}, &Limits::greatest).greatest};
    if (limits.least == limits.greatest)
        throw InputError(fmt::format("expected numbers that differ, found {} alone", limits.least));
    return {limits, moving_average(batches_), counts_.histogram(), counts_.magnitudes()};
}

}  // namespace halfulp::quantize
