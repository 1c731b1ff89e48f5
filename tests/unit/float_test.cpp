// Claim: Float<F> computes at compile time, mixes formats with one rounding, compares as IEEE 754 does, and gets the
// known traps of double rounding right.
// Oracle: literals: the arithmetic of small numbers, IEEE 754-2019, 5.11, and for the traps the results published with
// them or, where none was, the short computation beside it. Shared: nothing.
#include <gtest/gtest.h>

#include <halfulp/softfloat/float.hpp>
#include <limits>

namespace halfulp {
namespace {

using Half = Float<binary16>;
using Bfloat = Float<bfloat16>;
using Single = Float<binary32>;
using Double = Float<binary64>;

static_assert(sizeof(Half) == 2 && sizeof(Bfloat) == 2 && sizeof(Single) == 4 && sizeof(Double) == 8);
static_assert(sizeof(Float<e4m3fn>) == 1 && sizeof(Float<e2m1>) == 1 && sizeof(Float<tf32>) == 4);
static_assert(Float<e2m1>::from_code(0xF7).code == 0x7, "bits above the width are dropped");

constexpr Half one{0x3C00}, two{0x4000}, three{0x4200}, zero{0x0000}, minus_zero{0x8000};
constexpr Half inf{0x7C00}, minus_inf{0xFC00}, nan{0x7E00}, max{0x7BFF};

static_assert((one + two).code == 0x4200);
static_assert((one - three).code == 0xC000);
static_assert((two * three).code == 0x4600);
static_assert((three / two).code == 0x3E00);
static_assert((one / three).code == 0x3555);
static_assert((max + max).code == inf.code);
static_assert((inf - inf).code == nan.code);
static_assert((Half{0x6800} + one).code == 0x6800);  // 2048 + 1

// Comparison.
static_assert(zero == minus_zero && !(zero < minus_zero) && one != two);
static_assert(one < two && two > one && one <= one && minus_inf < zero && max < inf);
static_assert(inf == inf && minus_inf == minus_inf && minus_inf != inf);
static_assert(nan != nan && !(nan == nan) && !(nan < one) && !(nan > one) && !(nan <= nan));
static_assert((nan <=> inf) == std::partial_ordering::unordered);
static_assert((Half{0x0001} <=> zero) == std::partial_ordering::greater);
static_assert(Half{0x3C00} == Double{0x3FF0000000000000} && Half{0x3C00} == Bfloat{0x3F80});
static_assert(Single{0x3F800001} > Half{0x3C00} && Float<e4m3fnuz>{0x80} != Float<e4m3fnuz>{0x80});
static_assert(Double{0x0000000000000001} < Half{0x0001} && Double{0x7FEFFFFFFFFFFFFF} < inf);

// Mixed formats, one rounding.
static_assert(add<binary32>(Half{0x3C00}, Bfloat{0x3F80}).value.code == 0x40000000);
static_assert(mul<binary16>(Bfloat{0x7F00}, Bfloat{0x0000}).value.code == 0);
static_assert(mul<e4m3fn>(Half{0x4D00}, Bfloat{0x41A0}).value.code ==
              0x7C);  // 20 * 20 = 400, between 384 and 416: even
static_assert(sub<bfloat16>(Single{0x3F800001}, Half{0x3C00}).value.code == 0x3400);  // 2^-23
static_assert(div<binary64>(Half{0x3C00}, Float<e2m1>{0x5}).value.code == 0x3FD5555555555555);
static_assert(sqrt<bfloat16>(Half{0x4000}).value.code == 0x3FB5);
static_assert(fma<binary32>(Float<e4m3fn>{0x38}, Float<e5m2>{0x3C}, Double{0x3BF0000000000000}).value.code ==
              0x3F800000);
static_assert(fma<binary32>(Float<e4m3fn>{0x38}, Float<e5m2>{0x3C}, Double{0x3BF0000000000000}, {Rounding::Up})
                  .value.code == 0x3F800001);
static_assert(convert<binary16>(Single{0x477FF000}).status == Status{.overflow = true, .inexact = true});
static_assert(div<binary16>(one, zero).status == Status{.divide_by_zero = true});
static_assert(sqrt<binary16>(Half{0xBC00}).status == Status{.invalid = true});
static_assert(sqrt<binary16>(minus_zero).value.code == 0x8000 && sqrt<binary16>(minus_zero).status == Status{});
static_assert(add<binary16>(Half{0x7D00}, one).status == Status{.invalid = true}, "a signaling NaN");
static_assert(add<binary16>(nan, one).status == Status{}, "a quiet NaN");
static_assert(fma<binary16>(zero, inf, nan).status == Status{.invalid = true});
static_assert(to_integer<int>(Half{0xC100}).value == -2);  // -2.5
static_assert(to_integer<int>(Half{0xC100}, {Rounding::NearestAway}).value == -3);
static_assert(from_integer<binary16>(2049).value.code == 0x6800 && from_integer<binary16>(2049).status.inexact);

// Signs of zeros (IEEE 754-2019, 6.3).
constexpr Env down{.rounding = Rounding::Down};
static_assert(sub<binary16>(one, one).value.code == 0 && sub<binary16>(one, one, down).value.code == 0x8000);
static_assert(add<binary16>(minus_zero, minus_zero).value.code == 0x8000);
static_assert(add<binary16>(zero, minus_zero).value.code == 0 && add<binary16>(zero, zero, down).value.code == 0);
static_assert(add<binary16>(zero, minus_zero, down).value.code == 0x8000);
static_assert(sub<binary16>(minus_zero, zero).value.code == 0x8000 && sub<binary16>(zero, zero).value.code == 0);
static_assert(mul<binary16>(minus_zero, one).value.code == 0x8000);
static_assert(fma<binary16>(one, minus_zero, zero).value.code == 0);
static_assert(fma<binary16>(one, minus_zero, minus_zero).value.code == 0x8000);
static_assert(fma<binary16>(Half{0x8001}, Half{0x0001}, minus_zero).value.code == 0x8000, "an inexact zero has a sign");
static_assert(fma<binary16>(Half{0x8001}, Half{0x0001}, zero).value.code == 0x8000);

// fma by way of a wider type: rounded there first, these go wrong.
constexpr std::uint64_t fma16(std::uint16_t a, std::uint16_t b, std::uint16_t c, Rounding r = Rounding::NearestEven) {
    return fma<binary16>(Half{a}, Half{b}, Half{c}, {r}).value.code;
}
static_assert(fma16(0xD51E, 0x9F22, 0x4F77) == 0x4F9B, "0x4F9C by way of binary32");
static_assert(fma16(0x5CB8, 0x92C8, 0x625D) == 0x625D, "0x625C by way of binary32");
static_assert(fma16(0x520B, 0x00E9, 0x2FF6) == 0x3001, "0x3000 by way of binary32: llvm-project#98389");
static_assert(fma16(0x0017, 0x800C, 0x7733, Rounding::TowardZero) == 0x7732, "0x7733 by way of binary64");
static_assert(fma16(0x8010, 0x8001, 0xE31F, Rounding::Up) == 0xE31E, "2^-44 above a number: the next one");
static_assert(fma<bfloat16>(Bfloat{0xBABA}, Bfloat{0xCBC0}, Bfloat{0x83CE}).value.code == 0x470B,
              "0x470C by way of binary64");
static_assert(fma<bfloat16>(Bfloat{0x3F88}, Bfloat{0x3F88}, Bfloat{0x0D80}).value.code == 0x3F91,
              "(1 + 2^-4)^2 + 2^-100, just above a tie: 1.1328125, and 1.125 by way of binary64");

// Conversions by way of binary32 round twice.
static_assert(convert<bfloat16>(Double{0x3FF0100000001000}).value.code == 0x3F81, "1 + 2^-8 + 2^-40 is 1.0078125");
static_assert(convert<binary16>(Double{0x3FF0020000001000}).value.code == 0x3C01, "1 + 2^-11 + 2^-40");
static_assert(add<bfloat16>(Bfloat{0x3F80}, Bfloat{0x0D80}, {Rounding::Up}).value.code == 0x3F81, "1 + 2^-100");
static_assert(convert<binary16>(Double{0x4000000010000000}, {Rounding::Up}).value.code == 0x4001, "2 + 2^-23");

// The one binade of binary32 that tells tininess before rounding from tininess after.
constexpr Env tiny_before{.tininess = Tininess::BeforeRounding};
static_assert(convert<binary16>(Single{0x387FF000}).value.code == 0x0400);
static_assert(convert<binary16>(Single{0x387FF000}).status == Status{.inexact = true});
static_assert(convert<binary16>(Single{0x387FF000}, tiny_before).status == Status{.underflow = true, .inexact = true});
static_assert(convert<binary16>(Single{0x387FEFFF}).value.code == 0x0400);
static_assert(convert<binary16>(Single{0x387FEFFF}).status == Status{.underflow = true, .inexact = true});

TEST(Float, TininessIsDecidedBy4096NumbersOfBinary32) {
    int differ = 0;
    for (std::uint32_t code = 0x387F0000; code <= 0x38800000; ++code)
        differ += convert<binary16>(Single{code}).status != convert<binary16>(Single{code}, tiny_before).status ? 1 : 0;
    EXPECT_EQ(differ, 4096);
}

TEST(Float, OperatorsAreRoundedToNearestEven) {
    EXPECT_EQ((Half{0x6800} + Half{0x4200}).code, 0x6802);  // 2048 + 3 is a tie: 2052
    EXPECT_EQ((Bfloat{0x4380} + Bfloat{0x3F80}).code, 0x4380);
    EXPECT_EQ((Float<e4m3fn>{0x7E} + Float<e4m3fn>{0x38}).code, 0x7E);  // 448 + 1
}

}  // namespace
}  // namespace halfulp
