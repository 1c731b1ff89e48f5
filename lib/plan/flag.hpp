#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace halfulp::plan {

/// What makes results worse than independent roundings would.
enum class Flag : std::uint8_t {
    Overflow,
    Underflow,
    Bias,
    Stagnation,
    Truncation,
    IntegerOverflow,
    IntegerSaturation,
};

/// A row of the table of flags.
struct FlagRow {
    Flag flag;              ///< which one
    std::string_view name;  ///< as reports print it
    std::string_view rule;  ///< when it is raised
    bool forbids;           ///< the policy is not to be run
};

/// A row for each enumerator, in their order.
inline constexpr std::array flag_rows = {
    FlagRow{
        Flag::Overflow, "overflow",
        "a number is beyond the storage format, or a running sum beyond the format that sums; where only some results "
        "are looked at, from half of its largest number on",
        true},
    FlagRow{
        Flag::Underflow, "underflow",
        "the squares of what storing changes are more than 9 times what rounding to the format's precision would change, or "
        "no running sum is a normal number",
        false},
    FlagRow{Flag::Bias, "bias", "what storing changes goes one way: to more than 4 times what independent errors would",
            false},
    FlagRow{Flag::Stagnation, "stagnation",
            "terms below one unit of the running sum of their lane are rounded one way: to more than 4 times what "
            "independent errors would",
            false},
    FlagRow{Flag::Truncation, "truncation",
            "what a matrix unit cuts off goes one way: to more than 4 times what independent errors would", false},
    FlagRow{Flag::IntegerOverflow, "int32 overflow", "K times the largest bytes reaches 2^31", true},
    FlagRow{
        Flag::IntegerSaturation, "int8 saturation",
        "two products of bytes that VPMADDUBSW adds are beyond 16 bits; where only some results are looked at, if those "
        "of others can be",
        true},
};

/// The row of a flag.
constexpr const FlagRow& row_of(Flag flag) { return flag_rows[static_cast<std::size_t>(flag)]; }

/// A flag, with the numbers that raised it.
struct Raised {
    Flag flag;        ///< which one
    std::string why;  ///< with numbers
};

}  // namespace halfulp::plan
