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

/// Does it compare two numbers, and signal where they are NaN?
constexpr bool is_comparison(Operation operation) {
    return operation >= Operation::Equal && operation <= Operation::Unordered;
}

/// What the 64 bits of an operand or a result stand for.
enum class Domain : std::uint8_t {
    Number,   ///< a code of a format
    Integer,  ///< two's complement
    Truth,    ///< 0 or 1
    Class,    ///< an enumerator of Class
};

/// A row for each enumerator, in their order.
struct NamedOperation {
    std::string_view name;
    Operation operation;
    unsigned operands;
    Aliases aliases = {};  ///< of IEEE 754, C and TestFloat
    Domain result = Domain::Number;
    Domain last_operand = Domain::Number;  ///< of the others it is Number
};

inline constexpr std::array operations = {
    NamedOperation{"add", Operation::Add, 2, {"addition"}},
    NamedOperation{"sub", Operation::Sub, 2, {"subtraction"}},
    NamedOperation{"mul", Operation::Mul, 2, {"multiplication"}},
    NamedOperation{"div", Operation::Div, 2, {"division"}},
    NamedOperation{"sqrt", Operation::Sqrt, 1, {"squareRoot"}},
    NamedOperation{"fma", Operation::Fma, 3, {"mulAdd", "fusedMultiplyAdd"}},
    NamedOperation{"remainder", Operation::Remainder, 2, {"rem"}},
    NamedOperation{"fmod", Operation::Fmod, 2},
    NamedOperation{"round_to_integral", Operation::RoundToIntegral, 1, {"roundToInt", "nearbyint"}},
    NamedOperation{"round_to_integral_exact", Operation::RoundToIntegralExact, 1, {"roundToIntegralExact", "rint"}},
    NamedOperation{"scalb", Operation::Scalb, 2, {"scaleB", "scalbn", "ldexp"}, Domain::Number, Domain::Integer},
    NamedOperation{"logb", Operation::Logb, 1, {"logB"}},
    NamedOperation{"convert", Operation::Convert, 1, {"convertFormat"}},
    NamedOperation{"min_num", Operation::MinNum, 2, {"minNum"}},
    NamedOperation{"max_num", Operation::MaxNum, 2, {"maxNum"}},
    NamedOperation{"min_num_mag", Operation::MinNumMag, 2, {"minNumMag"}},
    NamedOperation{"max_num_mag", Operation::MaxNumMag, 2, {"maxNumMag"}},
    NamedOperation{"minimum", Operation::Minimum, 2, {"fminimum"}},
    NamedOperation{"maximum", Operation::Maximum, 2, {"fmaximum"}},
    NamedOperation{"minimum_magnitude", Operation::MinimumMagnitude, 2, {"minimumMagnitude", "fminimum_mag"}},
    NamedOperation{"maximum_magnitude", Operation::MaximumMagnitude, 2, {"maximumMagnitude", "fmaximum_mag"}},
    NamedOperation{"minimum_number", Operation::MinimumNumber, 2, {"minimumNumber", "fminimum_num"}},
    NamedOperation{"maximum_number", Operation::MaximumNumber, 2, {"maximumNumber", "fmaximum_num"}},
    NamedOperation{"minimum_magnitude_number",
                   Operation::MinimumMagnitudeNumber,
                   2,
                   {"minimumMagnitudeNumber", "fminimum_mag_num"}},
    NamedOperation{"maximum_magnitude_number",
                   Operation::MaximumMagnitudeNumber,
                   2,
                   {"maximumMagnitudeNumber", "fmaximum_mag_num"}},
    NamedOperation{"next_up", Operation::NextUp, 1, {"nextUp", "nextup"}},
    NamedOperation{"next_down", Operation::NextDown, 1, {"nextDown", "nextdown"}},
    NamedOperation{"negate", Operation::Negate, 1, {"neg"}},
    NamedOperation{"abs", Operation::Abs, 1, {"fabs"}},
    NamedOperation{"copy_sign", Operation::CopySign, 2, {"copySign", "copysign"}},
    NamedOperation{"eq", Operation::Equal, 2, {"compareQuietEqual"}, Domain::Truth},
    NamedOperation{"eq_signaling", Operation::EqualSignaling, 2, {"compareSignalingEqual"}, Domain::Truth},
    NamedOperation{"lt", Operation::Less, 2, {"compareSignalingLess"}, Domain::Truth},
    NamedOperation{"lt_quiet", Operation::LessQuiet, 2, {"compareQuietLess"}, Domain::Truth},
    NamedOperation{"le", Operation::LessEqual, 2, {"compareSignalingLessEqual"}, Domain::Truth},
    NamedOperation{"le_quiet", Operation::LessEqualQuiet, 2, {"compareQuietLessEqual"}, Domain::Truth},
    NamedOperation{"unordered", Operation::Unordered, 2, {"compareQuietUnordered"}, Domain::Truth},
    NamedOperation{"total_order", Operation::TotalOrder, 2, {"totalOrder"}, Domain::Truth},
    NamedOperation{"total_order_mag", Operation::TotalOrderMag, 2, {"totalOrderMag"}, Domain::Truth},
    NamedOperation{"classify", Operation::Classify, 1, {"class"}, Domain::Class},
    NamedOperation{"logb_integer", Operation::LogbInteger, 1, {"ilogb"}, Domain::Integer},
};

/// What independent oracles are asked for: correctly rounded in every format.
inline constexpr auto arithmetic_operations = first_rows<6>(operations);
static_assert(arithmetic_operations.back().operation == Operation::Fma);

/// The operation of that name or alias.
constexpr std::optional<NamedOperation> find_operation(std::string_view name) { return find_by_name(operations, name); }

/// The row of an operation.
constexpr const NamedOperation& row_of(Operation operation) { return operations[static_cast<std::size_t>(operation)]; }

/// The name of an operation.
constexpr std::string_view name_of(Operation operation) { return row_of(operation).name; }

}  // namespace halfulp
