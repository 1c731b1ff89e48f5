#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/integer.hpp>
#include <halfulp/softfloat/operation.hpp>

// Berkeley TestFloat's test cases, as testfloat_gen prints them and testfloat_ver reads them: a line of the operands,
// the result and the exceptions, hexadecimal and separated by blanks.   E80B 7C1B 7E1B 10
// The exceptions' bits are, from the last on: inexact, underflow, overflow, divide by zero, invalid.

namespace halfulp {

/// How a set of cases was generated, and what of it is compared.
struct TestFloatOptions {
    Env env = {.nan = NanPolicy::X86Sse};  ///< testfloat_gen's NaNs are those of its 8086-SSE build
    bool exact = false;                    ///< -exact: what rounds to an integer raises inexact
    bool check_nans = false;               ///< -checkNaNs: a NaN result is compared bit for bit
    bool check_invalid_integers = false;   ///< -checkInvInts: the integer of an invalid conversion is compared
};

/// A type of an operand or a result.
using TestFloatType = std::variant<Format, IntegerType>;

/// A function that TestFloat names: f16_add, f32_to_ui64.
struct TestFloatFunction {
    std::string name;        ///< TestFloat's, such as f16_to_f32
    Operation operation;     ///< Convert for every conversion, to and from integers too
    TestFloatType from, to;  ///< of operands and result
};

/// Every one that this library has: each operation in f16, bf16, f32 and f64, each conversion among these and i32, i64,
/// ui32 and ui64.
std::vector<TestFloatFunction> testfloat_functions();

/// What the function makes of operands.
Rounded evaluate(const TestFloatFunction& function, const Operands& operands, const TestFloatOptions& options);

/// What became of a set of cases.
struct TestFloatReport {
    std::uint64_t tests = 0, wrong = 0, malformed = 0;  ///< lines of each kind
};

/// Checks every line. `tell` gets a line of text for each that is wrong or malformed: its number, what was expected and
/// what was found.
TestFloatReport check_testfloat(const TestFloatFunction& function, const TestFloatOptions& options, std::istream& lines,
                                const std::function<void(const std::string&)>& tell);

/// Applies an option in TestFloat's own spelling, such as -rnear_even or -exact; false if it is none.
bool apply_testfloat_option(std::string_view word, TestFloatOptions& options);

/// "-rnear_even, -rnear_maxMag, ...".
std::string testfloat_option_names();

}  // namespace halfulp
