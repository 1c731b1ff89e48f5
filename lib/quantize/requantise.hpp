#pragma once

#include <array>
#include <cstdint>
#include <span>

#include <halfulp/lib/quantize/code_range.hpp>

// From sums of products of codes, int32, to the codes of the result: round(sum * factor) + zero_point, clamped, where factor =
// scale of A * scale of B / scale of the result. The runtimes round in four ways, which differ by 1 now and then.

namespace halfulp::quantize {

/// How a sum times a factor becomes a code; the rows say what each does.
enum class Requantisation : std::uint8_t { GemmlowpDouble, Single, Fp32Magic, OnnxFloat };

/// A row of the table of ways.
struct RequantisationRow {
    std::string_view name;                ///< as the program takes it
    Requantisation value;                 ///< which one
    Aliases aliases;                      ///< other names
    bool fixed_point;                     ///< the factor is q * 2^(-31 - shift), q of 31 bits
    std::string_view definition, source;  ///< what it does, and who says so
};

/// A row for each enumerator, in their order.
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

/// The row of a way.
constexpr const RequantisationRow& row_of(Requantisation mode) {
    return requantisations[static_cast<std::size_t>(mode)];
}

/// significand * 2^(-31 - shift), significand in [2^30, 2^31).
struct FixedPoint {
    std::int32_t significand;  ///< in [2^30, 2^31)
    int shift;                 ///< to the right, beyond 31

    friend constexpr bool operator==(const FixedPoint&, const FixedPoint&) = default;
};

/// The nearest one, as gemmlowp's QuantizeMultiplierSmallerThanOneExp finds it. Pre: 2^-32 <= factor < 1 - 2^-32.
FixedPoint fixed_point(double factor);

/// A factor, the result's zero point and codes.
struct Requantiser {
    Requantisation mode;            ///< which way
    double factor;                  ///< by which a sum is multiplied
    std::int32_t zero_point = 0;    ///< the code of 0
    CodeRange range = {-128, 127};  ///< of the codes
};

/// The code of a sum. Throws std::invalid_argument if the factor is not in [2^-32, 1 - 2^-32), or, of OnnxFloat, no positive normal
/// number of binary32; and if the zero point is no code, or the range needs more than 16 bits.
std::int32_t requantise(const Requantiser& by, std::int32_t sum);

/// The same for many sums, in SIMD. Throws also if the lengths differ, or the codes do not fit.
void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::int8_t> codes);
/// To codes without a sign.
void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::uint8_t> codes);
/// To wider codes.
void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::int16_t> codes);
/// To codes in words of 32 bits.
void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::int32_t> codes);

/// gemmlowp's older way, OutputStageQuantizeDownInt32ToUint8Scale: (sum + offset) * factor / 2^shift to nearest, ties up;
/// clamped to [0, 255].
struct QuantiseDown {
    std::int32_t offset, factor;  ///< added first, and multiplied by then
    int shift;                    ///< 1 to 31
};

/// The code of a sum.
std::uint8_t quantise_down(const QuantiseDown& by, std::int32_t sum);

}  // namespace halfulp::quantize
