#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace halfulp {

// The gradients of one step of training on handwritten digits (UCI, Alpaydin and Kaynak 1998), as binary32 codes.
// make_digits_gradients.py wrote them and says what network, batch and state of training they are of.

inline constexpr std::size_t digits_images = 32, digits_classes = 10;

/// With respect to the logits: a row an image, a column a class.
extern const std::array<std::uint32_t, digits_images * digits_classes> digits_logit_gradients;

/// With respect to all parameters. The last digits_classes are the biases' of the classes: sums of the logits' gradients
/// over the images.
extern const std::array<std::uint32_t, 610> digits_parameter_gradients;

}  // namespace halfulp
