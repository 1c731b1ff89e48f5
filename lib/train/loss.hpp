#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <halfulp/softfloat/name.hpp>

namespace halfulp::train {

/// What training makes small; the rows say what each is.
enum class Loss : std::uint8_t { CrossEntropy, MeanSquares };

/// A row of the table of losses.
struct LossRow {
    std::string_view name;        ///< as the program takes it
    Loss value;                   ///< which one
    Aliases aliases;              ///< other names
    std::string_view definition;  ///< of a row of outputs
};

/// A row for each enumerator, in their order.
inline constexpr std::array losses = {
    LossRow{"cross-entropy",
            Loss::CrossEntropy,
            {"ce"},
            "of the softmax of a row's outputs with its label: log sum e^(z_j - z_label)"},
    LossRow{"mse", Loss::MeanSquares, {"mean-squares"}, "the squared difference of the output and the target"},
};

/// Of the rows together.
struct LossOfRows {
    double mean;        ///< of the rows' losses, not scaled
    std::size_t right;  ///< rows whose largest output, the first of equals, is the label's; of mean squares: 0
};

/// The loss of `targets.size()` rows of outputs, and the gradient of scale * mean with respect to each output; summed in
/// binary64 in ascending order, the gradients rounded to binary32 once. A target is a label, a whole number below the number of
/// columns, or what the only output of a row should be. Throws std::invalid_argument if sizes or labels do not fit.
LossOfRows loss_of(Loss loss, std::span<const float> outputs, std::span<const float> targets, float scale,
                   std::span<float> gradients);

}  // namespace halfulp::train
