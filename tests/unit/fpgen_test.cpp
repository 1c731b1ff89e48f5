// Claim: IBM FPgen's lines are read as its syntax.txt says, and what differs is found and told with its line.
// Oracle: the examples of syntax.txt, and lines whose results follow from IEEE 754 by hand. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include <halfulp/lib/conformance/fpgen.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/folder.hpp"

namespace halfulp {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

struct Outcome {
    FpgenReport report;
    std::vector<std::string> told, skipped;
};

class Fpgen : public test::FolderTest {
  protected:
    Outcome check(const std::string& lines) const {
        const std::string path = file("cases.fptest", lines).string();
        Outcome outcome;
        outcome.report = check_fpgen(
            path, [&](const std::string& text) { outcome.told.push_back(text.substr(path.size())); },
            [&](const std::string& why) { outcome.skipped.push_back(why); });
        return outcome;
    }
};

TEST_F(Fpgen, KnownLinesAreRight) {
    const Outcome outcome = check(
        "Floating Point Tests:\n"
        "b32+ =0 i  -1.6E9177P49 -1.7FFFFFP127 -> -1.7FFFFFP127 x\n"    // syntax.txt
        "b32V =0  -1.7FFFFFP127 -> Q i\n"                               // syntax.txt
        "b32*+ =0  +0.7FFFFFP-126 -1.7FFFFFP127 -Inf -> -Inf\n"         // syntax.txt
        "b32V =0 i -Inf -> # i\n"                                       // syntax.txt
        "b32*+ =0 i +1.000000P-126 -1.2801D9P-113 -Zero -> -Zero xu\n"  // quoted in HOL4's issue 1011
        "b32/ > +1.000000P0 +1.400000P1 -> +1.2AAAABP-2 x\n"            // 1 / 3
        "b32/ =^ +1.000000P0 +Zero -> +Inf z\n"
        "b32- < +1.000000P0 +1.000000P0 -> -Zero\n"
        "b32* 0 +1.7FFFFFP127 +1.000000P1 -> +1.7FFFFFP127 xo\n"
        "b32* =0 +1.000400P-63 +1.7FF800P-64 -> +1.000000P-126 xw\n"  // tiny before rounding alone
        "b64* =0 +1.8000000000000P0 +1.8000000000000P0 -> +1.2000000000000P1\n"
        "b32% =0 +1.200000P2 +1.400000P1 -> -1.000000P0\n"  // 5 rem 3
        "b32rfi =0 +1.400000P0 -> +1.000000P1 x\n"          // 1.5
        "b32~ =0 +Zero -> -Zero\n"
        "b32A =0 -Inf -> +Inf\n"
        "b32@ =0 +1.000000P0 -Zero -> -1.000000P0\n"
        "b32Nu =0 +Zero -> +0.000001P-126\n"
        "b32Nd =0 +Inf -> +1.7FFFFFP127\n"
        "b32<C =0 Q +1.000000P0 -> +1.000000P0\n"
        "b32>A =0 -1.000000P1 +1.000000P0 -> -1.000000P1\n"
        "b32L =0 +1.400000P-3 -> -1.400000P1\n"  // -3
        "b32+ =0 S +Zero -> Q i\n");
    EXPECT_THAT(outcome.told, ElementsAre());
    EXPECT_EQ(outcome.report.tests, 22U);
    EXPECT_EQ(outcome.report.unsupported, 0U);
}

TEST_F(Fpgen, WhatDiffersIsToldWithItsLine) {
    const Outcome outcome = check(
        "b32+ =0 +1.000000P0 +1.000000P0 -> +1.000001P1\n"
        "b32+ =0 +1.000000P0 +1.000000P0 -> +1.000000P1 x\n"
        "b32* =0 +1.000400P-63 +1.7FF800P-64 -> +1.000000P-126 xu\n");
    EXPECT_EQ(outcome.report.wrong, 3U);
    EXPECT_THAT(outcome.told,
                ElementsAre(HasSubstr(":1: b32+ =0 +1.000000P0 +1.000000P0 -> +1.000001P1: found code 40000000"),
                            HasSubstr("exceptions other than expected"), HasSubstr("tininess after rounding")));
}

TEST_F(Fpgen, WhatCannotBeCheckedIsCountedByReason) {
    const Outcome outcome = check(
        "b32b64cff =0 +1.000000P0 -> +1.0000000000000P0\n"
        "b32?N =0 +1.000000P0 -> 0x0\n"
        "d64+ =0 +1E0 +1E0 -> +2E0\n"
        "b128+ =0 +Zero +Zero -> +Zero\n"
        "b32* =0 o +1.7FFFFFP127 +1.000000P1 -> +1.7FFFFFP-64 o\n");
    EXPECT_EQ(outcome.report.tests, 0U);
    EXPECT_THAT(outcome.skipped, ElementsAre("the operation cff", "the operation ?N", "the format d64",
                                             "the format b128", "a trapped overflow or underflow"));
    EXPECT_EQ(outcome.report.unsupported, 5U);
}

TEST_F(Fpgen, MalformedLinesAreCountedAndTold) {
    const Outcome outcome = check(
        "b32+ =0 +1.000000P0 -> +1.000000P1\n"
        "b32+ =1 +1.000000P0 +1.000000P0 -> +1.000000P1\n"
        "b32+ =0 +1.000000P0 1.000000P0 -> +1.000000P1\n"
        "b32+ =0 +1.000000P0 +2.000000P0 -> +1.000000P1\n"
        "b32+ =0 +1.000000P0 +1.800000P0 -> +1.000000P1\n"
        "b32+ =0 +1.000000P0 +1.000000P128 -> +1.000000P1\n"
        "b32+ =0 +1.000000P0 +1.00000gP0 -> +1.000000P1\n"
        "b32+ =0 +1.000000P0 +1.000000P0 -> +1.000000P1 q\n"
        "b32+\n"
        "b33+ =0 +1.000000P0 +1.000000P0 -> +1.000000P1\n"
        "b32plus =0 +1.000000P0 +1.000000P0 -> +1.000000P1\n"
        "e32+ =0 +1.000000P0 +1.000000P0 -> +1.000000P1\n"
        "prose\n");
    EXPECT_EQ(outcome.report.malformed, 13U);
    EXPECT_EQ(outcome.report.unsupported, 0U);
    EXPECT_EQ(outcome.told.at(0), ":1: expected 2 operands, ->, a result and exceptions, found 3 words more");
    EXPECT_EQ(outcome.told.at(1), ":2: expected a rounding of >, <, 0, =0, =^, found \"=1\"");
    EXPECT_EQ(outcome.told.at(2), ":3: expected a number with a sign, Q or S, found \"1.000000P0\"");
    EXPECT_EQ(outcome.told.at(5), ":6: expected a number of fp32, found \"1.000000P128\"");
    EXPECT_EQ(outcome.told.at(8), ":9: expected operation, rounding, operands, ->, result, found \"b32+\"");
    EXPECT_EQ(outcome.told.at(9), ":10: expected a format of b16, b32, b64, b128, d32, d64, d128, found \"b33+\"");
    EXPECT_EQ(outcome.told.at(10), ":11: expected an operation of FPgen's, found \"b32plus\"");
    EXPECT_EQ(outcome.told.at(11), ":12: expected a format of b16, b32, b64, b128, d32, d64, d128, found \"e32+\"");
}

TEST_F(Fpgen, ProseBeforeTheFirstCaseIsNoCaseAndAMalformedCaseIsNoProse) {
    const std::string right = "b32+ =0 +1.000000P0 +1.000000P0 -> +1.000000P1\n";
    const Outcome prose = check("Floating Point Tests: Adds\ncopyright\nby 2 of us\n\n# b33+ -> a comment\n" + right);
    EXPECT_EQ(prose.report.tests, 1U);
    EXPECT_THAT(prose.told, ElementsAre());
    for (const std::string first : {"b33+ =0 +Zero\n", "x32+ =0 +1.000000P0 +1.000000P0 -> +1.000000P1\n"}) {
        const Outcome outcome = check("Floating Point Tests:\n" + first + right);
        EXPECT_EQ(outcome.report.tests, 1U);
        EXPECT_EQ(outcome.report.malformed, 1U) << first;
        EXPECT_THAT(outcome.told.at(0), HasSubstr(":2: expected "));
    }
}

}  // namespace
}  // namespace halfulp
