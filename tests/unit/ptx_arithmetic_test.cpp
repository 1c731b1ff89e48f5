// Claim: the interpreter's arithmetic, logic, comparison and conversion are what PTX ISA defines.
// Oracle: definitions in 128-bit host integers; for roundings the exact engine of softfloat, which its own tests hold
// against rationals and MPFR; results that PTX ISA or NVIDIA print. Shared: softfloat, where a rounding is not to
// nearest.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>

#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>

#include "support/ptx.hpp"

namespace halfulp {
namespace {

using test::executed;
using testing::HasSubstr;
using Codes = std::vector<std::uint64_t>;
__extension__ typedef __int128 Wide;
__extension__ typedef unsigned __int128 Unsigned;

std::uint64_t cut(Wide x, int bits) { return static_cast<std::uint64_t>(x) & (~std::uint64_t{0} >> (64 - bits)); }

/// A code of a PTX type such as s16 as the number that it is.
Wide number(std::uint64_t code, const std::string& type) {
    const int bits = std::stoi(type.substr(1));
    code &= ~std::uint64_t{0} >> (64 - bits);
    const bool negative = type[0] == 's' && (code >> (bits - 1) & 1) != 0;
    return negative ? Wide{code} - (Wide{1} << bits) : Wide{code};
}

/// Edges of the type, and random codes.
Codes operands(const std::string& type, unsigned seed, std::size_t count = 64) {
    const int bits = std::stoi(type.substr(1));
    const std::uint64_t mask = ~std::uint64_t{0} >> (64 - bits), top = std::uint64_t{1} << (bits - 1);
    Codes codes = {0, 1, 2, 7, mask, mask - 1, top, top - 1, top + 1, 0x5555555555555555 & mask};
    std::mt19937_64 random(seed);
    while (codes.size() < count) codes.push_back(random() >> (random() % 64) & mask);
    std::shuffle(codes.begin(), codes.end(), random);
    return codes;
}

using Meaning = std::function<Wide(Wide, Wide, Wide)>;

/// An instruction of integers of a type: the result is the meaning's, cut off to its bits.
void expect_integers(const std::string& opcode, const std::string& result, const std::vector<std::string>& types,
                     const Meaning& meaning) {
    const bool divides = opcode.starts_with("div") || opcode.starts_with("rem");
    std::vector<Codes> columns;
    for (std::size_t i = 0; i < types.size(); ++i)
        columns.push_back(operands(types[i], 7 * static_cast<unsigned>(i) + 1));
    if (divides) std::replace(columns[1].begin(), columns[1].end(), std::uint64_t{0}, std::uint64_t{3});
    const Codes found = executed(opcode, result, types, columns);
    for (std::size_t lane = 0; lane < found.size(); ++lane) {
        std::array<Wide, 3> x{};
        for (std::size_t i = 0; i < types.size(); ++i) x[i] = number(columns[i][lane], types[i]);
        EXPECT_EQ(found[lane], cut(meaning(x[0], x[1], x[2]), std::stoi(result.substr(1))))
            << opcode << " of " << columns[0][lane] << ", " << (types.size() > 1 ? columns[1][lane] : 0);
    }
}

const std::vector<std::string> integers = {"u16", "u32", "u64", "s16", "s32", "s64"};

std::string twice_as_wide(const std::string& type) {
    return type.substr(0, 1) + (type.substr(1) == "16" ? "32" : "64");
}

Wide clamp_to(Wide x, const std::string& type) {
    const int bits = std::stoi(type.substr(1));
    const Wide least = type[0] == 's' ? -(Wide{1} << (bits - 1)) : 0,
               most = (Wide{1} << (bits - (type[0] == 's' ? 1 : 0))) - 1;
    return std::clamp(x, least, most);
}

TEST(PtxInteger, SumsAndProducts) {
    for (const std::string& t : integers) {
        expect_integers("add." + t, t, {t, t}, [](Wide a, Wide b, Wide) { return a + b; });
        expect_integers("sub." + t, t, {t, t}, [](Wide a, Wide b, Wide) { return a - b; });
        expect_integers("mul.lo." + t, t, {t, t}, [](Wide a, Wide b, Wide) {
            return static_cast<Wide>(static_cast<Unsigned>(a) * static_cast<Unsigned>(b));
        });
        expect_integers("mad.lo." + t, t, {t, t, t}, [](Wide a, Wide b, Wide c) {
            return static_cast<Wide>(static_cast<Unsigned>(a) * static_cast<Unsigned>(b)) + c;
        });
        expect_integers("min." + t, t, {t, t}, [](Wide a, Wide b, Wide) { return std::min(a, b); });
        expect_integers("max." + t, t, {t, t}, [](Wide a, Wide b, Wide) { return std::max(a, b); });
        expect_integers("sad." + t, t, {t, t, t}, [](Wide a, Wide b, Wide c) { return (a < b ? b - a : a - b) + c; });
        const int bits = std::stoi(t.substr(1));
        if (bits < 64) {
            expect_integers("mul.hi." + t, t, {t, t}, [=](Wide a, Wide b, Wide) { return (a * b) >> bits; });
            expect_integers("mad.hi." + t, t, {t, t, t}, [=](Wide a, Wide b, Wide c) { return ((a * b) >> bits) + c; });
            const std::string w = twice_as_wide(t);
            expect_integers("mul.wide." + t, w, {t, t}, [](Wide a, Wide b, Wide) { return a * b; });
            expect_integers("mad.wide." + t, w, {t, t, w}, [](Wide a, Wide b, Wide c) { return a * b + c; });
        }
        if (t[0] == 's') {
            expect_integers("neg." + t, t, {t}, [](Wide a, Wide, Wide) { return -a; });
            expect_integers("abs." + t, t, {t}, [](Wide a, Wide, Wide) { return a < 0 ? -a : a; });
        }
    }
    for (const char* opcode : {"min.relu.s32", "min.s32.relu"})
        expect_integers(opcode, "s32", {"s32", "s32"},
                        [](Wide a, Wide b, Wide) { return std::max(std::min(a, b), Wide{0}); });
    for (const char* opcode : {"max.relu.s32", "max.s32.relu"})
        expect_integers(opcode, "s32", {"s32", "s32"},
                        [](Wide a, Wide b, Wide) { return std::max(std::max(a, b), Wide{0}); });
    expect_integers("mul.hi.u64", "u64", {"u64", "u64"}, [](Wide a, Wide b, Wide) {
        return static_cast<Wide>(static_cast<Unsigned>(a) * static_cast<Unsigned>(b) >> 64);
    });
    expect_integers("mul.hi.s64", "s64", {"s64", "s64"}, [](Wide a, Wide b, Wide) { return (a * b) >> 64; });
    expect_integers("add.sat.s32", "s32", {"s32", "s32"}, [](Wide a, Wide b, Wide) { return clamp_to(a + b, "s32"); });
    expect_integers("sub.sat.s32", "s32", {"s32", "s32"}, [](Wide a, Wide b, Wide) { return clamp_to(a - b, "s32"); });
}

// Minimum and maximum of -2 and 5, of -3 and -1, and so on, half by half; PTX ISA, "min": .relu clamps to 0.
TEST(PtxInteger, ExtremaOfHalvesWithoutNegatives) {
    const std::vector<Codes> columns = {{0xFFFEFFFD, 0x7FFF8000, 0x00050000}, {0x0005FFFF, 0x00010001, 0x0004FFFF}};
    for (const char* opcode : {"min.relu.s16x2", "min.s16x2.relu"})
        EXPECT_THAT(executed(opcode, "b32", {"b32", "b32"}, columns), testing::ElementsAre(0, 0x00010000, 0x00040000));
    for (const char* opcode : {"max.relu.s16x2", "max.s16x2.relu"})
        EXPECT_THAT(executed(opcode, "b32", {"b32", "b32"}, columns),
                    testing::ElementsAre(0x00050000, 0x7FFF0001, 0x00050000));
}

TEST(PtxInteger, QuotientsButByZero) {
    for (const std::string& t : integers) {
        const Meaning quotient = [](Wide a, Wide b, Wide) { return a / b; };
        const Meaning remainder = [](Wide a, Wide b, Wide) { return a % b; };
        expect_integers("div." + t, t, {t, t}, quotient);
        expect_integers("rem." + t, t, {t, t}, remainder);
        for (const char* opcode : {"div.", "rem."})
            EXPECT_THAT(test::message_of([&] {
                            executed(opcode + t, t, {t, t}, {{4, 5, 6}, {2, 0, 3}});
                        }),
                        HasSubstr("thread (1, 0, 0): " + (opcode + t) + ": divides by 0"));
    }
}

TEST(PtxInteger, ProductsOf24Bits) {
    const auto low24 = [](Wide x) { return number(cut(x, 24), "s24"); };
    const auto low24u = [](Wide x) { return number(cut(x, 24), "u24"); };
    expect_integers("mul24.lo.s32", "s32", {"s32", "s32"}, [&](Wide a, Wide b, Wide) { return low24(a) * low24(b); });
    expect_integers("mul24.lo.u32", "u32", {"u32", "u32"}, [&](Wide a, Wide b, Wide) { return low24u(a) * low24u(b); });
    expect_integers("mul24.hi.s32", "s32", {"s32", "s32"},
                    [&](Wide a, Wide b, Wide) { return (low24(a) * low24(b)) >> 16; });
    const Meaning high = [&](Wide a, Wide b, Wide c) { return (low24(a) * low24(b) >> 16) + c; };
    expect_integers("mad24.hi.s32", "s32", {"s32", "s32", "s32"}, high);
    expect_integers("mad24.hi.sat.s32", "s32", {"s32", "s32", "s32"},
                    [&](Wide a, Wide b, Wide c) { return clamp_to(high(a, b, c), "s32"); });
    expect_integers("mad24.hi.u32", "u32", {"u32", "u32", "u32"},
                    [&](Wide a, Wide b, Wide c) { return (low24u(a) * low24u(b) >> 16) + c; });
}

TEST(PtxInteger, DotProductsOfParts) {
    for (const std::string& a : std::vector<std::string>{"u32", "s32"})
        for (const std::string& b : std::vector<std::string>{"u32", "s32"}) {
            const auto part = [](Wide x, int at, int bits, const std::string& type) {
                return number(cut(x, 64) >> at, type.substr(0, 1) + std::to_string(bits));
            };
            expect_integers("dp4a." + a + "." + b, "u32", {"u32", "u32", "u32"}, [&](Wide x, Wide y, Wide c) {
                for (int i = 0; i < 32; i += 8) c += part(x, i, 8, a) * part(y, i, 8, b);
                return c;
            });
            for (const bool high : {false, true})
                expect_integers("dp2a." + std::string(high ? "hi." : "lo.") + a + "." + b, "u32", {"u32", "u32", "u32"},
                                [&](Wide x, Wide y, Wide c) {
                                    for (int i = 0; i < 2; ++i)
                                        c += part(x, 16 * i, 16, a) * part(y, 8 * i + (high ? 16 : 0), 8, b);
                                    return c;
                                });
        }
}

/// PTX ISA: sub.cc writes "borrow-out" to CC.CF, addc adds CC.CF, and subc subtracts it.
TEST(PtxInteger, BorrowsAndCarriesAreOneFlag) {
    const std::string body = R"(
.reg .b64 %p; .reg .b32 %d<4>, %t;
ld.param.u64 %p, [out];
sub.cc.u32 %t, 5, 7; addc.u32 %d0, 0, 0;
sub.cc.u32 %t, 7, 5; addc.u32 %d1, 0, 0;
add.cc.u32 %t, 5, 7; subc.u32 %d2, 9, 0;
add.cc.u32 %t, 0xFFFFFFFF, 7; subc.u32 %d3, 9, 0;
st.global.v4.u32 [%p], {%d0, %d1, %d2, %d3};)";
    const ptx::Module module = test::kernel_module(".param .u64 out", body);
    ptx::Machine machine("sm_90");
    const ptx::Address out = machine.allocate(16);
    machine.launch(module, "k", {}, test::Arguments{test::argument(out)});
    EXPECT_THAT(test::get<std::uint32_t>(machine, out, 4), testing::ElementsAre(1, 0, 9, 8));
}

TEST(PtxInteger, CarriesMakeSumsOfAnyLength) {
    // 128-bit a + b, a - b and a * b from words of 32 bits.
    const std::string body = R"(
.reg .b64 %p<2>; .reg .b32 %a<4>, %b<4>, %d<4>;
ld.param.u64 %p0, [in]; ld.param.u64 %p1, [out];
ld.global.v4.u32 {%a0, %a1, %a2, %a3}, [%p0]; ld.global.v4.u32 {%b0, %b1, %b2, %b3}, [%p0+16];
add.cc.u32 %d0, %a0, %b0; addc.cc.u32 %d1, %a1, %b1; addc.cc.u32 %d2, %a2, %b2; addc.u32 %d3, %a3, %b3;
st.global.v4.u32 [%p1], {%d0, %d1, %d2, %d3};
sub.cc.u32 %d0, %a0, %b0; subc.cc.u32 %d1, %a1, %b1; subc.cc.u32 %d2, %a2, %b2; subc.u32 %d3, %a3, %b3;
st.global.v4.u32 [%p1+16], {%d0, %d1, %d2, %d3};
mul.lo.u32 %d0, %a0, %b0; mul.hi.u32 %d1, %a0, %b0;
mad.lo.cc.u32 %d1, %a0, %b1, %d1; madc.hi.u32 %d2, %a0, %b1, 0;
mad.lo.cc.u32 %d1, %a1, %b0, %d1; madc.hi.cc.u32 %d2, %a1, %b0, %d2; addc.u32 %d3, 0, 0;
mad.lo.cc.u32 %d2, %a1, %b1, %d2; madc.hi.u32 %d3, %a1, %b1, %d3;
st.global.v4.u32 [%p1+32], {%d0, %d1, %d2, %d3};)";
    const ptx::Module module = test::kernel_module(".param .u64 in, .param .u64 out", body);
    std::mt19937_64 random(3);
    for (int i = 0; i < 50; ++i) {
        std::vector<std::uint64_t> words(4);
        for (std::uint64_t& x : words) x = i == 0 ? ~std::uint64_t{0} : random();
        ptx::Machine machine("sm_90");
        const ptx::Address in = test::put(machine, words), out = machine.allocate(48);
        machine.launch(module, "k", {}, test::Arguments{test::argument(in), test::argument(out)});
        const auto found = test::get<std::uint64_t>(machine, out, 6);
        const Unsigned a = Unsigned{words[1]} << 64 | words[0], b = Unsigned{words[3]} << 64 | words[2];
        const Unsigned sum = a + b, difference = a - b, product = Unsigned{words[0]} * words[2];
        EXPECT_THAT(found, testing::ElementsAre(
                               static_cast<std::uint64_t>(sum), static_cast<std::uint64_t>(sum >> 64),
                               static_cast<std::uint64_t>(difference), static_cast<std::uint64_t>(difference >> 64),
                               static_cast<std::uint64_t>(product), static_cast<std::uint64_t>(product >> 64)));
    }
}

