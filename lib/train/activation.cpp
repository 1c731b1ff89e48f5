#include <halfulp/lib/train/activation.hpp>

#include <bit>
#include <cmath>
#include <numbers>
#include <utility>

#include <halfulp/lib/train/numbers.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::train {
namespace {

using std::numbers::inv_sqrtpi;
using std::numbers::sqrt2;

float relu(float x) { return x > 0 || std::isnan(x) ? x : 0; }
float relu_slope(float x) { return x > 0 ? 1 : 0; }

float tanh_of(float x) { return static_cast<float>(std::tanh(static_cast<double>(x))); }
/// 1 - tanh^2 without its cancellation.
float tanh_slope(float x) {
    const double c = std::cosh(static_cast<double>(x));
    return static_cast<float>(1 / (c * c));
}

/// The distribution function of the normal distribution, without cancellation below 0.
double normal_below(double x) { return std::erfc(-x / sqrt2) / 2; }

float gelu(float x) {
    const auto wide = static_cast<double>(x);
    return wide == -HUGE_VAL ? -0.0F : static_cast<float>(wide * normal_below(wide));
}
float gelu_slope(float x) {
    const auto wide = static_cast<double>(x);
    const double density = std::exp(-wide * wide / 2) * inv_sqrtpi / sqrt2;
    return static_cast<float>(normal_below(wide) + (density == 0 ? 0 : wide * density));
}

/// By softfloat.
float exactly(Elementary function, const Format& f, float x) {
    const auto recoded = [](const Format& to, const Format& from, std::uint64_t code) {
        return round_pack(to, decode(from, code)).code;
    };
    const std::uint64_t code = recoded(f, binary32, std::bit_cast<std::uint32_t>(x));
    const std::uint64_t result = compute(function, f, Operand{f, code}).code;
    return std::bit_cast<float>(static_cast<std::uint32_t>(recoded(binary32, f, result)));
}

}  // namespace

const std::array<ActivationRow, 3> activations = {{
    {"relu", Activation::Relu, relu, relu_slope, std::nullopt, {}, "max(x, 0), whose derivative at 0 is 0"},
    {"tanh", Activation::Tanh, tanh_of, tanh_slope, Elementary::Tanh, {}, "hyperbolic tangent"},
    {"gelu", Activation::Gelu, gelu, gelu_slope, Elementary::Gelu, {}, "x/2 (1 + erf(x / sqrt 2))"},
}};

void activate(Activation activation, const Format& f, std::span<float> x) {
    const ActivationRow& row = row_of(activation);
    Numbers near(x.size());
    for (std::size_t i = 0; i < x.size(); ++i) near[i] = row.near(x[i]);
    Numbers below = near, above = near;
    if (row.function && f.width <= elementary_width) {
        for (float& y : below) y = std::nextafter(y, -HUGE_VALF);
        for (float& y : above) y = std::nextafter(y, HUGE_VALF);
    }
    for (Numbers* y : {&near, &below, &above}) round_to(f, *y);
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = below[i] < above[i] ? exactly(*row.function, f, x[i]) : near[i];
}

}  // namespace halfulp::train
