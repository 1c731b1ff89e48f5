#include <halfulp/lib/quantize/training.hpp>

#include <cmath>

#include <halfulp/lib/quantize/affine_steps.h>

namespace halfulp::quantize {
namespace {

/// Where a number lies before it is clamped: below, within, above the range.
enum class Place : std::uint8_t { Below, Within, Above };

Place place_of(const Affine& by, float x) {
    Affine unclamped = by;
    unclamped.range = {by.range.least - 1, by.range.greatest + 1};
    const std::int32_t code = code_of(unclamped, x);
    return code < by.range.least ? Place::Below : code > by.range.greatest ? Place::Above : Place::Within;
}

}  // namespace

void straight_through(const Affine& by, std::span<const float> x, std::span<const float> upstream,
                      std::span<float> grad) {
    require(by, x.size(), grad.size(), widest);
    require(by, upstream.size(), grad.size(), widest);
    for (std::size_t i = 0; i < grad.size(); ++i) grad[i] = place_of(by, x[i]) == Place::Within ? upstream[i] : 0.0F;
}

StepGradients learned_step(const Affine& by, std::span<const float> x, std::span<const float> upstream, float factor) {
    StepGradients g{std::vector<float>(x.size()), std::vector<float>(x.size()), std::vector<float>(x.size())};
    straight_through(by, x, upstream, g.x);
    const float reciprocal = 1.0F / by.scale;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const Place place = place_of(by, x[i]);
        if (place == Place::Within) {
            const auto steps = static_cast<float>(code_of(by, x[i]) - by.zero_point);
            g.scale[i] = upstream[i] * std::fma(steps, by.scale, -x[i]) * reciprocal * factor;
        } else {
            const std::int32_t end = place == Place::Below ? by.range.least : by.range.greatest;
            g.scale[i] = upstream[i] * static_cast<float>(end - by.zero_point) * factor;
            g.zero_point[i] = -upstream[i] * by.scale * factor;
        }
    }
    return g;
}

}  // namespace halfulp::quantize