// PTX ISA, mad.cc and madc: half of the product, c, and the carry in, of which the carry out is that of the sum.
TEST(PtxInteger, CarriesOfSignedProducts) {
    for (const std::string& t : std::vector<std::string>{"s32", "s64"})
        for (const bool high : {false, true})
            for (const int carry : {0, 1}) {
                const int bits = std::stoi(t.substr(1));
                const std::string word = "u" + t.substr(1), half = high ? "hi" : "lo";
                const std::string opcode = carry == 0 ? "mad." + half + ".cc." + t
                                                      : "add.cc." + word + " %r, -1, 1; madc." + half + ".cc." + t;
                const std::vector<Codes> x = {operands(t, 1), operands(t, 2), operands(t, 3)};
                const Codes sums = executed(opcode, t, {t, t, t}, x),
                            carries = executed(opcode, t, {t, t, t}, x, "; addc." + word + " %r, 0, 0");
                for (std::size_t i = 0; i < sums.size(); ++i) {
                    const Wide product = number(x[0][i], t) * number(x[1][i], t);
                    const Unsigned sum =
                        Unsigned{cut(high ? product >> bits : product, bits)} + x[2][i] + static_cast<unsigned>(carry);
                    EXPECT_EQ(sums[i], cut(static_cast<Wide>(sum), bits)) << opcode;
                    EXPECT_EQ(carries[i], static_cast<std::uint64_t>(sum >> bits)) << opcode;
                }
            }
}

