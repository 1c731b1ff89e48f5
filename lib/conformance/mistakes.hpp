#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace halfulp {

/// What implementations of low precision have got wrong.
enum class Mistake : std::uint8_t {
    // Rounding.
    ThroughBinary32,
    ThroughBinary64,
    FusedInTwo,
    ScaledInTwo,
    TiesAway,
    TiesToEven,
    TiesTowardZero,
    TiesUp,
    ToNearest,
    TowardZero,
    TossesACoin,
    // Overflow.
    OverflowsAboveLargest,
    AlwaysInfinite,
    Saturates,
    NeverSaturates,
    ClampsNan,
    CarriesIntoSign,
    // Underflow.
    OtherTininess,
    TinyAsDelivered,
    ExactUnderflows,
    FlushesResults,
    FlushesOperands,
    FlushesNothing,
    FlushesByOtherRule,
    FlushesToPositive,
    // The sign of zero.
    CancelsToNegative,
    CancelsToPositive,
    UnsignedZeroProduct,
    RefusesNegativeRoot,
    CopiesTheSign,
    // NaN.
    SilentSignaling,
    NanOfX86,
    NanOfArm,
    DefaultNan,
    UpperHalf,
    BiasWithoutGuard,
    // Other operations.
    FmodForRemainder,
    RoundedQuotient,
    FlooredModulo,
    AddsHalf,
    SilentIntegral,
    Selects,
    Of2008,
    Of2019,
    Quiet,
    Signaling,
    ComparesCodes,
    NotGreater,
    ByValue,
    StepsTheCode,
    ReadsTheField,
    Subtracts,
};

/// A row for each enumerator, in their order.
struct NamedMistake {
    std::string_view name;  ///< as the program prints it
    Mistake mistake;        ///< which one
    std::string_view what;  ///< a sentence
};

