#include <halfulp/lib/train/loss.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <vector>

namespace halfulp::train {
namespace {

/// The loss of a row, and its gradients times a factor.
double cross_entropy(std::span<const float> row, std::size_t label, double factor, std::span<float> gradients) {
    const auto largest = static_cast<double>(*std::ranges::max_element(row));
    std::vector<double> powers(row.size());
    double sum = 0;
    for (std::size_t j = 0; j < row.size(); ++j) {
        powers[j] = std::exp(static_cast<double>(row[j]) - largest);
        sum += powers[j];
    }
    for (std::size_t j = 0; j < row.size(); ++j)
        gradients[j] = static_cast<float>((powers[j] / sum - (j == label ? 1 : 0)) * factor);
    return std::log(sum) - (static_cast<double>(row[label]) - largest);
}

double square(double x) { return x * x; }

}  // namespace

LossOfRows loss_of(Loss loss, std::span<const float> outputs, std::span<const float> targets, float scale,
                   std::span<float> gradients) {
    const std::size_t rows = targets.size(), columns = rows == 0 ? 0 : outputs.size() / rows;
    if (columns == 0 || outputs.size() != rows * columns || gradients.size() != outputs.size() ||
        (loss == Loss::MeanSquares && columns != 1))
        throw std::invalid_argument(
            fmt::format("loss: expected rows of outputs, {} in all, a gradient for each, got {}", outputs.size(),
                        gradients.size()));
    LossOfRows all{0, 0};
    const double factor = static_cast<double>(scale) / static_cast<double>(rows);
    for (std::size_t i = 0; i < rows; ++i) {
        const auto row = outputs.subspan(i * columns, columns);
        if (loss == Loss::MeanSquares) {
            const double difference = static_cast<double>(row[0]) - static_cast<double>(targets[i]);
            gradients[i] = static_cast<float>(2 * difference * factor);
            all.mean += square(difference);
            continue;
        }
        if (!(targets[i] >= 0 && targets[i] < static_cast<float>(columns)))
            throw std::invalid_argument(
                fmt::format("loss: expected a label from 0 to {}, got {}", columns - 1, targets[i]));
        const auto label = static_cast<std::size_t>(targets[i]);
        all.mean += cross_entropy(row, label, factor, gradients.subspan(i * columns, columns));
        all.right += std::ranges::max_element(row) - row.begin() == static_cast<std::ptrdiff_t>(label) ? 1U : 0U;
    }
    all.mean /= static_cast<double>(rows);
    return all;
}

}  // namespace halfulp::train