// Bit by bit, as PTX ISA describes them.
TEST(PtxBits, LogicAndShifts) {
    for (const std::string& t : std::vector<std::string>{"b16", "b32", "b64"}) {
        const int bits = std::stoi(t.substr(1));
        expect_integers("and." + t, t, {t, t}, [](Wide a, Wide b, Wide) { return a & b; });
        expect_integers("or." + t, t, {t, t}, [](Wide a, Wide b, Wide) { return a | b; });
        expect_integers("xor." + t, t, {t, t}, [](Wide a, Wide b, Wide) { return a ^ b; });
        expect_integers("not." + t, t, {t}, [](Wide a, Wide, Wide) { return ~a; });
        expect_integers("cnot." + t, t, {t}, [](Wide a, Wide, Wide) { return Wide{a == 0 ? 1 : 0}; });
        expect_integers("shl." + t, t, {t, "u32"},
                        [=](Wide a, Wide n, Wide) { return n >= bits ? 0 : a << static_cast<int>(n); });
        expect_integers("shr.u" + t.substr(1), t, {t, "u32"},
                        [=](Wide a, Wide n, Wide) { return n >= bits ? 0 : a >> static_cast<int>(n); });
        expect_integers("shr.s" + t.substr(1), t, {"s" + t.substr(1), "u32"},
                        [=](Wide a, Wide n, Wide) { return a >> static_cast<int>(std::min<Wide>(n, bits - 1)); });
    }
}

