// Claim: TestFloat's lines are read as TestFloat means them: each function name stands for its operation, and what
// differs, by a bit of the result or of the exceptions, is found and told with its line.
// Oracle: lines whose results follow from IEEE 754 by hand, and two that testfloat_gen printed (f16_add, f16_mulAdd).
// Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <vector>

#include <halfulp/lib/conformance/testfloat.hpp>

namespace halfulp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Outcome {
    TestFloatReport report;
    std::vector<std::string> told;
};

Outcome check(std::string_view name, const std::vector<std::string_view>& words, const std::string& lines) {
    const auto functions = testfloat_functions();
    const auto function = std::find_if(functions.begin(), functions.end(), [&](auto& f) { return f.name == name; });
    if (function == functions.end()) throw std::invalid_argument(std::string(name));
    TestFloatOptions options;
    for (const auto word : words) EXPECT_TRUE(apply_testfloat_option(word, options)) << word;
    std::istringstream input(lines);
    Outcome outcome;
    outcome.report =
        check_testfloat(*function, options, input, [&](const std::string& text) { outcome.told.push_back(text); });
    return outcome;
}

struct Known {
    std::string_view function;
    std::vector<std::string_view> options;
    std::string line;
};

const std::vector<Known> known = {
    {"f16_add", {}, "E80B 7C1B 7E1B 10"},                     // testfloat_gen: a signaling NaN, quieted
    {"f16_mulAdd", {}, "06FC 08EE 0400 0400 01"},             // testfloat_gen
    {"f16_sub", {}, "3C00 3C00 0000 00"},                     // 1 - 1
    {"f16_sub", {"-rmin"}, "3C00 3C00 8000 00"},              //
    {"bf16_mul", {}, "3F80 4049 4049 00"},                    // 1 * 3.140625
    {"f16_div", {}, "3C00 0000 7C00 08"},                     // 1 / 0
    {"f16_div", {"-rnear_maxMag"}, "3C00 4200 3555 01"},      // 1 / 3
    {"f16_div", {"-rmax"}, "3C00 4200 3556 01"},              //
    {"f16_rem", {}, "4500 4200 BC00 00"},                     // 5 rem 3 = -1
    {"f32_sqrt", {}, "40800000 40000000 00"},                 // 4
    {"f16_sqrt", {"-checkNaNs"}, "BC00 FE00 10"},             // -1
    {"f16_roundToInt", {}, "3E00 4000 00"},                   // 1.5
    {"f16_roundToInt", {"-exact"}, "3E00 4000 01"},           //
    {"f16_roundToInt", {"-rodd", "-exact"}, "4100 4200 01"},  // 2.5 to 3
    {"f16_eq", {}, "0000 8000 1 00"},                         // -0 is 0
    {"f16_mulAdd", {}, "0000 7C00 7E00 7E00 10"},             // s_mulAddF16.c: invalid, whatever the addend
    {"f16_mulAdd", {"-checkNaNs"}, "7C00 8000 7E05 FE00 10"},
    {"f32_mulAdd", {}, "00000000 7F800000 7FC00000 FFC00000 10"},
    {"f16_eq", {}, "7E00 7E00 0 00"},                         //
    {"f16_eq_signaling", {}, "7E00 7E00 0 10"},               //
    {"f16_lt", {}, "7E00 3C00 0 10"},                         //
    {"f16_lt", {}, "3C00 4000 1 00"},                         //
    {"f16_lt_quiet", {}, "7E00 3C00 0 00"},                   //
    {"f16_le", {}, "3C00 3C00 1 00"},                         //
    {"f16_le_quiet", {}, "7E00 3C00 0 00"},                   //
    {"f32_to_f16", {}, "477FF000 7C00 05"},                   // 65520
    {"f32_to_f16", {"-rminMag"}, "477FF000 7BFF 01"},         //
    {"f32_to_f16", {"-rodd"}, "7F7FFFFF 7BFF 05"},            // to odd never overflows to infinity
    {"f32_to_f16", {"-tininessafter"}, "387FF000 0400 01"},   // 2^-14 - 2^-26: not tiny once rounded
    {"f32_to_f16", {"-tininessbefore"}, "387FF000 0400 03"},  //
    {"f64_to_bf16", {}, "3FF0100000000001 3F81 01"},          // just above a tie: no second rounding
    {"f16_to_f64", {}, "0001 3E70000000000000 00"},           // 2^-24
    {"f16_to_i32", {}, "C300 FFFFFFFC 00"},                   // -3.5 to -4
    {"f16_to_i32", {"-exact"}, "C300 FFFFFFFC 01"},           //
    {"f16_to_i32", {"-checkInvInts"}, "7E00 80000000 10"},    // x86's indefinite integer
    {"f32_to_ui64", {"-checkInvInts"}, "BF800000 FFFFFFFFFFFFFFFF 10"},
    {"f32_to_ui64", {}, "BF800000 0 10"},  // other processors' answer
    {"i32_to_f16", {}, "FFFFFFFF BC00 00"},
    {"ui32_to_f16", {}, "FFFFFFFF 7C00 05"},
    {"i64_to_f64", {}, "7FFFFFFFFFFFFFFF 43E0000000000000 01"},
    {"ui64_to_bf16", {"-rmin"}, "FFFFFFFFFFFFFFFF 5F7F 01"},
};

