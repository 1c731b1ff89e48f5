// Claim: numbers are read from text with one rounding, malformed text is answered with its place, and what print writes
// is read back as the same code.
// Oracle: the compiler's reading of its own literals; numbers of the standards; by hand what the text means.
// Shared: nothing. The round trips compare parse with print alone, so what both get wrong alike is left to oracle/.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <string>

#include <halfulp/softfloat/parse.hpp>
#include <halfulp/softfloat/print.hpp>

namespace halfulp {
namespace {

constexpr Rounded read(const Format& f, std::string_view text, const Env& env = {}) {
    return parse(f, text, env).value.value();
}
constexpr std::uint64_t code64(std::string_view text) { return read(binary64, text).code; }
constexpr std::uint64_t bits(double x) { return std::bit_cast<std::uint64_t>(x); }

constexpr Status exact_status{};
constexpr Status inexact{.inexact = true};
constexpr Status overflow{.overflow = true, .inexact = true};
constexpr Status underflow{.underflow = true, .inexact = true};

// Notation
static_assert(code64("1") == bits(1.0) && code64("+1") == bits(1.0) && code64("-1") == bits(-1.0));
static_assert(code64("0") == 0 && code64("-0.000e999999") == bits(-0.0) && code64("0x0p-5") == 0);
static_assert(code64(".5") == bits(0.5) && code64("1.") == bits(1.0) && code64("+3.25E+2") == bits(325.0));
static_assert(code64("0x1.8p+3") == bits(12.0) && code64("-0X.8P-4") == bits(-0.03125) && code64("0x10") == bits(16.0));
static_assert(code64("0xFf.Ap0") == bits(255.625) && code64("0x1.8e5") == bits(0x18e5p-12));
static_assert(code64("inf") == bits(INFINITY) && code64("-Infinity") == bits(-INFINITY));
static_assert(code64("nan") == 0x7FF8000000000000 && code64("-NaN") == 0x7FF8000000000000);

// binary64
static_assert(code64("0.1") == 0x3FB999999999999A && code64("-0.1") == 0xBFB999999999999A);
static_assert(code64("1e-320") == 2024 && code64("1e-7") == bits(1e-7) && code64("1e23") == bits(1e23));
static_assert(code64("2.2250738585072012e-308") == 0x0010000000000000);
static_assert(code64("1.7976931348623157e308") == 0x7FEFFFFFFFFFFFFF);
static_assert(code64("123456789012345678901234567890") == bits(123456789012345678901234567890.0));
static_assert(code64("9007199254740993") == bits(9007199254740992.0));  // a tie, to even
static_assert(code64("9007199254740993.00000000000000000000000000000000000001") == bits(9007199254740994.0));
static_assert(code64("0x1.00000000000008p0") == bits(1.0));
static_assert(code64("0x1.000000000000080000000000000000000000000001p0") == bits(0x1.0000000000001p0));

// One rounding: by way of binary32 the first would be a tie, to 1.
static_assert(read(binary16, "1.0004882812500000001").code == 0x3C01);
static_assert(read(binary16, "1.00048828125").code == 0x3C00);

// Flags and ends of the range
static_assert(read(binary16, "65504") == Rounded{0x7BFF, exact_status});
static_assert(read(binary16, "65519.99999999999999999999") == Rounded{0x7BFF, inexact});
static_assert(read(binary16, "65520") == Rounded{0x7C00, overflow});
static_assert(read(binary16, "65535.999", {.rounding = Rounding::TowardZero}) == Rounded{0x7BFF, inexact});
static_assert(read(binary16, "65536", {.rounding = Rounding::TowardZero}) == Rounded{0x7BFF, overflow});
static_assert(read(binary16, "-65536", {.rounding = Rounding::Up}) == Rounded{0xFBFF, overflow});
static_assert(read(binary16, "0.1") == Rounded{0x2E66, inexact});
static_assert(read(binary16, "5.9604644775390625e-08") == Rounded{0x0001, exact_status});
static_assert(read(binary16, "2.98023223876953125e-8") == Rounded{0x0000, underflow});
static_assert(read(binary16, "2.980232238769531250000000000000000000000001e-8") == Rounded{0x0001, underflow});
static_assert(read(binary64, "1e999999999999999999999999") == Rounded{0x7FF0000000000000, overflow});
static_assert(read(binary64, "-1e-999999999999999999999999") == Rounded{0x8000000000000000, underflow});
static_assert(read(binary64, "1e-99999999999", {.rounding = Rounding::Up}) == Rounded{1, underflow});
static_assert(read(binary64, "0x1p99999999999999999999") == Rounded{0x7FF0000000000000, overflow});
static_assert(read(binary64, "0x1p-99999999999999999999") == Rounded{0, underflow});
static_assert(read(e4m3fn, "464") == Rounded{0x7E, inexact} && read(e4m3fn, "465") == Rounded{0x7F, overflow});
static_assert(read(e2m1, "nan") == Rounded{0x7, {.invalid = true}});
static_assert(parse<binary16>("-2.5").value->value == Float<binary16>{0xC100});
static_assert(parse<e2m1>("5", {.rounding = Rounding::Up}).value->status == inexact);

constexpr bool fails(std::string_view text, std::size_t offset, std::string_view expected) {
    return !parse(text).value && parse(text).error == ParseError{offset, expected} &&
           parse(binary16, text).error == ParseError{offset, expected} &&
           parse<binary16>(text).error == ParseError{offset, expected};
}
static_assert(fails("", 0, "a digit") && fails("-", 1, "a digit") && fails(".", 1, "a digit"));
static_assert(fails("--1", 1, "a digit") && fails(" 1", 0, "a digit") && fails("e5", 0, "a digit"));
static_assert(fails("in", 0, "a digit") && fails("na", 0, "a digit") && fails("+.e1", 2, "a digit"));
static_assert(fails("0x", 2, "a hexadecimal digit") && fails("0x.p1", 3, "a hexadecimal digit"));
static_assert(fails("1e", 2, "a digit of the exponent") && fails("1e+", 3, "a digit of the exponent"));
static_assert(fails("0x1p-", 5, "a digit of the exponent") && fails("1e.5", 2, "a digit of the exponent"));
static_assert(fails("1 ", 1, "the end of the number") && fails("1..2", 2, "the end of the number"));
static_assert(fails("1f", 1, "the end of the number") && fails("1p3", 1, "the end of the number"));
static_assert(fails("infin", 3, "the end of the number") && fails("nan(1)", 3, "the end of the number"));
static_assert(fails("0x1g", 3, "the end of the number") && fails("1e5.0", 3, "the end of the number"));
static_assert(fails(std::string_view("1\0", 2), 1, "the end of the number"));

TEST(Text, ThousandsOfDigits) {
    const std::string zeros(5000, '0');
    EXPECT_EQ(code64("9007199254740993." + zeros), bits(9007199254740992.0));
    EXPECT_EQ(code64("9007199254740993." + zeros + "1"), bits(9007199254740994.0));
    EXPECT_EQ(code64("1" + zeros + "e-5000"), bits(1.0));
    EXPECT_EQ(code64("0." + zeros + "25e5001"), bits(2.5));
    EXPECT_EQ(code64(zeros + "7"), bits(7.0));
    EXPECT_EQ(code64("0x1" + zeros + "p-20000"), bits(1.0));
    EXPECT_EQ(code64("0x." + zeros + "1p20004"), bits(1.0));
    EXPECT_EQ(code64("0x1.00000000000008" + zeros + "1p0"), bits(0x1.0000000000001p0));
    EXPECT_EQ(read(binary64, std::string(5000, '9')), (Rounded{0x7FF0000000000000, overflow}));
}

std::string shortest64(double x) { return shortest_text(binary64, bits(x)); }
std::string exact64(double x) { return exact_text(decode(binary64, bits(x))); }
std::string hex64(double x) { return hex_text(decode(binary64, bits(x))); }

TEST(Text, HexIsNormalised) {
    EXPECT_EQ(hex64(12.0), "0x1.8p+3");
    EXPECT_EQ(hex64(-0.1), "-0x1.999999999999ap-4");
    EXPECT_EQ(hex64(0x1p-1074), "0x1p-1074");
    EXPECT_EQ(hex64(0x0.08p-1022), "0x1p-1027");
    EXPECT_EQ(hex64(-0.0), "-0x0p+0");
    EXPECT_EQ(hex64(-INFINITY), "-inf");
    EXPECT_EQ(hex64(NAN), "nan");
    EXPECT_EQ(hex_text(Exact::finite(false, -127, ~u128{0})), "0x1.fffffffffffffffffffffffffffffffep+0");
}

TEST(Text, ExactDecimalHasEveryDigit) {
    EXPECT_EQ(exact_text(decode(bfloat16, 0x7F7F)), "338953138925153547590470800371487866880");
    EXPECT_EQ(exact_text(decode(binary16, 0x0001)), "0.000000059604644775390625");
    EXPECT_EQ(exact64(-0.1), "-0.1000000000000000055511151231257827021181583404541015625");
    EXPECT_EQ(exact64(1e22), "10000000000000000000000");
    EXPECT_EQ(exact64(-0.0), "-0");
    EXPECT_EQ(exact64(-INFINITY), "-inf");
    EXPECT_EQ(exact_decimal(decode(binary64, bits(0x0.fffffffffffffp-1022))).digits.size(), 767U);
}

TEST(Text, ShortestDecimal) {
    EXPECT_EQ(shortest64(0.1), "0.1");
    EXPECT_EQ(shortest64(0x1p-44), "5.684341886080802e-14");  // the neighbour below has half the distance
    EXPECT_EQ(shortest64(9007199254740992.0), "9007199254740992");
    EXPECT_EQ(shortest64(0x1p-1074), "5e-324");
    EXPECT_EQ(shortest64(-0.0), "-0");
    EXPECT_EQ(shortest64(NAN), "nan");
    EXPECT_EQ(shortest_text(binary16, 0x7BFF), "65504");
    EXPECT_EQ(shortest_text(binary16, 0xFC00), "-inf");
    EXPECT_EQ(shortest_text(binary16, 0x0001), "6e-08");
    EXPECT_EQ(shortest_text(bfloat16, 0x7F7F), "3.39e+38");
    EXPECT_EQ(shortest_text(e4m3fn, 0x7E), "448");
    EXPECT_EQ(shortest_text(e4m3fnuz, 0x80), "nan");
    EXPECT_EQ(shortest_text(e2m1, 0x7), "6");
    EXPECT_EQ(shortest_text(e2m1, 0xF), "-6");
    EXPECT_EQ(shortest_text(e8m0, 0xFE), "2e+38");  // 2^127: [0.75, 1.5] times it reads back
    EXPECT_EQ(shortest_text(e8m0, 0x00), "6e-39");
    EXPECT_EQ(shortest_text(e8m0, 0xFF), "nan");
}

TEST(Text, ExponentsOnlyWhereTheyHelp) {
    EXPECT_EQ(shortest64(1e15), "1000000000000000");
    EXPECT_EQ(shortest64(1e16), "1e+16");
    EXPECT_EQ(shortest64(1234567890123456.5), "1234567890123456.5");
    EXPECT_EQ(shortest64(1e-4), "0.0001");
    EXPECT_EQ(shortest64(1.25e-5), "1.25e-05");
    EXPECT_EQ(shortest64(-1.5e300), "-1.5e+300");
}

TEST(Text, ZerosBeforeThePointAreNotShorterThanDigits) {
    const Decimal three_digits = shortest_decimal(binary16, 0x7BFF);
    EXPECT_EQ(scientific(three_digits), "6.55e+04");
    EXPECT_EQ(shortest_text(binary16, 0x7BFF), "65504");
    EXPECT_EQ(shortest_text(bfloat16, 0x4E80), "1073741824");
    EXPECT_EQ(scientific(shortest_decimal(bfloat16, 0x4E80)), "1.074e+09");
    EXPECT_EQ(shortest_text(e4m3fn, 0xFE), "-448");
}

TEST(Text, EveryCodeOfAtMost16BitsReadsBack) {
    for (const NamedFormat& row : formats) {
        const Format& f = row.format;
        if (f.width > 16) continue;
        for (std::uint64_t code = 0; code <= f.code_mask(); ++code) {
            const Exact x = decode(f, code);
            const std::uint64_t expected = x.kind == Kind::NaN ? f.nan_code() : code;
            for (const std::string& text : {hex_text(x), exact_text(x), shortest_text(f, code)})
                ASSERT_EQ(read(f, text).code, expected) << row.name << " code " << code << " as " << text;
            for (const std::string& text : {hex_text(x), exact_text(x)})
                ASSERT_EQ(read(f, text).status, exact_status) << row.name << " code " << code << " as " << text;
        }
    }
}

}  // namespace
}  // namespace halfulp
