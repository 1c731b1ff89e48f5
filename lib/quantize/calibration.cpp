#include <halfulp/lib/quantize/calibration.hpp>

#include <algorithm>
#include <limits>
#include <utility>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/quantize/clipping.hpp>
#include <halfulp/lib/quantize/noise.hpp>

namespace halfulp::quantize {
namespace {

/// What a symmetric reach leaves of the data's own limits.
Limits within(const Limits& limits, double reach) {
    const auto most = static_cast<float>(reach);
    return {std::max(limits.least, -most), std::min(limits.greatest, most)};
}

/// How many steps from 0 a magnitude has codes for.
std::int32_t arm(const Scheme& scheme) {
    const auto& [least, greatest] = scheme.range;
    return least == 0 && !scheme.symmetric ? greatest : (greatest - least) / 2;
}

double sqnr_with(const CalibrationOptions& options, const CalibrationData& tensor, const Limits& limits) {
    std::vector<float> levels(tensor.numbers.size());
    fake_quantise(affine_of(options.scheme, limits), tensor.numbers, levels);
    return noise_of(tensor.numbers, levels).sqnr();
}

/// The entropy's limits, unless they cut off a thousandth at a loss.
Limits guarded_entropy(const CalibrationOptions& options, const CalibrationData& tensor, const Histogram& magnitudes) {
    const Limits own = limits_of(tensor.numbers);
    const double reach = entropy_reach(magnitudes, static_cast<std::size_t>(arm(options.scheme)) + 1);
    const Limits clipped = within(own, reach);
    if (reach >= percentile_reach(magnitudes, 99.9)) return clipped;
    return sqnr_with(options, tensor, clipped) > sqnr_with(options, tensor, own) ? clipped : own;
}

Limits averaged(const CalibrationData& tensor) {
    const std::size_t batches = tensor.batches > 0 && tensor.numbers.size() % tensor.batches == 0 ? tensor.batches : 1;
    const std::size_t count = tensor.numbers.size() / batches;
    std::vector<Limits> limits(batches);
    for (std::size_t i = 0; i < batches; ++i) limits[i] = limits_of(tensor.numbers.subspan(i * count, count));
    return moving_average(limits);
}

bool all_alike(std::span<const float> numbers) {
    return std::ranges::all_of(numbers, [&](float x) { return x == numbers[0]; });
}

/// Zeros have every scale.
Affine quantiser(Calibration method, const CalibrationOptions& options, const CalibrationData& group) {
    if (std::ranges::all_of(group.numbers, [](float x) { return x == 0; })) return affine_of(options.scheme, {-1, 1});
    const Calibration possible = all_alike(group.numbers) ? Calibration::MinMax : method;
    return affine_of(options.scheme, calibrated(possible, options, group));
}

/// How many numbers no level is within half a step of.
std::size_t clipped(const Affine& q, std::span<const float> numbers) {
    const double half = static_cast<double>(q.scale) / 2;
    const double least = static_cast<double>(number_of(q, q.range.least)) - half;
    const double greatest = static_cast<double>(number_of(q, q.range.greatest)) + half;
    return static_cast<std::size_t>(std::ranges::count_if(
        numbers, [&](float x) { return static_cast<double>(x) < least || static_cast<double>(x) > greatest; }));
}

struct Group {
    std::vector<float> numbers;
    std::size_t batches;  ///< that it has numbers of, as many of each
};

/// A channel of the first axis lies in one batch; one of another axis, in all of them.
std::vector<Group> groups_of(const Grouping& grouping, const CalibrationData& tensor) {
    const std::size_t batch =
        std::max<std::size_t>(tensor.numbers.size() / std::max<std::size_t>(tensor.batches, 1), 1);
    std::vector<std::size_t> first(grouping.groups(), tensor.numbers.size()), last(grouping.groups());
    grouping.each_run([&](std::size_t group, std::size_t begin, std::size_t count) {
        first[group] = std::min(first[group], begin / batch);
        last[group] = (begin + count - 1) / batch;
    });
    std::vector<std::vector<float>> numbers = grouped(grouping, tensor.numbers);
    std::vector<Group> groups;
    for (std::size_t i = 0; i < numbers.size(); ++i) groups.push_back({std::move(numbers[i]), last[i] - first[i] + 1});
    return groups;
}

/// Measured, or why it is impossible.
Candidate candidate(Calibration method, const CalibrationOptions& options, const Grouping& grouping,
                    const CalibrationData& tensor, std::span<const Group> groups) {
    Candidate c{method, {}, 0, 0, {}};
    std::size_t beyond = 0;
    try {
        for (const auto& [numbers, batches] : groups) {
            c.quantisers.push_back(quantiser(method, options, {numbers, batches}));
            beyond += clipped(c.quantisers.back(), numbers);
        }
    } catch (const InputError& error) {
        return {method, {}, -std::numeric_limits<double>::infinity(), 0, error.what()};
    }
    c.sqnr = noise_of(tensor.numbers, fake_quantise(grouping, c.quantisers, tensor.numbers)).sqnr();
    c.clipped = static_cast<double>(beyond) / static_cast<double>(tensor.numbers.size());
    return c;
}

}  // namespace

Limits calibrated(Calibration method, const CalibrationOptions& options, const CalibrationData& tensor) {
    const auto& numbers = tensor.numbers;
    switch (method) {
        case Calibration::MinMax: return limits_of(numbers);
        case Calibration::MovingAverage: return averaged(tensor);
        case Calibration::Percentile:
            if (!options.scheme.symmetric) return percentile_limits(histogram_of(numbers), options.percent);
            return within(limits_of(numbers), percentile_reach(magnitudes_of(numbers), options.percent));
        case Calibration::Mse:
            return within(limits_of(numbers), mse_reach(magnitudes_of(numbers), arm(options.scheme)));
        case Calibration::Entropy: return guarded_entropy(options, tensor, magnitudes_of(numbers));
        case Calibration::HistogramL2:
            return l2_limits(histogram_of(numbers), static_cast<std::size_t>(options.scheme.range.steps()) + 1);
    }
    __builtin_unreachable();
}

std::vector<Candidate> candidates(const CalibrationOptions& options, const Grouping& grouping,
                                  const CalibrationData& tensor, std::span<const Calibration> methods) {
    limits_of(tensor.numbers);
    const std::vector<Group> groups = groups_of(grouping, tensor);
    std::vector<Candidate> all;
    for (const Calibration method : methods) all.push_back(candidate(method, options, grouping, tensor, groups));
    if (!all.empty() && std::ranges::none_of(all, &Candidate::possible)) throw InputError(all[0].why);
    return all;
}

const Candidate& best(const std::vector<Candidate>& candidates) {
    return *std::ranges::max_element(candidates, {}, &Candidate::sqnr);
}

}  // namespace halfulp::quantize