bool is_set(Wide a, int i) { return (a >> i & 1) != 0; }

Wide set_bits(Wide a, int bits) {
    int count = 0;
    for (int i = 0; i < bits; ++i) count += is_set(a, i) ? 1 : 0;
    return count;
}

Wide leading_zeros(Wide a, int bits) {
    int count = 0;
    while (count < bits && !is_set(a, bits - 1 - count)) ++count;
    return count;
}

Wide reversed(Wide a, int bits) {
    Wide r = 0;
    for (int i = 0; i < bits; ++i) r |= (a >> i & 1) << (bits - 1 - i);
    return r;
}

/// The place of the first bit from the top that is no copy of the sign.
Wide first_bit(Wide a, int bits) {
    for (int i = bits - 1; i >= 0; --i)
        if (is_set(a, i) != (a < 0)) return i;
    return -1;
}

/// `length` bits from `first` on; above them zeros, or copies of the last one that there is.
Wide field(Wide a, Wide first, Wide length, int bits, bool is_signed) {
    const auto at = [&](Wide i) { return i < bits ? a >> static_cast<int>(i) & 1 : 0; };
    const bool has_fill = length != 0 && is_signed;
    const Wide fill = has_fill ? a >> static_cast<int>(std::min<Wide>(first + length - 1, bits - 1)) & 1 : 0;
    Wide r = 0;
    for (int i = 0; i < bits; ++i) r |= (i < length && first + i < bits ? at(first + i) : fill) << i;
    return r;
}

