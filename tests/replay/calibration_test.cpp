// Claim: scales, zero points and clipping thresholds are PyTorch's and NVIDIA Model Optimizer's on their recorded data, and the
// automatic choice is never worse than any of theirs.
// Oracle: outputs of PyTorch 1.13's observers and of Model Optimizer. Shared: nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include <halfulp/lib/io/binary_file.hpp>
#include <halfulp/lib/quantize/calibration.hpp>
#include <halfulp/lib/quantize/clipping.hpp>

#include "support/vectors.hpp"

namespace halfulp::quantize {
namespace {

constexpr std::size_t batches = 3, batch = 4096, channels = 16;

std::vector<float> data(const std::string& name) {
    BinaryFile file(vectors_folder() / "torch" / name);
    const std::string bytes = file.read(0, file.size(), "numbers");
    std::vector<float> numbers(bytes.size() / sizeof(float));
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    return numbers;
}

nlohmann::json recorded(const char* name) {
    return nlohmann::json::parse(std::ifstream(vectors_folder() / "torch" / name));
}

/// The recorded scales and zero points, to be compared with ours.
struct Parameters {
    std::vector<float> scales;
    std::vector<std::int32_t> zero_points;

    friend bool operator==(const Parameters&, const Parameters&) = default;
};

Parameters parameters(std::span<const Affine> quantisers) {
    Parameters p;
    for (const Affine& q : quantisers) {
        p.scales.push_back(q.scale);
        p.zero_points.push_back(q.zero_point);
    }
    return p;
}

Parameters expected(const nlohmann::json& observer) {
    Parameters p;
    for (const auto& scale : observer["scale"]) p.scales.push_back(static_cast<float>(scale.get<double>()));
    for (const auto& zero : observer["zero_point"]) p.zero_points.push_back(zero);
    return p;
}

/// As PyTorch 1.13 calls torch.histc, in binary32: on the limits without their fractions; numbers outside do not count.
std::vector<std::uint64_t> counted(std::span<const float> numbers, const Limits& limits) {
    const float least = std::trunc(limits.least), greatest = std::trunc(limits.greatest);
    std::vector<std::uint64_t> counts(default_bins);
    for (const float x : numbers) {
        if (x < least || x > greatest) continue;
        const auto bin = static_cast<std::size_t>((x - least) * default_bins / (greatest - least));
        ++counts[std::min(bin, default_bins - 1)];
    }
    return counts;
}

/// PyTorch's HistogramObserver stretches the histogram of the batches so far to the new range, in binary32: each bin in 128
/// parts, which are counted anew in bins of whole parts. Counts in units of 1/128^2, to be whole.
Histogram stretched(const std::vector<float>& numbers) {
    constexpr std::size_t bins = default_bins, parts = 128;
    Limits range = limits_of(std::span(numbers).first(batch));
    std::vector<std::uint64_t> all = counted(std::span(numbers).first(batch), range);
    for (auto& count : all) count *= parts * parts;
    for (std::size_t b = 1; b < batches; ++b) {
        const auto part = std::span(numbers).subspan(b * batch, batch);
        const Limits more = limits_of(part);
        const float least = std::min(range.least, more.least);
        float greatest = std::max(range.greatest, more.greatest);
        const float width = (range.greatest - range.least) / static_cast<float>(bins * parts);
        const float down = std::ceil((greatest - least) / (static_cast<float>(bins) * width));
        const auto start = static_cast<std::size_t>(std::nearbyint((range.least - least) / width));
        greatest += down * (static_cast<float>(bins) * width) - (greatest - least);
        std::vector<std::uint64_t> now = counted(part, {least, greatest});
        for (auto& count : now) count *= parts * parts;
        for (std::size_t i = 0; i < bins * parts; ++i)
            now[(start + i) / static_cast<std::size_t>(down)] += all[i / parts] / parts;
        all = now;
        range = {least, greatest};
    }
    const float width = (range.greatest - range.least) / static_cast<float>(bins);
    return {static_cast<double>(range.least), static_cast<double>(width), all};
}

/// The edges that l2_limits chooses, computed in binary32.
Limits in_binary32(const Histogram& h, std::size_t levels) {
    const Limits chosen = l2_limits(h, levels);
    const auto edge = [&](float x) {
        const double bins = std::nearbyint((static_cast<double>(x) - h.least) / h.width);
        return static_cast<float>(h.least) + static_cast<float>(h.width) * static_cast<float>(bins);
    };
    return {edge(chosen.least), edge(chosen.greatest)};
}

/// The quantiser of a PyTorch observer by its recorded name.
std::vector<Affine> observed(const std::string& observer, const std::vector<float>& numbers) {
    const bool symmetric = observer.find("sym") != std::string::npos;
    Scheme scheme{ScaleRule::PyTorch, symmetric, symmetric ? CodeRange{-128, 127} : CodeRange{0, 255}};
    if (observer.ends_with("reduce")) scheme.range = {0, 127};
    const auto one = [&](Calibration method) {
        return std::vector{affine_of(scheme, calibrated(method, {scheme}, distribution_of(numbers, batches)))};
    };
    if (observer.starts_with("minmax")) return one(Calibration::MinMax);
    if (observer.starts_with("movavg")) return one(Calibration::MovingAverage);
    if (observer.starts_with("hist")) return {affine_of(scheme, in_binary32(stretched(numbers), 256))};
    const Grouping grouping({batches, channels, batch / channels}, Granularity::Channel, 1);
    return candidates({scheme}, grouping, {numbers}, std::array{Calibration::MinMax})[0].quantisers;
}

TEST(PyTorchObservers, EveryScaleAndZeroPoint) {
    REQUIRE_VECTORS();
    const auto all = recorded("golden.json")["observers"];
    ASSERT_EQ(all.size(), 28U);
    for (const auto& observer : all) {
        const std::string name = observer["observer"], file = observer["data"];
        EXPECT_EQ(parameters(observed(name, data(file))), expected(observer))
            << name << " of " << file << ": " << parameters(observed(name, data(file))).scales[0] << " for "
            << expected(observer).scales[0];
    }
}

TEST(ModelOptimizer, EveryThreshold) {
    REQUIRE_VECTORS();
    for (const auto& golden : recorded("calib_golden.json")) {
        const Histogram h = magnitudes_of(data(golden["data"]));
        SCOPED_TRACE(golden["data"].get<std::string>());
        EXPECT_EQ(h.edge(2048), golden["amax"].get<double>());
        const double rounding = h.width * 1e-3;  // of edges in binary32
        EXPECT_NEAR(percentile_reach(h, 99.9), golden["modelopt_percentile_99.9"], rounding);
        EXPECT_NEAR(percentile_reach(h, 99.99), golden["modelopt_percentile_99.99"], rounding);
        EXPECT_NEAR(mse_reach(h, 127), golden["modelopt_mse"], rounding);
        EXPECT_NEAR(entropy_reach(h, 128), golden["modelopt_entropy"], rounding);
    }
}

TEST(ModelOptimizer, MeasuredRatiosAndTheBestChoice) {
    REQUIRE_VECTORS();
    for (const auto& golden : recorded("calib_golden.json")) {
        const std::string name = golden["data"];
        SCOPED_TRACE(name);
        const auto numbers = data(name);
        const CalibrationOptions options{{ScaleRule::TensorRt, true, {-127, 127}}};
        const Grouping tensor({numbers.size()}, Granularity::Tensor);
        std::vector<Calibration> methods(calibrations.size());
        std::ranges::transform(calibrations, methods.begin(), &CalibrationRow::value);
        const auto all = candidates(options, tensor, {numbers, batches}, methods);
        const auto ratio = [&](Calibration method) { return all[static_cast<std::size_t>(method)].sqnr; };
        const auto& db = golden["sqnr_db"];
        EXPECT_NEAR(ratio(Calibration::MinMax), db["minmax"], 5e-4);
        EXPECT_NEAR(ratio(Calibration::Percentile), db["p99.99"], 5e-4);
        EXPECT_NEAR(ratio(Calibration::Mse), db["mse"], 5e-4);
        // Guarded: where Model Optimizer's entropy ruins the data, their own limits remain.
        EXPECT_NEAR(ratio(Calibration::Entropy), std::max(db["entropy"].get<double>(), db["minmax"].get<double>()),
                    5e-4);
        for (const char* theirs : {"minmax", "p99.99", "mse", "entropy"})
            EXPECT_GE(best(all).sqnr, db[theirs].get<double>() - 5e-4) << theirs;
        EXPECT_GE(best(all).sqnr, db["brute"].get<double>() - 0.01);
    }
}

}  // namespace
}  // namespace halfulp::quantize
