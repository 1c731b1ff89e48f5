#include <halfulp/lib/quantize/calibration.hpp>

#include <algorithm>
#include <limits>
#include <optional>
#include <utility>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/quantize/clipping.hpp>
#include <halfulp/lib/quantize/noise.hpp>

namespace halfulp::quantize {
namespace {

Limits within(const Limits& own, const Limits& limits) {
    return {std::max(own.least, limits.least), std::min(own.greatest, limits.greatest)};
}

/// What a symmetric reach leaves of the data's own limits.
Limits within(const Limits& limits, double reach) {
    const auto most = static_cast<float>(reach);
    return within(limits, {-most, most});
}

/// How many steps from 0 a magnitude has codes for.
std::int32_t arm(const Scheme& scheme) {
    const auto& [least, greatest] = scheme.range;
    return least == 0 && !scheme.symmetric ? greatest : (greatest - least) / 2;
}

/// The mean square error that a histogram predicts, levels being the nearest.
double error_with(Scheme scheme, const Limits& limits, const Histogram& numbers) {
    scheme.rounding.reset();
    return predicted_error(affine_of(scheme, limits), numbers);
}

/// The entropy's limits, unless they cut off a thousandth at a loss.
Limits guarded_entropy(const Scheme& scheme, const Distribution& of) {
    const double reach = entropy_reach(of.magnitudes, static_cast<std::size_t>(arm(scheme)) + 1);
    const Limits clipped = within(of.limits, reach);
    if (reach >= percentile_reach(of.magnitudes, 99.9)) return clipped;
    return error_with(scheme, clipped, of.numbers) < error_with(scheme, of.limits, of.numbers) ? clipped : of.limits;
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

/// What all methods know of a group. Zeros have every scale, and other numbers that are all alike their own.
struct Known {
    Limits limits;
    std::optional<Distribution> distribution;  ///< unless all are alike
};

Known known(const Group& group) {
    const Limits limits = limits_of(group.numbers);
    if (limits.least == 0 && limits.greatest == 0) return {{-1, 1}, {}};
    if (limits.least == limits.greatest) return {limits, {}};
    return {limits, distribution_of(group.numbers, group.batches)};
}

/// One more group's quantiser, or why there is none.
void add_group(Candidate& c, const CalibrationOptions& options, const Group& group, const Known& known) {
    try {
        const Limits limits = known.distribution ? calibrated(c.method, options, *known.distribution) : known.limits;
        c.quantisers.push_back(affine_of(options.scheme, limits));
        c.clipped += static_cast<double>(clipped(c.quantisers.back(), group.numbers));
    } catch (const InputError& error) {
        c = {c.method, {}, -std::numeric_limits<double>::infinity(), 0, error.what()};
    }
}

}  // namespace

Limits calibrated(Calibration method, const CalibrationOptions& options, const Distribution& of) {
    const auto& [scheme, percent] = options;
    switch (method) {
        case Calibration::MinMax: return of.limits;
        case Calibration::MovingAverage: return of.averaged;
        case Calibration::Percentile:
            if (!scheme.symmetric) return within(of.limits, percentile_limits(of.numbers, percent));
            return within(of.limits, percentile_reach(of.magnitudes, percent));
        case Calibration::Mse:
            if (!scheme.symmetric) return mse_limits(of.numbers, of.limits, scheme);
            return within(of.limits, mse_reach(of.magnitudes, arm(scheme)));
        case Calibration::Entropy: return guarded_entropy(scheme, of);
        case Calibration::HistogramL2:
            return within(of.limits, l2_limits(of.numbers, static_cast<std::size_t>(scheme.range.steps()) + 1));
    }
    __builtin_unreachable();
}

std::vector<Candidate> candidates(const CalibrationOptions& options, const Grouping& grouping,
                                  const CalibrationData& tensor, std::span<const Calibration> methods) {
    limits_of(tensor.numbers);
    std::vector<Candidate> all;
    for (const Calibration method : methods) all.push_back({method, {}, 0, 0, {}});
    for (const Group& group : groups_of(grouping, tensor)) {
        const Known numbers = known(group);
        for (Candidate& c : all)
            if (c.possible()) add_group(c, options, group, numbers);
    }
    for (Candidate& c : all) {
        if (!c.possible()) continue;
        c.sqnr = noise_of(tensor.numbers, fake_quantise(grouping, c.quantisers, tensor.numbers)).sqnr();
        c.clipped /= static_cast<double>(tensor.numbers.size());
    }
    if (!all.empty() && std::ranges::none_of(all, &Candidate::possible)) throw InputError(all[0].why);
    return all;
}

const Candidate& best(const std::vector<Candidate>& candidates) {
    return *std::ranges::max_element(candidates, {}, &Candidate::sqnr);
}

}  // namespace halfulp::quantize
