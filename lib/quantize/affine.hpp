#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>

#include <halfulp/lib/kernel/batch.hpp>
#include <halfulp/lib/quantize/code_range.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>

// Numbers to integer codes and back: code = round(x / scale) + zero_point, clamped; number = (code - zero_point) * scale.
// As ONNX's QuantizeLinear and DequantizeLinear, in binary32: the quotient is rounded to nearest even to begin with, then to an
// integer, and only then comes the zero point.

namespace halfulp::quantize {

/// How x / scale is computed, each step rounded to nearest even.
enum class Quotient : std::uint8_t {
    Divide,      ///< x / scale: ONNX
    Reciprocal,  ///< x * (1 / scale): PyTorch's fake quantisation, ggml; other codes for some numbers next to ties
};

/// The ways by name.
inline constexpr std::array quotients = {
    Named<Quotient>{"divide", Quotient::Divide, {"onnx"}},
    Named<Quotient>{"reciprocal", Quotient::Reciprocal, {"pytorch"}},
};

/// A quantiser. Its codes stand for multiples of the scale; the zero point stands for 0.
struct Affine {
    float scale;                                ///< the step between numbers
    std::int32_t zero_point = 0;                ///< the code of 0
    CodeRange range = {-128, 127};              ///< of the codes
    Rounding rounding = Rounding::NearestEven;  ///< of the quotient to an integer
    Quotient quotient = Quotient::Divide;       ///< how x / scale is computed

    friend constexpr bool operator==(const Affine&, const Affine&) = default;
};

/// The code of a number by x / scale in whatever arithmetic it was computed. NaN gets the zero point.
/// random: the bits of Rounding::Stochastic, as Env has them.
constexpr std::int32_t code_of_quotient(const Affine& to, const Exact& quotient, std::uint64_t random = 0) {
    const auto whole = to_integer<std::int32_t>(quotient, {.rounding = to.rounding, .random = random}).value;
    const std::int64_t code = std::int64_t{whole} + to.zero_point;
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(code, to.range.least, to.range.greatest));
}

/// x / scale, in binary32.
constexpr float quotient_of(const Affine& to, float x) {
    return to.quotient == Quotient::Divide ? x / to.scale : x * (1.0F / to.scale);
}

/// The code of a number; NaN gets the zero point.
constexpr std::int32_t code_of(const Affine& to, float x, std::uint64_t random = 0) {
    return code_of_quotient(to, decode(binary32, std::bit_cast<std::uint32_t>(quotient_of(to, x))), random);
}

/// Exact up to the product. Pre: code and zero point have at most 23 bits.
constexpr float number_of(const Affine& from, std::int32_t code) {
    return static_cast<float>(code - from.zero_point) * from.scale;
}

// The same for many numbers, in SIMD where the rounding is NearestEven, with the bits of the functions above; types of fewer
// bits than the span's hold their codes as numbers. Stochastic rounds element i by draw(draws, i). Each throws
// std::invalid_argument if the lengths differ; if the scale is no positive normal number, or its reciprocal is needed and is
// none; and unless the range is in order, has the zero point, and fits the spans.

/// Numbers to codes; so do the others, to wider or unsigned ones.
void quantise(const Affine& to, std::span<const float> from, std::span<std::int8_t> codes,
              const kernel::Draws& draws = {});
/// Numbers to codes of 8 bits without a sign.
void quantise(const Affine& to, std::span<const float> from, std::span<std::uint8_t> codes,
              const kernel::Draws& draws = {});
/// Numbers to codes of up to 16 bits.
void quantise(const Affine& to, std::span<const float> from, std::span<std::int16_t> codes,
              const kernel::Draws& draws = {});
/// Numbers to codes of up to 16 bits without a sign.
void quantise(const Affine& to, std::span<const float> from, std::span<std::uint16_t> codes,
              const kernel::Draws& draws = {});

/// Codes to numbers; so do the others, of wider or unsigned ones.
void dequantise(const Affine& from, std::span<const std::int8_t> codes, std::span<float> to);
/// Codes of 8 bits without a sign to numbers.
void dequantise(const Affine& from, std::span<const std::uint8_t> codes, std::span<float> to);
/// Codes of up to 16 bits to numbers.
void dequantise(const Affine& from, std::span<const std::int16_t> codes, std::span<float> to);
/// Codes of up to 16 bits without a sign to numbers.
void dequantise(const Affine& from, std::span<const std::uint16_t> codes, std::span<float> to);

/// Quantised and back; the spans may be one.
void fake_quantise(const Affine& by, std::span<const float> from, std::span<float> to, const kernel::Draws& draws = {});

}  // namespace halfulp::quantize
