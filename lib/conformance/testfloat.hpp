#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/conformance/value_type.hpp>
#include <halfulp/softfloat/operation.hpp>
#include <halfulp/softfloat/round_pack.hpp>

// Berkeley TestFloat's lines: hexadecimal operands, the result, and the exceptions as a hexadecimal number, separated by
// blanks, as testfloat_gen prints them:   E80B 7C1B 7E1B 10

namespace halfulp {

/// How a set of lines was generated, and what is compared; testfloat_gen's and testfloat_ver's options.
struct TestFloatOptions {
    Env env = {.nan = NanPolicy::X86Sse};
    bool exact = false;  ///< -exact: functions to an integer raise inexact
    bool check_nans = false;                ///< -checkNaNs: compare NaN results bit for bit, not only that they are NaN
    bool check_invalid_integers = false;    ///< -checkInvInts: compare integers of invalid conversions too
};

/// A function that TestFloat names and this library has.
struct TestFloatFunction {
    std::string name;
    std::vector<ValueType> operands;
    int result_bits;                         ///< 1 for a comparison
    std::optional<Format> result_format = {};  ///< empty for an integer or a truth value
    std::function<Rounded(const Operands&, const TestFloatOptions&)> evaluate = {};
};

/// Every one of them.
std::vector<TestFloatFunction> testfloat_functions();

/// The function of that name. Throws InputError with the known names.
TestFloatFunction find_testfloat_function(std::string_view name);

/// What became of a set of lines.
struct TestFloatReport {
    std::uint64_t tests = 0, wrong = 0, malformed = 0;
};

/// Checks lines to their end. Each wrong or malformed line is given to `tell`, with its number, what was expected and
/// what was found.
TestFloatReport check_testfloat(const TestFloatFunction& function, const TestFloatOptions& options, std::istream& lines,
                                const std::function<void(const std::string&)>& tell);

/// TestFloat's option word, such as -rnear_even or -exact, applied to the options. False if it is none.
bool apply_testfloat_option(std::string_view word, TestFloatOptions& options);

/// "-rnear_even, -rnear_maxMag, ...".
std::string testfloat_option_names();

}  // namespace halfulp
