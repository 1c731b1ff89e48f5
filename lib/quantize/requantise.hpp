#pragma once

#include <array>
#include <cstdint>
#include <span>

#include <halfulp/lib/quantize/code_range.hpp>

// From sums of products of codes, int32, to the codes of the result: round(sum * factor) + zero_point, clamped, where factor =
// scale of A * scale of B / scale of the result. The runtimes round in four ways, which differ by 1 now and then.

namespace halfulp::quantize {

enum class Requantisation : std::uint8_t { GemmlowpDouble, Single, Fp32Magic, OnnxFloat };

struct RequantisationRow {
    std::string_view name;
    Requantisation value;
    Aliases aliases;
    bool fixed_point;  ///< the factor is q * 2^(-31 - shift), q of 31 bits
    std::string_view definition, source;
};

inline constexpr std::array requantisations = {
    RequantisationRow{"gemmlowp_double",
                      Requantisation::GemmlowpDouble,
                      {"tflite", "double"},
                      true,
                      "sum * q / 2^31 to nearest, ties up; that by 2^shift to nearest, ties away from 0",
                      "gemmlowp fixedpoint.h: SaturatingRoundingDoublingHighMul, RoundingDivideByPOT"},
    RequantisationRow{"single",
                      Requantisation::Single,
                      {"tflite_single"},
                      true,
                      "sum * q / 2^(31 + shift) to nearest, ties up",
                      "TFLite, TFLITE_SINGLE_ROUNDING"},
    RequantisationRow{"fp32_magic",
                      Requantisation::Fp32Magic,
                      {"xnnpack", "magic"},
                      false,
                      "sum and factor in binary32, their product in binary32 to nearest even",
                      "XNNPACK, the fmagic kernels"},
    RequantisationRow{"onnx_float",
                      Requantisation::OnnxFloat,
                      {"onnx"},
                      false,
                      "sum * factor in binary64, the factor of binary32; plus the zero point; to nearest even",
                      "ONNX's reference implementation of QLinearMatMul"},
};

constexpr const RequantisationRow& row_of(Requantisation mode) {
    return requantisations[static_cast<std::size_t>(mode)];
}

/// significand * 2^(-31 - shift), significand in [2^30, 2^31).
struct FixedPoint {
    std::int32_t significand;
    int shift;

    friend constexpr bool operator==(const FixedPoint&, const FixedPoint&) = default;
};

/// The nearest one, as gemmlowp's QuantizeMultiplierSmallerThanOneExp finds it. Pre: 2^-32 <= factor < 1 - 2^-32.
FixedPoint fixed_point(double factor);

/// A factor, the result's zero point and codes.
struct Requantiser {
    Requantisation mode;
    double factor;
    std::int32_t zero_point = 0;
    CodeRange range = {-128, 127};
};

/// The code of a sum. Throws std::invalid_argument if the factor is not in [2^-32, 1 - 2^-32), or, of OnnxFloat, no positive normal
/// number of binary32; and if the zero point is no code, or the range needs more than 16 bits.
std::int32_t requantise(const Requantiser& by, std::int32_t sum);

/// The same for many sums, in SIMD. Throws also if the lengths differ, or the codes do not fit.
void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::int8_t> codes);
void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::uint8_t> codes);
void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::int16_t> codes);
void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::int32_t> codes);

/// gemmlowp's older way, OutputStageQuantizeDownInt32ToUint8Scale: (sum + offset) * factor / 2^shift to nearest, ties up;
/// clamped to [0, 255].
struct QuantiseDown {
    std::int32_t offset, factor;
    int shift;  ///< 1 to 31
};

std::uint8_t quantise_down(const QuantiseDown& by, std::int32_t sum);

}  // namespace halfulp::quantize
