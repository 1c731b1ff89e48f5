#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/name.hpp>

namespace halfulp {
enum class Elementary : std::uint8_t;
}

namespace halfulp::train {

/// The function between two layers; the rows say what each computes.
enum class Activation : std::uint8_t { Relu, Tanh, Gelu };

/// What follows the sums of a layer that is not the last. `near` and the derivative are computed in binary64 by the C library
/// and rounded to binary32.
struct ActivationRow {
    std::string_view name;               ///< as the program takes it
    Activation value;                    ///< which one
    float (*near)(float x);              ///< its value in binary32
    float (*slope)(float x);             ///< its derivative
    std::optional<Elementary> function;  ///< without it `near` is exact
    Aliases aliases;                     ///< other names
    std::string_view definition;         ///< what it computes
};

/// A row for each enumerator, in their order.
extern const std::array<ActivationRow, 3> activations;

/// The row of an activation.
inline const ActivationRow& row_of(Activation activation) { return activations[static_cast<std::size_t>(activation)]; }

/// The activations of a format's numbers, in that format: of 16 bits correctly rounded, as softfloat/elementary has them, which
/// is asked where a neighbour of `near` would be rounded elsewhere; in binary32 `near`.
void activate(Activation activation, const Format& f, std::span<float> x);

}  // namespace halfulp::train
