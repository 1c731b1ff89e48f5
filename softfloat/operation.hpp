#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include <halfulp/softfloat/name.hpp>

namespace halfulp {

/// Everything that compute() can be asked for.
enum class Operation : std::uint8_t {
    // The arithmetic ones, which IEEE 754-2019, 5.4.1, wants correctly rounded.
    Add,
    Sub,
    Mul,
    Div,
    Sqrt,
    Fma,
    // Others whose result is rounded, if at all, like theirs.
    Remainder,
    Fmod,
    RoundToIntegral,
    RoundToIntegralExact,
    Scalb,
    Logb,
    Convert,
    // One of the operands (IEEE 754-2008, 5.3.1; 754-2019, 9.6).
    MinNum,
    MaxNum,
    MinNumMag,
    MaxNumMag,
    Minimum,
    Maximum,
    MinimumMagnitude,
    MaximumMagnitude,
    MinimumNumber,
    MaximumNumber,
    MinimumMagnitudeNumber,
    MaximumMagnitudeNumber,
    // Of codes, without arithmetic.
    NextUp,
    NextDown,
    Negate,
    Abs,
    CopySign,
    // Questions.
    Equal,
    EqualSignaling,
    Less,
    LessQuiet,
    LessEqual,
    LessEqualQuiet,
    Unordered,
    TotalOrder,
    TotalOrderMag,
    Classify,
    LogbInteger,
};

/// Codes, first to last; an operation reads as many as it has operands.
using Operands = std::array<std::uint64_t, 3>;

/// What the 64 bits of an operand or a result stand for.
enum class Domain : std::uint8_t {
    Number,   ///< a code of a format
    Integer,  ///< two's complement
    Truth,    ///< 0 or 1
    Class,    ///< an enumerator of Class
};

/// How an operation comes to its result.
enum class OperationKind : std::uint8_t {
    Arithmetic,  ///< exact, then rounded: what IEEE 754-2019, 5.4.1, wants correctly rounded in every format
    Rounded,     ///< another result that is rounded, if at all, like theirs
    Code,        ///< a code of the first operand's format, by looking at codes
    Comparison,  ///< of numbers; signals where they are NaN
    Question,    ///< answered by looking at codes
    Exponent,    ///< a number's, as an integer
};

/// A row for each enumerator, in their order.
struct NamedOperation {
    std::string_view name;                 ///< its first name
    Operation operation;                   ///< which one
    OperationKind kind;                    ///< how its result comes about
    unsigned operands;                     ///< how many it takes
    Aliases aliases = {};                  ///< of IEEE 754, C and TestFloat
    Domain result = Domain::Number;        ///< what it delivers
    Domain last_operand = Domain::Number;  ///< of the others it is Number
};

/// A row for each enumerator, in their order.
inline constexpr std::array operations = {
    NamedOperation{"add", Operation::Add, OperationKind::Arithmetic, 2, {"addition"}},
    NamedOperation{"sub", Operation::Sub, OperationKind::Arithmetic, 2, {"subtraction"}},
    NamedOperation{"mul", Operation::Mul, OperationKind::Arithmetic, 2, {"multiplication"}},
    NamedOperation{"div", Operation::Div, OperationKind::Arithmetic, 2, {"division"}},
    NamedOperation{"sqrt", Operation::Sqrt, OperationKind::Arithmetic, 1, {"squareRoot"}},
    NamedOperation{"fma", Operation::Fma, OperationKind::Arithmetic, 3, {"mulAdd", "fusedMultiplyAdd"}},
    NamedOperation{"remainder", Operation::Remainder, OperationKind::Rounded, 2, {"rem"}},
    NamedOperation{"fmod", Operation::Fmod, OperationKind::Rounded, 2},
    NamedOperation{
        "round_to_integral", Operation::RoundToIntegral, OperationKind::Rounded, 1, {"roundToInt", "nearbyint"}},
    NamedOperation{"round_to_integral_exact",
                   Operation::RoundToIntegralExact,
                   OperationKind::Rounded,
                   1,
                   {"roundToIntegralExact", "rint"}},
    NamedOperation{"scalb",
                   Operation::Scalb,
                   OperationKind::Rounded,
                   2,
                   {"scaleB", "scalbn", "ldexp"},
                   Domain::Number,
                   Domain::Integer},
    NamedOperation{"logb", Operation::Logb, OperationKind::Rounded, 1, {"logB"}},
    NamedOperation{"convert", Operation::Convert, OperationKind::Rounded, 1, {"convertFormat"}},
    NamedOperation{"min_num", Operation::MinNum, OperationKind::Rounded, 2, {"minNum"}},
    NamedOperation{"max_num", Operation::MaxNum, OperationKind::Rounded, 2, {"maxNum"}},
    NamedOperation{"min_num_mag", Operation::MinNumMag, OperationKind::Rounded, 2, {"minNumMag"}},
    NamedOperation{"max_num_mag", Operation::MaxNumMag, OperationKind::Rounded, 2, {"maxNumMag"}},
    NamedOperation{"minimum", Operation::Minimum, OperationKind::Rounded, 2, {"fminimum"}},
    NamedOperation{"maximum", Operation::Maximum, OperationKind::Rounded, 2, {"fmaximum"}},
    NamedOperation{"minimum_magnitude",
                   Operation::MinimumMagnitude,
                   OperationKind::Rounded,
                   2,
                   {"minimumMagnitude", "fminimum_mag"}},
    NamedOperation{"maximum_magnitude",
                   Operation::MaximumMagnitude,
                   OperationKind::Rounded,
                   2,
                   {"maximumMagnitude", "fmaximum_mag"}},
    NamedOperation{
        "minimum_number", Operation::MinimumNumber, OperationKind::Rounded, 2, {"minimumNumber", "fminimum_num"}},
    NamedOperation{
        "maximum_number", Operation::MaximumNumber, OperationKind::Rounded, 2, {"maximumNumber", "fmaximum_num"}},
    NamedOperation{"minimum_magnitude_number",
                   Operation::MinimumMagnitudeNumber,
                   OperationKind::Rounded,
                   2,
                   {"minimumMagnitudeNumber", "fminimum_mag_num"}},
    NamedOperation{"maximum_magnitude_number",
                   Operation::MaximumMagnitudeNumber,
                   OperationKind::Rounded,
                   2,
                   {"maximumMagnitudeNumber", "fmaximum_mag_num"}},
    NamedOperation{"next_up", Operation::NextUp, OperationKind::Code, 1, {"nextUp", "nextup"}},
    NamedOperation{"next_down", Operation::NextDown, OperationKind::Code, 1, {"nextDown", "nextdown"}},
    NamedOperation{"negate", Operation::Negate, OperationKind::Code, 1, {"neg"}},
    NamedOperation{"abs", Operation::Abs, OperationKind::Code, 1, {"fabs"}},
    NamedOperation{"copy_sign", Operation::CopySign, OperationKind::Code, 2, {"copySign", "copysign"}},
    NamedOperation{"eq", Operation::Equal, OperationKind::Comparison, 2, {"compareQuietEqual"}, Domain::Truth},
    NamedOperation{"eq_signaling",
                   Operation::EqualSignaling,
                   OperationKind::Comparison,
                   2,
                   {"compareSignalingEqual"},
                   Domain::Truth},
    NamedOperation{"lt", Operation::Less, OperationKind::Comparison, 2, {"compareSignalingLess"}, Domain::Truth},
    NamedOperation{"lt_quiet", Operation::LessQuiet, OperationKind::Comparison, 2, {"compareQuietLess"}, Domain::Truth},
    NamedOperation{
        "le", Operation::LessEqual, OperationKind::Comparison, 2, {"compareSignalingLessEqual"}, Domain::Truth},
    NamedOperation{
        "le_quiet", Operation::LessEqualQuiet, OperationKind::Comparison, 2, {"compareQuietLessEqual"}, Domain::Truth},
    NamedOperation{
        "unordered", Operation::Unordered, OperationKind::Comparison, 2, {"compareQuietUnordered"}, Domain::Truth},
    NamedOperation{"total_order", Operation::TotalOrder, OperationKind::Question, 2, {"totalOrder"}, Domain::Truth},
    NamedOperation{
        "total_order_mag", Operation::TotalOrderMag, OperationKind::Question, 2, {"totalOrderMag"}, Domain::Truth},
    NamedOperation{"classify", Operation::Classify, OperationKind::Question, 1, {"class"}, Domain::Class},
    NamedOperation{"logb_integer", Operation::LogbInteger, OperationKind::Exponent, 1, {"ilogb"}, Domain::Integer},
};

/// What independent oracles are asked for: correctly rounded in every format.
inline constexpr auto arithmetic_operations = first_rows<6>(operations);
static_assert(arithmetic_operations.back().kind == OperationKind::Arithmetic &&
              operations[6].kind != OperationKind::Arithmetic);

/// The operation of that name or alias.
constexpr std::optional<NamedOperation> find_operation(std::string_view name) { return find_by_name(operations, name); }

/// The row of an operation.
constexpr const NamedOperation& row_of(Operation operation) { return operations[static_cast<std::size_t>(operation)]; }

/// The kind of an operation.
constexpr OperationKind kind_of(Operation operation) { return row_of(operation).kind; }

/// The name of an operation.
constexpr std::string_view name_of(Operation operation) { return row_of(operation).name; }

}  // namespace halfulp
