#include <cmath>
#include <cstdio>
#include <vector>

#include <halfulp/lib/quantize/calibration.hpp>
#include <halfulp/lib/quantize/linear.hpp>

using namespace halfulp::quantize;

int main() {
    // Numbers within [-1, 1], and one far outlier.
    constexpr std::size_t rows = 64, width = 32;
    std::vector<float> weights(width * width), x(rows * width);
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = std::sin(static_cast<float>(i));
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = std::cos(static_cast<float>(i) / 3);
    weights[500] = 3;

    // Which limits lose least? Every method is measured.
    const CalibrationOptions options{{ScaleRule::TensorRt, true, {-7, 7}}};  // int4
    const Grouping tensor({width, width}, Granularity::Tensor);
    const auto all = candidates(options, tensor, {weights}, std::vector{Calibration::MinMax, Calibration::Mse});
    for (const Candidate& c : all) std::printf("%s: %.2f dB\n", row_of(c.method).name.data(), c.sqnr);

    // The layer in training and the layer as it is deployed: the same bits, however sums are requantised.
    LinearScheme layer{.input = {1.0F / 127}, .weights = best(all).quantisers, .output = {0.05F}};
    for (const RequantisationRow& row : requantisations) {
        layer.mode = row.value;
        const LinearProblem problem{rows, width, width, x, weights, {}};
        const std::vector<float> trained = linear_numbers(layer, problem);
        const std::vector<std::int32_t> deployed = linear_codes(layer, problem);
        int differ = 0;
        for (std::size_t i = 0; i < trained.size(); ++i)
            if (trained[i] != number_of(layer.output, deployed[i])) ++differ;
        std::printf("%s: %d of %zu differ\n", row.name.data(), differ, trained.size());
    }
}