TEST(TestFloat, KnownLinesAreRight) {
    for (const Known& row : known) {
        const Outcome outcome = check(row.function, row.options, row.line + "\n");
        EXPECT_EQ(outcome.report.tests, 1U) << row.function;
        EXPECT_EQ(outcome.report.wrong, 0U) << row.function << ' ' << testing::PrintToString(outcome.told);
    }
}

// Each line with another last bit of the exceptions, of every operand's result.
TEST(TestFloat, AWrongExceptionIsFound) {
    for (const Known& row : known) {
        std::string line = row.line;
        line.back() = line.back() == '0' ? '1' : line.back() == '8' ? '9' : '0';
        EXPECT_EQ(check(row.function, row.options, line).report.wrong, 1U) << row.function << ' ' << line;
    }
}

TEST(TestFloat, AWrongResultIsToldWithItsLine) {
    const Outcome outcome = check("f16_mulAdd", {}, "06FC 08EE 0400 0400 01\n06FC 08EE 0400 0401 01\n");
    EXPECT_EQ(outcome.report.tests, 2U);
    EXPECT_THAT(outcome.told, ElementsAre("line 2: 06FC 08EE 0400 0401 01: found 0400 01"));
}

TEST(TestFloat, NaNsAreComparedAsTheOptionsSay) {
    EXPECT_EQ(check("f16_add", {}, "7E00 3C00 7FFF 00").report.wrong, 0U);
    EXPECT_EQ(check("f16_add", {"-checkNaNs"}, "7E00 3C00 7FFF 00").report.wrong, 1U);
    EXPECT_EQ(check("f16_add", {}, "7E00 3C00 7C00 00").report.wrong, 1U);
    EXPECT_EQ(check("f16_to_i32", {}, "7E00 00000000 10").report.wrong, 0U);
    EXPECT_EQ(check("f16_to_i32", {"-checkAll"}, "7E00 00000000 10").report.wrong, 1U);
}

TEST(TestFloat, MalformedLinesAreCountedAndTold) {
    const Outcome outcome =
        check("f16_add", {},
              "3C00 3C00 4000\n3C00 3C00 4000 00 00\n3C00 13C00 4000 00\n3C00 3C0x 4000 00\n\n3C00 3C00 4000 20\n");
    EXPECT_EQ(outcome.report.tests, 0U);
    EXPECT_EQ(outcome.report.malformed, 6U);
    EXPECT_THAT(outcome.told, ElementsAre("line 1: expected a hexadecimal number up to 1F, found the end of the line",
                                          "line 2: expected 4 words, found another one, \"00\"",
                                          "line 3: expected a hexadecimal number up to FFFF, found \"13C00\"",
                                          "line 4: expected a hexadecimal number up to FFFF, found \"3C0x\"",
                                          "line 5: expected a hexadecimal number up to FFFF, found the end of the line",
                                          "line 6: expected a hexadecimal number up to 1F, found \"20\""));
}

TEST(TestFloat, EveryFunctionHasItsOwnName) {
    auto functions = testfloat_functions();
    EXPECT_EQ(functions.size(), 4U * 14U + 4U * 3U + 2U * 4U * 4U);
    std::sort(functions.begin(), functions.end(), [](auto& a, auto& b) { return a.name < b.name; });
    const auto same = [](auto& a, auto& b) { return a.name == b.name; };
    EXPECT_EQ(std::adjacent_find(functions.begin(), functions.end(), same), functions.end());
    TestFloatOptions options;
    EXPECT_FALSE(apply_testfloat_option("-rnear", options));
}

}  // namespace
}  // namespace halfulp
