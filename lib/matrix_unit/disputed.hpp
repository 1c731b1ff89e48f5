#pragma once

#include <array>
#include <optional>
#include <string_view>

#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

/// A point on which publications differ: of some units there is another answer than their row has.
struct DisputedPoint {
    std::string_view option;  ///< of a command, which asks for the other answer
    std::string_view answer;  ///< the other one, in few words
    std::string_view help;    ///< for the option
    MmaOptions otherwise;     ///< the other answer
};

/// The points, in the order of the options.
inline constexpr std::array disputed_points = {
    DisputedPoint{"--km-floor",
                  "KM's exponent floor",
                  "Where mma.sync accumulates in fp16: KM's exponent floor (arXiv:2512.07004), not MMA-Sim's",
                  {.fp16_floor = MmaOptions::Fp16Floor::KM}},
    DisputedPoint{"--positive-zero",
                  "zero sums are +0",
                  "A zero sum is +0, as QT saw it, whatever its terms' signs; MMA-Sim's rule else",
                  {.zero_sign = ZeroSign::PositiveZero}},
};

/// The row with the other answer, or nothing where that is no question: what CPUs and AMD's GPUs do is not disputed.
constexpr std::optional<MmaSpec> answered_otherwise(const MmaSpec& spec, const DisputedPoint& point) {
    const bool aligns = spec.family == Family::AlignedSum || spec.family == Family::ScaledGroups;
    const MmaSpec other = with_options(spec, point.otherwise);
    return aligns && other != spec ? std::optional(other) : std::nullopt;
}

}  // namespace halfulp