TEST(PtxBits, CountsAndFields) {
    for (const std::string& t : std::vector<std::string>{"b32", "b64"}) {
        const int bits = std::stoi(t.substr(1));
        expect_integers("popc." + t, "u32", {t}, [=](Wide a, Wide, Wide) { return set_bits(a, bits); });
        expect_integers("clz." + t, "u32", {t}, [=](Wide a, Wide, Wide) { return leading_zeros(a, bits); });
        expect_integers("brev." + t, t, {t}, [=](Wide a, Wide, Wide) { return reversed(a, bits); });
        for (const bool is_signed : {false, true}) {
            const std::string type = (is_signed ? "s" : "u") + t.substr(1);
            expect_integers("bfind." + type, "u32", {type}, [=](Wide a, Wide, Wide) { return first_bit(a, bits); });
            expect_integers("bfe." + type, t, {type, "u32", "u32"}, [=](Wide a, Wide first, Wide length) {
                return field(a, first % 256, length % 256, bits, is_signed);
            });
        }
    }
}

TEST(PtxBits, FunnelShifts) {
    expect_integers("shf.l.wrap.b32", "u32", {"u32", "u32", "u32"},
                    [](Wide a, Wide b, Wide n) { return ((b << 32 | a) << static_cast<int>(n % 32)) >> 32; });
    expect_integers("shf.r.clamp.b32", "u32", {"u32", "u32", "u32"},
                    [](Wide a, Wide b, Wide n) { return (b << 32 | a) >> static_cast<int>(std::min<Wide>(n, 32)); });
    expect_integers("shf.r.wrap.b32", "u32", {"u32", "u32", "u32"},
                    [](Wide a, Wide b, Wide n) { return (b << 32 | a) >> static_cast<int>(n % 32); });
    expect_integers("shf.l.clamp.b32", "u32", {"u32", "u32", "u32"}, [](Wide a, Wide b, Wide n) {
        return ((b << 32 | a) << static_cast<int>(std::min<Wide>(n, 32))) >> 32;
    });
}