/// A row for each enumerator, in their order.
inline constexpr std::array mistakes = {
    NamedMistake{"through_binary32", Mistake::ThroughBinary32, "computed in binary32 to nearest, then rounded again"},
    NamedMistake{"through_binary64", Mistake::ThroughBinary64, "computed in binary64 to nearest, then rounded again"},
    NamedMistake{"fused_in_two", Mistake::FusedInTwo, "the product is rounded before the addend is added"},
    NamedMistake{"scaled_in_two", Mistake::ScaledInTwo, "multiplied by two powers of two, one after the other"},
    NamedMistake{"ties_away", Mistake::TiesAway, "ties go away from zero"},
    NamedMistake{"ties_to_even", Mistake::TiesToEven, "ties go to even"},
    NamedMistake{"ties_toward_zero", Mistake::TiesTowardZero, "ties go toward zero"},
    NamedMistake{"ties_up", Mistake::TiesUp, "ties go up: floor(x + 1/2)"},
    NamedMistake{"to_nearest", Mistake::ToNearest, "to nearest even whatever the rounding"},
    NamedMistake{"toward_zero", Mistake::TowardZero, "the digits are cut off whatever the rounding"},
    NamedMistake{"tosses_a_coin", Mistake::TossesACoin, "the first random bit is added, whatever was cut off"},
    NamedMistake{"overflows_above_largest", Mistake::OverflowsAboveLargest, "all above the largest number overflows"},
    NamedMistake{"always_infinite", Mistake::AlwaysInfinite, "overflow is infinite whatever the rounding"},
    NamedMistake{"saturates", Mistake::Saturates, "overflow is the largest number unasked"},
    NamedMistake{"never_saturates", Mistake::NeverSaturates, "saturation is ignored, or not applied to infinity"},
    NamedMistake{"clamps_nan", Mistake::ClampsNan, "min(max(x, -largest), largest), which loses NaN"},
    NamedMistake{"carries_into_sign", Mistake::CarriesIntoSign, "the code steps up past the largest, into the sign"},
    NamedMistake{"other_tininess", Mistake::OtherTininess, "tininess is detected by the other rule"},
    NamedMistake{"tiny_as_delivered", Mistake::TinyAsDelivered, "tiny only where the delivered result is subnormal"},
    NamedMistake{"exact_underflows", Mistake::ExactUnderflows, "exact subnormal results underflow"},
    NamedMistake{"flushes_results", Mistake::FlushesResults, "subnormal results become zero unasked"},
    NamedMistake{"flushes_operands", Mistake::FlushesOperands, "subnormal operands count as zero unasked"},
    NamedMistake{"flushes_nothing", Mistake::FlushesNothing, "flushing is ignored"},
    NamedMistake{"flushes_by_other_rule", Mistake::FlushesByOtherRule,
                 "flushed before, not after, rounding; or reverse"},
    NamedMistake{"flushes_to_positive", Mistake::FlushesToPositive, "what is flushed loses its sign"},
    NamedMistake{"cancels_to_negative", Mistake::CancelsToNegative, "x - x is -0 in every rounding"},
    NamedMistake{"cancels_to_positive", Mistake::CancelsToPositive, "x - x is +0 in every rounding"},
    NamedMistake{"unsigned_zero_product", Mistake::UnsignedZeroProduct, "fma takes a product of zero for +0"},
    NamedMistake{"refuses_negative_root", Mistake::RefusesNegativeRoot, "sqrt(-0) is invalid"},
    NamedMistake{"copies_the_sign", Mistake::CopiesTheSign, "the sign is put before zero, which makes it NaN in fnuz"},
    NamedMistake{"silent_signaling", Mistake::SilentSignaling, "a signaling NaN is not invalid"},
    NamedMistake{"nan_of_x86", Mistake::NanOfX86, "NaN as x86 has it"},
    NamedMistake{"nan_of_arm", Mistake::NanOfArm, "NaN as Arm has it"},
    NamedMistake{"default_nan", Mistake::DefaultNan, "the positive quiet NaN without payload"},
    NamedMistake{"upper_half", Mistake::UpperHalf, "the upper half of the code"},
    NamedMistake{"bias_without_guard", Mistake::BiasWithoutGuard,
                 "the code plus 0x7FFF and its last bit kept, NaN too"},
    NamedMistake{"fmod_for_remainder", Mistake::FmodForRemainder, "the quotient is truncated"},
    NamedMistake{"rounded_quotient", Mistake::RoundedQuotient, "x - y round(x / y), each step rounded"},
    NamedMistake{"floored_modulo", Mistake::FlooredModulo, "the result has y's sign"},
    NamedMistake{"adds_half", Mistake::AddsHalf, "floor(x + 1/2), the sum rounded"},
    NamedMistake{"silent_integral", Mistake::SilentIntegral, "what changes does not signal inexact"},
    NamedMistake{"selects", Mistake::Selects, "a < b ? a : b, or with >"},
    NamedMistake{"of_2008", Mistake::Of2008, "minNum and maxNum of IEEE 754-2008"},
    NamedMistake{"of_2019", Mistake::Of2019, "minimumNumber and maximumNumber of IEEE 754-2019"},
    NamedMistake{"quiet", Mistake::Quiet, "the comparison is silent about quiet NaNs"},
    NamedMistake{"signaling", Mistake::Signaling, "the comparison signals quiet NaNs"},
    NamedMistake{"compares_codes", Mistake::ComparesCodes, "equal where the codes are"},
    NamedMistake{"not_greater", Mistake::NotGreater, "a <= b as !(b < a)"},
    NamedMistake{"by_value", Mistake::ByValue, "totalOrder as <="},
    NamedMistake{"steps_the_code", Mistake::StepsTheCode, "code + 1, of negative codes - 1, without regard to ends"},
    NamedMistake{"reads_the_field", Mistake::ReadsTheField, "the exponent field minus bias, of subnormal numbers too"},
    NamedMistake{"subtracts", Mistake::Subtracts, "-x as 0 - x"},
};

/// The row of a mistake.
constexpr const NamedMistake& row_of(Mistake mistake) { return mistakes[static_cast<std::size_t>(mistake)]; }

}  // namespace halfulp
