#include <halfulp/lib/quantize/network.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <halfulp/lib/quantize/noise.hpp>

namespace halfulp::quantize {
namespace {

void require(std::span<const Layer> layers, std::span<const float> x) {
    std::size_t inputs = layers.empty() ? 0 : layers[0].inputs;
    if (inputs == 0 || x.empty() || x.size() % inputs != 0)
        throw std::invalid_argument(fmt::format("network: expected rows of {} numbers, found {}", inputs, x.size()));
    for (const Layer& layer : layers) {
        if (layer.inputs != inputs || layer.weights.size() != layer.inputs * layer.outputs ||
            layer.bias.size() != layer.outputs)
            throw std::invalid_argument(fmt::format(
                "network: expected {} x {} weights and {} numbers of bias after {} activations, found {} and {}",
                layer.inputs, layer.outputs, layer.outputs, inputs, layer.weights.size(), layer.bias.size()));
        inputs = layer.outputs;
    }
}

/// The layer's results, each summed in binary64 and rounded to binary32.
std::vector<float> applied(const Layer& layer, std::span<const float> x, std::span<const float> weights) {
    const std::size_t rows = x.size() / layer.inputs;
    std::vector<float> y(rows * layer.outputs);
    for (std::size_t i = 0; i < rows; ++i) {
        std::vector<double> sums(layer.bias.begin(), layer.bias.end());
        for (std::size_t k = 0; k < layer.inputs; ++k)
            for (std::size_t j = 0; j < layer.outputs; ++j)
                sums[j] +=
                    static_cast<double>(x[i * layer.inputs + k]) * static_cast<double>(weights[k * layer.outputs + j]);
        for (std::size_t j = 0; j < layer.outputs; ++j)
            y[i * layer.outputs + j] = static_cast<float>(layer.relu ? std::max(sums[j], 0.0) : sums[j]);
    }
    return y;
}

/// The mean over rows of f of a column's numbers.
template <class Function>
std::vector<double> column_means(std::span<const float> x, std::size_t columns, const Function& f) {
    std::vector<double> means(columns);
    for (std::size_t i = 0; i < x.size(); ++i) means[i % columns] += f(static_cast<double>(x[i]));
    const std::size_t rows = x.size() / columns;
    for (double& mean : means) mean /= static_cast<double>(rows);
    return means;
}

double square(double x) { return x * x; }
double is_positive(double x) { return x > 0 ? 1 : 0; }

double sum(std::span<const double> values) {
    double all = 0;
    for (const double v : values) all += v;
    return all;
}

/// Variances of the results' errors, from those of the inputs' errors.
std::vector<double> passed_on(const Layer& layer, std::span<const float> x, std::span<const float> y,
                              float weight_scale, std::span<const double> errors) {
    const std::vector<double> powers = column_means(x, layer.inputs, square);
    const std::vector<double> active = column_means(y, layer.outputs, is_positive);
    const double of_a_weight = square(static_cast<double>(weight_scale)) / 12;
    std::vector<double> to(layer.outputs);
    for (std::size_t k = 0; k < layer.inputs; ++k)
        for (std::size_t j = 0; j < layer.outputs; ++j)
            to[j] +=
                square(static_cast<double>(layer.weights[k * layer.outputs + j])) * errors[k] + powers[k] * of_a_weight;
    for (std::size_t j = 0; layer.relu && j < layer.outputs; ++j) to[j] *= active[j];
    return to;
}

std::vector<float> faked(const Affine& by, std::span<const float> x) {
    std::vector<float> levels(x.size());
    fake_quantise(by, x, levels);
    return levels;
}

}  // namespace

std::vector<LayerNoise> network_noise(std::span<const Layer> layers, std::span<const float> x, int bits) {
    require(layers, x);
    const CodeRange codes = full_range({bits, true}), balanced = restricted_range({bits, true});
    const auto of_activations = [&](std::span<const float> numbers) {
        return affine_of({ScaleRule::Onnx, false, codes}, limits_of(numbers));
    };
    std::vector<float> exact(x.begin(), x.end()), quantised = faked(of_activations(x), x);
    std::vector<double> errors(layers[0].inputs, predicted_error(of_activations(x), histogram_of(x)));
    std::vector<LayerNoise> noise;
    for (const Layer& layer : layers) {
        const Affine by = affine_of({ScaleRule::TensorRt, true, balanced}, limits_of(layer.weights));
        const std::vector<float> y = applied(layer, exact, layer.weights);
        errors = passed_on(layer, exact, y, by.scale, errors);
        const Affine to = of_activations(y);
        for (double& error : errors) error += predicted_error(to, histogram_of(y));
        quantised = faked(to, applied(layer, quantised, faked(by, layer.weights)));
        const double power = sum(column_means(y, layer.outputs, square));
        noise.push_back({decibels(power, sum(errors)), noise_of(y, quantised).sqnr()});
        exact = y;
    }
    return noise;
}

}  // namespace halfulp::quantize