TEST(PtxBits, TablesOfThreeInputs) {
    const Codes a = operands("u32", 1), b = operands("u32", 2), c = operands("u32", 3);
    const auto expect = [&](int table,
                            const std::function<std::uint64_t(std::uint64_t, std::uint64_t, std::uint64_t)>& f) {
        const Codes found = executed("lop3.b32", "u32", {"u32", "u32", "u32"}, {a, b, c}, ", " + std::to_string(table));
        for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], f(a[i], b[i], c[i]) & 0xFFFFFFFF) << table;
    };
    // PTX ISA: the table of F(a, b, c) is F(0xF0, 0xCC, 0xAA).
    expect(0x80, [](auto x, auto y, auto z) { return x & y & z; });
    expect(0xFE, [](auto x, auto y, auto z) { return x | y | z; });
    expect(0x40, [](auto x, auto y, auto z) { return x & y & ~z; });
    expect(0x1A, [](auto x, auto y, auto z) { return ((x & y) | z) ^ x; });
    expect(0x96, [](auto x, auto y, auto z) { return x ^ y ^ z; });
    expect(0xCA, [](auto x, auto y, auto z) { return (x & y) | (~x & z); });
}

TEST(PtxBits, PermutesBytes) {
    const Codes a = {0x33221100, 0x33221180}, b = {0x77665544, 0xF7E6D5C4};
    const auto prmt = [&](const std::string& mode, const char* c) {
        return executed("prmt.b32" + mode, "u32", {"u32", "u32"}, {a, b}, std::string(", ") + c);
    };
    EXPECT_THAT(prmt("", "0x7531"), testing::ElementsAre(0x77553311, 0xF7D53311));
    EXPECT_THAT(prmt("", "0x8C4F"), testing::ElementsAre(0x00004400, 0xFFFFC4FF));
    EXPECT_THAT(prmt(".f4e", "1"), testing::ElementsAre(0x44332211, 0xC4332211));
    EXPECT_THAT(prmt(".b4e", "1"), testing::ElementsAre(0x66770011, 0xE6F78011));
    EXPECT_THAT(prmt(".rc8", "2"), testing::ElementsAre(0x22222222, 0x22222222));
    EXPECT_THAT(prmt(".ecl", "1"), testing::ElementsAre(0x33221111, 0x33221111));
    EXPECT_THAT(prmt(".ecr", "1"), testing::ElementsAre(0x11111100, 0x11111180));
    EXPECT_THAT(prmt(".rc16", "3"), testing::ElementsAre(0x33223322, 0x33223322));
}

}  // namespace
}  // namespace halfulp
