// Claim: the interpreter's floating-point arithmetic and conversions are what PTX ISA defines, in every rounding, with
// NaN, saturation and rectification.
// Oracle: the exact engine of softfloat, held against rationals and MPFR by its own tests, and this CPU's arithmetic;
// rules of .sat, .relu, min and max written from PTX ISA. Shared: softfloat, where the interpreter does not use the
// CPU.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>

#include "support/ptx.hpp"

namespace halfulp {
namespace {

using test::executed;
using testing::ElementsAre;
using Codes = std::vector<std::uint64_t>;

struct Mode {
    std::string name;
    Rounding rounding;
};
const std::vector<Mode> modes = {
    {".rn", Rounding::NearestEven}, {".rz", Rounding::TowardZero}, {".rm", Rounding::Down}, {".rp", Rounding::Up}};

/// Edges of a format and random codes, many near 1 so that sums and products meet.
Codes codes_of(const Format& f, unsigned seed, std::size_t count = 128) {
    Codes codes = {
        0, f.sign_bit(), 1, f.min_normal_code(), f.max_code(), f.max_code() | f.sign_bit(), f.magnitude_mask()};
    if (f.has_inf) codes.insert(codes.end(), {f.inf_code(), f.inf_code() | f.sign_bit()});
    std::mt19937_64 random(seed);
    const std::uint64_t one = static_cast<std::uint64_t>(f.bias) << f.fraction_bits();
    while (codes.size() < count)
        codes.push_back(codes.size() % 2 == 0
                            ? random() & f.code_mask()
                            : (one ^ (random() & (f.code_mask() >> 4)) ^ (random() % 2 != 0 ? f.sign_bit() : 0)));
    std::shuffle(codes.begin(), codes.end(), random);
    return codes;
}

std::uint64_t exactly(Operation operation, const Format& f, const Operands& x, Rounding rounding) {
    return compute(operation, f, x, {.rounding = rounding, .nan = NanPolicy::Cuda}).code;
}

void expect_arithmetic(const std::string& name, const std::string& type, const Format& f, Operation operation,
                       std::size_t operands, const Mode& mode) {
    const std::vector<Codes> x = {codes_of(f, 1), codes_of(f, 2), codes_of(f, 3)};
    const Codes found = executed(name + mode.name + "." + type, "b" + std::to_string(f.width),
                                 std::vector<std::string>(operands, "b" + std::to_string(f.width)),
                                 {x.begin(), x.begin() + static_cast<std::ptrdiff_t>(operands)});
    for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_EQ(found[i], exactly(operation, f, {x[0][i], x[1][i], x[2][i]}, mode.rounding))
            << name << mode.name << "." << type << std::hex << " " << x[0][i] << " " << x[1][i] << " " << x[2][i];
}

TEST(PtxReal, ArithmeticInEveryRounding) {
    for (const auto& [type, format] : {std::pair{"f32", binary32}, {"f64", binary64}})
        for (const Mode& mode : modes) {
            expect_arithmetic("add", type, format, Operation::Add, 2, mode);
            expect_arithmetic("sub", type, format, Operation::Sub, 2, mode);
            expect_arithmetic("mul", type, format, Operation::Mul, 2, mode);
            expect_arithmetic("div", type, format, Operation::Div, 2, mode);
            expect_arithmetic("fma", type, format, Operation::Fma, 3, mode);
            expect_arithmetic("sqrt", type, format, Operation::Sqrt, 1, mode);
        }
}

TEST(PtxReal, HalvesAloneAndInPairs) {
    for (const auto& [type, format] : {std::pair{std::string("f16"), binary16}, {std::string("bf16"), bfloat16}}) {
        expect_arithmetic("add", type, format, Operation::Add, 2, modes[0]);
        expect_arithmetic("sub", type, format, Operation::Sub, 2, modes[0]);
        expect_arithmetic("mul", type, format, Operation::Mul, 2, modes[0]);
        expect_arithmetic("fma", type, format, Operation::Fma, 3, modes[0]);
        const Codes a = codes_of(format, 4), b = codes_of(format, 5), c = codes_of(format, 6), d = codes_of(format, 7);
        Codes x, y;
        for (std::size_t i = 0; i < a.size(); ++i) {
            x.push_back(b[i] << 16 | a[i]);
            y.push_back(d[i] << 16 | c[i]);
        }
        const Codes sums = executed("add.rn." + type + "x2", "b32", {"b32", "b32"}, {x, y}),
                    fused = executed("fma.rn.relu." + type + "x2", "b32", {"b32", "b32", "b32"}, {x, y, x});
        const auto rectified = [&, f = format](std::uint64_t code) {
            return (code & f.sign_bit()) != 0 && !f.is_nan(code) ? 0 : code;
        };
        for (std::size_t i = 0; i < sums.size(); ++i) {
            const auto rn = Rounding::NearestEven;
            EXPECT_EQ(sums[i], exactly(Operation::Add, format, {b[i], d[i]}, rn) << 16 |
                                   exactly(Operation::Add, format, {a[i], c[i]}, rn));
            EXPECT_EQ(fused[i], rectified(exactly(Operation::Fma, format, {b[i], d[i], b[i]}, rn)) << 16 |
                                    rectified(exactly(Operation::Fma, format, {a[i], c[i], a[i]}, rn)));
        }
    }
}

// 1 + 2^-7, 2^127, 2^-24, 2^-25, NaN; 1 + 2^-10, the least number, infinity.
TEST(PtxReal, BetweenTheTwoFormatsOf16Bits) {
    const Codes b = {0x3F81, 0x7F00, 0x3380, 0x3300, 0x7FC0}, h = {0x3C01, 0x0001, 0xFC00};
    const auto to = [](const std::string& opcode, const Codes& codes) {
        return executed(opcode, "b16", {"b16"}, {codes});
    };
    EXPECT_THAT(to("cvt.rn.f16.bf16", b), ElementsAre(0x3C08, 0x7C00, 0x0001, 0x0000, 0x7FFF));
    EXPECT_THAT(to("cvt.rz.f16.bf16", b), ElementsAre(0x3C08, 0x7BFF, 0x0001, 0x0000, 0x7FFF));
    EXPECT_THAT(to("cvt.rp.f16.bf16", b), ElementsAre(0x3C08, 0x7C00, 0x0001, 0x0001, 0x7FFF));
    EXPECT_THAT(to("cvt.rn.bf16.f16", h), ElementsAre(0x3F80, 0x3380, 0xFF80));
    EXPECT_THAT(to("cvt.rp.bf16.f16", h), ElementsAre(0x3F81, 0x3380, 0xFF80));
    EXPECT_THAT(executed("cvt.f64.bf16", "b64", {"b16"}, {{0x3F81, 0xFF80}}),
                ElementsAre(0x3FF0200000000000, 0xFFF0000000000000));
}

TEST(PtxReal, MinimaMaximaAndSigns) {
    constexpr std::uint64_t nan = 0x7FC00001, one = 0x3F800000, two = 0x40000000, zero = 0, minus = 0x80000000;
    const Codes a = {nan, one, nan, zero, minus, one, two | minus}, b = {one, nan, nan, minus, zero, two, one};
    EXPECT_THAT(executed("min.f32", "b32", {"b32", "b32"}, {a, b}),
                ElementsAre(one, one, 0x7FFFFFFF, minus, minus, one, two | minus));
    EXPECT_THAT(executed("max.f32", "b32", {"b32", "b32"}, {a, b}),
                ElementsAre(one, one, 0x7FFFFFFF, zero, zero, two, one));
    EXPECT_THAT(executed("min.NaN.f32", "b32", {"b32", "b32"}, {a, b}),
                ElementsAre(0x7FFFFFFF, 0x7FFFFFFF, 0x7FFFFFFF, minus, minus, one, two | minus));
    EXPECT_THAT(executed("max.xorsign.abs.f32", "b32", {"b32", "b32"}, {a, b}),
                ElementsAre(one, one, 0x7FFFFFFF, minus, minus, two, two | minus));
    EXPECT_THAT(executed("abs.f32", "b32", {"b32"}, {{two | minus, nan | minus}}), ElementsAre(two, nan));
    EXPECT_THAT(executed("neg.f32", "b32", {"b32"}, {{two | minus, zero}}), ElementsAre(two, minus));
    EXPECT_THAT(executed("copysign.f32", "b32", {"b32", "b32"}, {{minus, one}, {two, two | minus}}),
                ElementsAre(two | minus, two));
    EXPECT_THAT(executed("add.rn.sat.f32", "b32", {"b32", "b32"}, {{one, nan, two | minus}, {one, one, one}}),
                ElementsAre(one, 0, 0));
    EXPECT_THAT(executed("min.f16", "b16", {"b16", "b16"}, {{0x7E01, 0x0000, 0x7E01}, {0x3C00, 0x8000, 0x7C01}}),
                ElementsAre(0x3C00, 0x8000, 0x7FFF));
    EXPECT_THAT(executed("max.NaN.bf16", "b16", {"b16", "b16"}, {{0x7FC1, 0x0000}, {0x3F80, 0x8000}}),
                ElementsAre(0x7FFF, 0x0000));
}

TEST(PtxReal, Comparisons) {
    constexpr std::uint64_t nan = 0x7FC00000, one = 0x3F800000, minus_zero = 0x80000000;
    const Codes a = {one, 0, nan, one}, b = {one, minus_zero, one, 0};
    const auto setp = [&](const std::string& relation) {
        return executed("setp." + relation + ".f32", "pred", {"b32", "b32"}, {a, b});
    };
    EXPECT_THAT(setp("eq"), ElementsAre(1, 1, 0, 0));
    EXPECT_THAT(setp("ne"), ElementsAre(0, 0, 0, 1));
    EXPECT_THAT(setp("neu"), ElementsAre(0, 0, 1, 1));
    EXPECT_THAT(setp("equ"), ElementsAre(1, 1, 1, 0));
    EXPECT_THAT(setp("lt"), ElementsAre(0, 0, 0, 0));
    EXPECT_THAT(setp("le"), ElementsAre(1, 1, 0, 0));
    EXPECT_THAT(setp("gt"), ElementsAre(0, 0, 0, 1));
    EXPECT_THAT(setp("geu"), ElementsAre(1, 1, 1, 1));
    EXPECT_THAT(setp("ltu"), ElementsAre(0, 0, 1, 0));
    EXPECT_THAT(setp("num"), ElementsAre(1, 1, 0, 1));
    EXPECT_THAT(setp("nan"), ElementsAre(0, 0, 1, 0));
    EXPECT_THAT(executed("setp.lt.s32", "pred", {"u32", "u32"}, {{0xFFFFFFFF, 1}, {0, 2}}), ElementsAre(1, 1));
    EXPECT_THAT(executed("setp.lo.u32", "pred", {"u32", "u32"}, {{0xFFFFFFFF, 1}, {0, 2}}), ElementsAre(0, 1));
    for (const auto& [name, truth] :
         {std::pair{"and", Codes{0, 0, 0, 1}}, {"or", Codes{0, 1, 1, 1}}, {"xor", Codes{0, 1, 1, 0}}})
        EXPECT_EQ(executed("setp.eq." + std::string(name) + ".u32", "pred", {"u32", "u32", "pred"},
                           {{0, 0, 1, 1}, {9, 9, 1, 1}, {0, 1, 0, 1}}),
                  truth);
    EXPECT_THAT(executed("selp.b64", "u64", {"u64", "u64", "pred"}, {{1, 2}, {3, 4}, {0, 1}}), ElementsAre(3, 2));
    EXPECT_THAT(executed("slct.u32.s32", "u32", {"u32", "u32", "u32"}, {{1, 2}, {3, 4}, {0, 0xFFFFFFFF}}),
                ElementsAre(1, 4));
    EXPECT_THAT(executed("testp.subnormal.f32", "pred", {"b32"}, {{1, one}}), ElementsAre(1, 0));
    // Of 0, -0, the least number, 1, infinity and NaN. PTX ISA: zeros are considered normal.
    EXPECT_THAT(executed("testp.normal.f32", "pred", {"b32"}, {{0, 0x80000000, 1, one, 0x7F800000, 0x7FC00000}}),
                ElementsAre(1, 1, 0, 1, 0, 0));
    EXPECT_THAT(executed("testp.normal.f64", "pred", {"b64"}, {{0, std::uint64_t{1} << 63, 1, 0x3FF0000000000000}}),
                ElementsAre(1, 1, 0, 1));
}

/// Numbers of one format to another.
void expect_conversion(const std::string& opcode, const std::string& result, const std::string& operand,
                       const Format& to, const Format& from, const Env& env, bool rectifies = false) {
    const Codes x = codes_of(from, 11, 256);
    const Codes found = executed(opcode, result, {operand}, {x});
    for (std::size_t i = 0; i < x.size(); ++i) {
        std::uint64_t code = convert(to, from, x[i], env).code;
        if (rectifies && !to.is_nan(code) && (code & to.sign_bit()) != 0) code = 0;
        EXPECT_EQ(found[i], code) << opcode << " " << std::hex << x[i];
    }
}

TEST(PtxConvert, BetweenFormatsInEveryRounding) {
    for (const Mode& mode : modes) {
        const Env env{.rounding = mode.rounding, .nan = NanPolicy::Cuda};
        const std::string r = "cvt" + mode.name;
        expect_conversion(r + ".f16.f32", "b16", "b32", binary16, binary32, env);
        expect_conversion(r + ".bf16.f32", "b16", "b32", bfloat16, binary32, env);
        expect_conversion(r + ".f16.f64", "b16", "b64", binary16, binary64, env);
        expect_conversion(r + ".f32.f64", "b32", "b64", binary32, binary64, env);
        expect_conversion(r + ".bf16.f16", "b16", "b16", bfloat16, binary16, env);
    }
    const Env rn{.nan = NanPolicy::Cuda}, finite{.overflow = Overflow::Saturate, .nan = NanPolicy::Cuda};
    expect_conversion("cvt.f32.f16", "b32", "b16", binary32, binary16, rn);
    expect_conversion("cvt.f32.bf16", "b32", "b16", binary32, bfloat16, rn);
    expect_conversion("cvt.f64.f32", "b64", "b32", binary64, binary32, rn);
    expect_conversion("cvt.rn.satfinite.f16.f32", "b16", "b32", binary16, binary32, finite);
    expect_conversion("cvt.rn.relu.bf16.f32", "b16", "b32", bfloat16, binary32, rn, true);
    expect_conversion("cvt.rz.relu.f16.f32", "b16", "b32", binary16, binary32,
                      {.rounding = Rounding::TowardZero, .nan = NanPolicy::Cuda}, true);
}

TEST(PtxConvert, PairsToHalvesAndToFp8) {
    const Codes a = codes_of(binary32, 12), b = codes_of(binary32, 13);
    const auto expect = [&](const std::string& opcode, const std::string& result, const Format& to, const Env& env) {
        const Codes found = executed(opcode, result, {"b32", "b32"}, {a, b});
        for (std::size_t i = 0; i < a.size(); ++i)  // PTX ISA: a becomes the high half
            EXPECT_EQ(found[i],
                      convert(to, binary32, a[i], env).code << to.width | convert(to, binary32, b[i], env).code)
                << opcode << std::hex << " " << a[i] << " " << b[i];
    };
    const Env rn{.nan = NanPolicy::Cuda}, finite{.overflow = Overflow::Saturate, .nan = NanPolicy::Cuda};
    expect("cvt.rn.f16x2.f32", "b32", binary16, rn);
    expect("cvt.rn.bf16x2.f32", "b32", bfloat16, rn);
    expect("cvt.rz.bf16x2.f32", "b32", bfloat16, {.rounding = Rounding::TowardZero, .nan = NanPolicy::Cuda});
    expect("cvt.rn.satfinite.e4m3x2.f32", "b16", e4m3fn, finite);
    expect("cvt.rn.satfinite.e5m2x2.f32", "b16", e5m2, finite);
    // PTX ISA: NaN becomes the NaN with all bits set, infinity the largest number.
    EXPECT_THAT(
        executed("cvt.rn.satfinite.e4m3x2.f32", "b16", {"b32", "b32"}, {{0xFFC00000, 0x7F800000}, {0, 0xFF800000}}),
        ElementsAre(0x7F00, 0x7EFE));
    EXPECT_THAT(executed("cvt.rn.satfinite.relu.e4m3x2.f32", "b16", {"b32", "b32"}, {{0xC0000000}, {0x40000000}}),
                ElementsAre(0x0040));
    EXPECT_THAT(executed("cvt.rn.f16x2.e4m3x2", "b32", {"b16"}, {{0x3840, 0x7FB8}}),
                ElementsAre(0x3C004000, 0x7FFFBC00));
    EXPECT_THAT(executed("cvt.rn.satfinite.e5m2x2.f16x2", "b16", {"b32"}, {{0x3C00C000, 0x7C003C80}}),
                ElementsAre(0x3CC0, 0x7B3C));
}

TEST(PtxConvert, ToTf32) {
    const Codes x = codes_of(binary32, 14, 256);
    for (const Mode& mode :
         {Mode{".rna", Rounding::NearestAway}, Mode{".rn", Rounding::NearestEven}, Mode{".rz", Rounding::TowardZero}}) {
        const Codes found = executed("cvt" + mode.name + ".tf32.f32", "b32", {"b32"}, {x});
        for (std::size_t i = 0; i < x.size(); ++i) {
            const std::uint64_t code = convert(tf32, binary32, x[i], {.rounding = mode.rounding}).code;
            EXPECT_EQ(found[i], binary32.is_nan(x[i]) ? 0x7FFFFFFF : code << 13)
                << mode.name << std::hex << " " << x[i];
        }
    }
}

TEST(PtxConvert, IntegersAndNumbers) {
    const std::vector<std::pair<std::string, Rounding>> integral = {{".rni", Rounding::NearestEven},
                                                                    {".rzi", Rounding::TowardZero},
                                                                    {".rmi", Rounding::Down},
                                                                    {".rpi", Rounding::Up}};
    Codes x = codes_of(binary32, 15, 200);
    for (const char* half : {"\x3f", "\xbf"}) x.push_back(std::uint64_t{static_cast<unsigned char>(*half)} << 24);
    x.insert(x.end(), {0x40200000, 0xC0200000, 0x4F000000, 0x4EFFFFFF, 0xCF000000, 0x4F7FFFFF, 0x42FE0000, 0x43000000});
    for (const auto& [name, rounding] : integral)
        for (const char* type : {"u8", "s8", "u16", "s16", "u32", "s32"}) {
            const IntegerType to{std::stoi(std::string(type).substr(1)), type[0] == 's'};
            const Codes found =
                executed("cvt" + name + "." + type + ".f32", "b" + std::to_string(to.width), {"b32"}, {x});
            for (std::size_t i = 0; i < x.size(); ++i)
                EXPECT_EQ(found[i], to_integer(to, halfulp::Operand{binary32, x[i]},
                                               {.rounding = rounding, .nan = NanPolicy::Cuda})
                                        .code)
                    << name << type << std::hex << " " << x[i];
        }
    // NaN: 0, but with 64 bits on either side the top bit alone (PTX ISA, cvt).
    EXPECT_THAT(executed("cvt.rni.s32.f32", "b32", {"b32"}, {{0x7FC00000}}), ElementsAre(0));
    EXPECT_THAT(executed("cvt.rni.s64.f32", "b64", {"b32"}, {{0x7FC00000}}), ElementsAre(std::uint64_t{1} << 63));
    EXPECT_THAT(executed("cvt.rzi.u32.f64", "b32", {"b64"}, {{0x7FF8000000000000}}), ElementsAre(0x80000000));
    const Codes n = {0, 1, 0xFFFFFFFF, 0x80000000, 0x01000001, 0x01000003, 0x7FFFFFFF, 0x7FFFFFC0};
    for (const Mode& mode : modes)
        for (const bool is_signed : {false, true}) {
            const Codes found =
                executed("cvt" + mode.name + ".f32." + (is_signed ? "s32" : "u32"), "b32", {"u32"}, {n});
            for (std::size_t i = 0; i < n.size(); ++i)
                EXPECT_EQ(found[i], from_integer(binary32, {32, is_signed}, n[i], {.rounding = mode.rounding}).code);
        }
    EXPECT_THAT(executed("cvt.rni.f32.f32", "b32", {"b32"}, {{0x40200000, 0x40600000, 0xBF000000}}),
                ElementsAre(0x40000000, 0x40800000, 0x80000000));
    EXPECT_THAT(executed("cvt.sat.f32.f32", "b32", {"b32"}, {{0x40200000, 0xBF000000, 0x7FC00000, 0x3F000000}}),
                ElementsAre(0x3F800000, 0, 0, 0x3F000000));
}

TEST(PtxConvert, IntegersOfOtherWidths) {
    EXPECT_THAT(executed("cvt.s64.s32", "u64", {"u32"}, {{0x80000000}}), ElementsAre(0xFFFFFFFF80000000));
    EXPECT_THAT(executed("cvt.u64.u32", "u64", {"u32"}, {{0x80000000}}), ElementsAre(0x80000000));
    EXPECT_THAT(executed("cvt.s32.s8", "u32", {"u32"}, {{0x180, 0x7F}}), ElementsAre(0xFFFFFF80, 0x7F));
    EXPECT_THAT(executed("cvt.u32.u16", "u32", {"u32"}, {{0xABCD1234}}), ElementsAre(0x1234));
    EXPECT_THAT(executed("cvt.sat.u8.s32", "u32", {"u32"}, {{0xFFFFFFFF, 300, 7}}), ElementsAre(0, 255, 7));
    EXPECT_THAT(executed("cvt.sat.s8.s32", "u32", {"u32"}, {{0xFFFFFF00, 300, 7}}), ElementsAre(0xFFFFFF80, 127, 7));
    EXPECT_THAT(executed("cvt.u8.s32", "u32", {"u32"}, {{0x1FF}}), ElementsAre(255));
}

}  // namespace
}  // namespace halfulp
