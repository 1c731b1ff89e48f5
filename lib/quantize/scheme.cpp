#include <halfulp/lib/quantize/scheme.hpp>

#include <fmt/format.h>

#include <cmath>
#include <limits>
#include <stdexcept>

#include <halfulp/lib/io/text_file.hpp>

namespace halfulp::quantize {
namespace {

/// The code of 0 where the codes lie around it.
std::int32_t middle(const CodeRange& range) { return range.least < 0 ? 0 : (range.least + range.greatest + 1) / 2; }

std::int32_t to_code(const CodeRange& range, double zero_point) {
    if (std::isnan(zero_point)) return range.least;  // of 0 / 0: affine_of refuses that scale
    return static_cast<std::int32_t>(
        std::clamp(zero_point, static_cast<double>(range.least), static_cast<double>(range.greatest)));
}

struct ScaleAndZero {
    float scale;
    std::int32_t zero_point;
};

ScaleAndZero onnx(const Limits& r, const CodeRange& codes) {
    const float scale = (r.greatest - r.least) / static_cast<float>(codes.steps());
    return {scale, to_code(codes, std::nearbyint(static_cast<float>(codes.least) - r.least / scale))};
}

ScaleAndZero tflite(const Limits& r, const CodeRange& codes) {
    const double scale = (static_cast<double>(r.greatest) - static_cast<double>(r.least)) / codes.steps();
    return {static_cast<float>(scale), to_code(codes, std::round(codes.least - static_cast<double>(r.least) / scale))};
}

ScaleAndZero pytorch(const Limits& r, const CodeRange& codes) {
    constexpr float least_scale = std::numeric_limits<float>::epsilon();
    const float scale = std::max((r.greatest - r.least) / static_cast<float>(codes.steps()), least_scale);
    return {scale, to_code(codes, codes.least - static_cast<double>(std::nearbyint(r.least / scale)))};
}

/// The least power of two that is at least length / steps.
float power_of_two(double length, std::int32_t steps) {
    if (length == 0) return 0;
    int exponent = std::ilogb(length / steps) - 1;
    while (std::ldexp(static_cast<double>(steps), exponent) < length) ++exponent;
    return static_cast<float>(std::ldexp(1.0, exponent));
}

ScaleAndZero affine_power_of_two(const Limits& r, const CodeRange& codes) {
    const float scale = power_of_two(static_cast<double>(r.greatest) - static_cast<double>(r.least), codes.steps());
    return {scale,
            to_code(codes, std::nearbyint(codes.least - static_cast<double>(r.least) / static_cast<double>(scale)))};
}

ScaleAndZero affine(ScaleRule rule, const Limits& r, const CodeRange& codes) {
    switch (rule) {
        case ScaleRule::Onnx: return onnx(r, codes);
        case ScaleRule::Tflite: return tflite(r, codes);
        case ScaleRule::PyTorch: return pytorch(r, codes);
        case ScaleRule::PowerOfTwo: return affine_power_of_two(r, codes);
        case ScaleRule::TensorRt: break;
    }
    throw std::invalid_argument(fmt::format("the rule {} is symmetric only", row_of(rule).name));
}

/// The greatest magnitude, a whole number of steps or, for unsigned codes, of steps from the middle.
std::int32_t arm(const CodeRange& codes) { return codes.greatest - middle(codes); }

float symmetric_scale(ScaleRule rule, float amax, const CodeRange& codes) {
    switch (rule) {
        case ScaleRule::Tflite:
        case ScaleRule::TensorRt: return amax / static_cast<float>(arm(codes));
        case ScaleRule::PyTorch:
            return std::max(amax / (static_cast<float>(codes.steps()) / 2), std::numeric_limits<float>::epsilon());
        case ScaleRule::PowerOfTwo: return power_of_two(static_cast<double>(amax), arm(codes));
        case ScaleRule::Onnx: return (amax + amax) / static_cast<float>(codes.steps());
    }
    __builtin_unreachable();
}

}  // namespace

Limits limits_of(std::span<const float> numbers) {
    if (numbers.empty()) throw InputError("expected numbers to quantise, found none");
    Limits limits{numbers[0], numbers[0]};
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        if (!std::isfinite(numbers[i]))
            throw InputError(fmt::format("element {}: expected a finite number, found {}", i, numbers[i]));
        limits = {std::min(limits.least, numbers[i]), std::max(limits.greatest, numbers[i])};
    }
    return limits;
}

Affine affine_of(const Scheme& scheme, const Limits& limits) {
    const Limits r{std::min(limits.least, 0.0F), std::max(limits.greatest, 0.0F)};
    const auto& row = row_of(scheme.rule);
    const auto [scale, zero] =
        scheme.symmetric ? ScaleAndZero{symmetric_scale(scheme.rule, reach(r), scheme.range), middle(scheme.range)}
                         : affine(scheme.rule, r, scheme.range);
    const bool by_reciprocal = row.quotient == Quotient::Reciprocal;
    if (!std::isnormal(scale) || (by_reciprocal && !std::isnormal(1 / scale)))
        throw InputError(fmt::format(
            "expected numbers whose scale{} is a normal number of fp32, found limits [{}, {}] with scale {}",
            by_reciprocal ? ", and its reciprocal," : "", limits.least, limits.greatest, scale));
    return {scale, zero, scheme.range, scheme.rounding.value_or(row.rounding), row.quotient};
}

}  // namespace halfulp::quantize
