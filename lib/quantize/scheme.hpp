#pragma once

#include <array>
#include <optional>
#include <span>
#include <string_view>

#include <halfulp/lib/quantize/affine.hpp>

// Scale and zero point from the limits of what is quantised, by the rules of the frameworks.

namespace halfulp::quantize {

/// How a scale comes from limits; the rows say what each does.
enum class ScaleRule : std::uint8_t { Onnx, Tflite, PyTorch, TensorRt, PowerOfTwo };

/// R = [min, max] with 0, amax its greatest magnitude; [qmin, qmax] the codes.
struct ScaleRuleRow {
    std::string_view name;               ///< as the program takes it
    ScaleRule value;                     ///< which one
    Aliases aliases;                     ///< other names
    bool has_affine;                     ///< else it is symmetric only
    Rounding rounding;                   ///< of x / scale to an integer
    Quotient quotient;                   ///< how x / scale is computed
    std::string_view affine, symmetric;  ///< what it computes
    std::string_view source;             ///< who says so
};

/// A row for each enumerator, in their order.
inline constexpr std::array scale_rules = {
    ScaleRuleRow{"onnx",
                 ScaleRule::Onnx,
                 {},
                 true,
                 Rounding::NearestEven,
                 Quotient::Divide,
                 "fp32: scale (max - min) / (qmax - qmin), zero point rne(clamp(qmin - min / scale))",
                 "the same with R = [-amax, amax]",
                 "ONNX DynamicQuantizeLinear; onnxruntime quant_utils"},
    ScaleRuleRow{"tflite",
                 ScaleRule::Tflite,
                 {"gemmlowp"},
                 true,
                 Rounding::NearestAway,
                 Quotient::Divide,
                 "fp64: scale (max - min) / (qmax - qmin), zero point clamp(rna(qmin - min / scale))",
                 "scale amax / qmax",
                 "gemmlowp quantization_example.cc; TFLite SymmetricQuantizeFloats"},
    ScaleRuleRow{
        "pytorch",
        ScaleRule::PyTorch,
        {"torch"},
        true,
        Rounding::NearestEven,
        Quotient::Reciprocal,
        "fp32: scale (max - min) / (qmax - qmin), at least 2^-23; zero point clamp(qmin - rne(min / scale))",
        "fp32: scale amax / ((qmax - qmin) / 2), at least 2^-23; zero point 0, or the middle of unsigned codes",
        "PyTorch UniformQuantizationObserverBase"},
    ScaleRuleRow{"tensorrt",
                 ScaleRule::TensorRt,
                 {"trt"},
                 false,
                 Rounding::NearestEven,
                 Quotient::Divide,
                 "-",
                 "fp32: scale amax / qmax; zero point 0",
                 "TensorRT developer guide"},
    ScaleRuleRow{"power_of_two",
                 ScaleRule::PowerOfTwo,
                 {"pow2"},
                 true,
                 Rounding::NearestEven,
                 Quotient::Divide,
                 "the least scale 2^e with R within (qmax - qmin) steps, zero point rne(clamp(qmin - min / scale))",
                 "the least scale 2^e of at least amax / qmax",
                 "shifts in place of products"},
};

/// The row of a rule.
constexpr const ScaleRuleRow& row_of(ScaleRule rule) { return scale_rules[static_cast<std::size_t>(rule)]; }

/// What numbers are to be represented without clipping.
struct Limits {
    float least, greatest;  ///< the ends, as numbers

    friend constexpr bool operator==(const Limits&, const Limits&) = default;
};

/// The greatest magnitude.
constexpr float reach(const Limits& limits) { return std::max(-limits.least, limits.greatest); }

/// The least and the greatest number. Throws InputError if there are none, or one is infinite or NaN.
Limits limits_of(std::span<const float> numbers);

/// Which rule, and for which codes. Symmetric: 0 is the middle of the codes, and the range is that of -amax to amax.
struct Scheme {
    ScaleRule rule = ScaleRule::Onnx;       ///< for the scale
    bool symmetric = false;                 ///< 0 is the middle of the codes
    CodeRange range = {-128, 127};          ///< of the codes
    std::optional<Rounding> rounding = {};  ///< of numbers to codes; without it the rule's
};

/// The quantiser of numbers within the limits. Throws InputError if its scale, or the reciprocal where the rule multiplies by it,
/// would be no positive normal number, as for zeros alone; std::invalid_argument if the rule has no such quantiser.
Affine affine_of(const Scheme& scheme, const Limits& limits);

}  // namespace halfulp::quantize
