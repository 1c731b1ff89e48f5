// Claim: set compares as PTX ISA says, every relation on numbers, infinities, zeros of both signs and NaN, and makes of
// it 1 or all bits; so it does in each half of a pair. cvt.pack clamps two integers and puts them beside each other.
// Oracle: fields of the codes as double numbers, which the CPU compares; for integers the CPU's own; PTX ISA's text.
// Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "support/ptx.hpp"

namespace halfulp {
namespace {

using test::executed;
using testing::ElementsAre;
using Codes = std::vector<std::uint64_t>;

/// A format's widths, and PTX's name.
struct Fields {
    std::string name;
    int exponent_bits, fraction_bits;
    std::uint64_t one;

    int width() const { return 1 + exponent_bits + fraction_bits; }
};
const std::vector<Fields> halves = {{"f16", 5, 10, 0x3C00}, {"bf16", 8, 7, 0x3F80}};

/// IEEE 754, 3.4.
double number(const Fields& f, std::uint64_t code) {
    const std::uint64_t fraction = code & ((std::uint64_t{1} << f.fraction_bits) - 1);
    const int most = (1 << f.exponent_bits) - 1, exponent = static_cast<int>(code >> f.fraction_bits) & most;
    double x = std::ldexp(static_cast<double>(fraction), 1 - most / 2 - f.fraction_bits);
    if (exponent > 0)
        x = std::ldexp(std::ldexp(1.0, f.fraction_bits) + static_cast<double>(fraction),
                       exponent - most / 2 - f.fraction_bits);
    if (exponent == most)
        x = fraction == 0 ? std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
    return (code >> (f.width() - 1) & 1) != 0 ? -x : x;
}

bool related(const std::string& relation, double a, double b) {
    const bool unordered = std::isnan(a) || std::isnan(b);
    if (relation == "num") return !unordered;
    if (relation == "nan") return unordered;
    if (relation.size() == 3 && unordered) return true;
    const std::string basic = relation.substr(0, 2);
    if (basic == "eq") return a == b;
    if (basic == "ne") return !unordered && a != b;
    if (basic == "lt") return a < b;
    if (basic == "le") return a <= b;
    return basic == "gt" ? a > b : a >= b;
}

const std::vector<std::string> relations = {"eq",  "ne",  "lt",  "le",  "gt",  "ge",  "num",
                                            "equ", "neu", "ltu", "leu", "gtu", "geu", "nan"};

/// Pairs of edges with each other, and neighbours.
std::pair<Codes, Codes> operands_of(const Fields& f) {
    const std::uint64_t sign = std::uint64_t{1} << (f.width() - 1),
                        infinity = ((std::uint64_t{1} << f.exponent_bits) - 1) << f.fraction_bits;
    Codes edges = {0, sign, 1, sign | 1, f.one, f.one + 1, sign | f.one, infinity, sign | infinity, infinity | 1};
    Codes a, b;
    for (const std::uint64_t x : edges)
        for (const std::uint64_t y : edges) {
            a.push_back(x);
            b.push_back(y);
        }
    return {a, b};
}

TEST(PtxSet, ComparesHalves) {
    for (const Fields& f : halves) {
        const auto [a, b] = operands_of(f);
        for (const std::string& relation : relations) {
            const Codes reals =
                            executed("set." + relation + "." + f.name + "." + f.name, "b16", {"b16", "b16"}, {a, b}),
                        masks = executed("set." + relation + ".u32." + f.name, "b32", {"b16", "b16"}, {a, b}),
                        narrow = executed("set." + relation + ".s16." + f.name, "b16", {"b16", "b16"}, {a, b});
            for (std::size_t i = 0; i < a.size(); ++i) {
                const bool wanted = related(relation, number(f, a[i]), number(f, b[i]));
                EXPECT_EQ(reals[i], wanted ? f.one : 0) << relation << std::hex << " " << a[i] << " " << b[i];
                EXPECT_EQ(masks[i], wanted ? 0xFFFFFFFF : 0) << relation << std::hex << " " << a[i] << " " << b[i];
                EXPECT_EQ(narrow[i], wanted ? 0xFFFF : 0) << relation << std::hex << " " << a[i] << " " << b[i];
            }
        }
    }
}

TEST(PtxSet, ComparesPairsHalfByHalf) {
    for (const Fields& f : halves) {
        auto [a, b] = operands_of(f);
        Codes x, y, others_a = a, others_b = b;
        std::mt19937 random(5);
        std::shuffle(others_a.begin(), others_a.end(), random);
        std::shuffle(others_b.begin(), others_b.end(), random);
        for (std::size_t i = 0; i < a.size(); ++i) {
            x.push_back(others_a[i] << 16 | a[i]);
            y.push_back(others_b[i] << 16 | b[i]);
        }
        const Codes flags(a.size(), 0), yes(a.size(), 1);
        for (const std::string& relation : relations) {
            const Codes reals = executed("set." + relation + "." + f.name + "x2." + f.name + "x2", "b32",
                                         {"b32", "b32"}, {x, y}),
                        masks = executed("set." + relation + ".xor.u32." + f.name + "x2", "b32", {"b32", "b32", "pred"},
                                         {x, y, yes});
            for (std::size_t i = 0; i < a.size(); ++i) {
                const bool low = related(relation, number(f, a[i]), number(f, b[i])),
                           high = related(relation, number(f, others_a[i]), number(f, others_b[i]));
                EXPECT_EQ(reals[i], (high ? f.one << 16 : 0) | (low ? f.one : 0)) << relation << " " << i;
                EXPECT_EQ(masks[i], (high ? 0 : 0xFFFF0000) | (low ? 0 : 0xFFFF)) << relation << " " << i;
            }
        }
    }
}

TEST(PtxSet, ComparesWiderNumbers) {
    const Fields single{"f32", 8, 23, 0x3F800000}, real{"f64", 11, 52, 0x3FF0000000000000};
    for (const Fields& f : {single, real}) {
        const auto [a, b] = operands_of(f);
        const std::string memory = "b" + std::to_string(f.width());
        for (const std::string& relation : relations) {
            const Codes found = executed("set." + relation + ".f32." + f.name, "b32", {memory, memory}, {a, b});
            for (std::size_t i = 0; i < a.size(); ++i)
                EXPECT_EQ(found[i], related(relation, number(f, a[i]), number(f, b[i])) ? single.one : 0)
                    << relation << " " << i;
        }
    }
}

TEST(PtxSet, ComparesIntegersWithTheirSign) {
    const Codes a = {0, 1, 0xFFFFFFFF, 0x80000000, 0x7FFFFFFF}, b = {0, 0xFFFFFFFF, 1, 0x7FFFFFFF, 0x80000000};
    const auto set = [&](const std::string& form) { return executed(form, "b32", {"b32", "b32"}, {a, b}); };
    EXPECT_THAT(set("set.lt.u32.s32"), ElementsAre(0, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0));
    EXPECT_THAT(set("set.lt.u32.u32"), ElementsAre(0, 0xFFFFFFFF, 0, 0, 0xFFFFFFFF));
    EXPECT_THAT(set("set.hs.s32.u32"), ElementsAre(0xFFFFFFFF, 0, 0xFFFFFFFF, 0xFFFFFFFF, 0));
    EXPECT_THAT(set("set.ne.f32.b32"), ElementsAre(0, 0x3F800000, 0x3F800000, 0x3F800000, 0x3F800000));
    EXPECT_THAT(executed("set.gt.u32.s16", "b32", {"b16", "b16"}, {{0xFFFF, 1}, {1, 0xFFFF}}),
                ElementsAre(0, 0xFFFFFFFF));
    EXPECT_THAT(executed("set.gt.u32.s64", "b32", {"b64", "b64"}, {{~std::uint64_t{0}, 1}, {1, ~std::uint64_t{0}}}),
                ElementsAre(0, 0xFFFFFFFF));
}

TEST(PtxSet, CombinesWithAPredicate) {
    const Codes a = {1, 1, 2, 2}, b = {1, 1, 1, 1}, c = {0, 1, 0, 1};
    const auto set = [&](const std::string& combination) {
        return executed("set.eq." + combination + ".u32.u32", "b32", {"b32", "b32", "pred"}, {a, b, c});
    };
    constexpr std::uint64_t yes = 0xFFFFFFFF;
    EXPECT_THAT(set("and"), ElementsAre(0, yes, 0, 0));
    EXPECT_THAT(set("or"), ElementsAre(yes, yes, 0, yes));
    EXPECT_THAT(set("xor"), ElementsAre(yes, 0, 0, yes));
    const ptx::Module module =
        test::kernel_module(".param .u64 out",
                            ".reg .b64 %o; .reg .b32 %r<3>; .reg .pred %p; ld.param.u64 %o, [out]; mov.u32 %r1, 1;\n"
                            "setp.eq.u32 %p, %r1, 2; set.eq.and.u32.u32 %r0, %r1, 1, !%p; st.global.u32 [%o], %r0;");
    ptx::Machine machine("sm_90");
    const ptx::Address out = machine.allocate(4);
    machine.launch(module, "k", {}, test::Arguments{test::argument(out)});
    EXPECT_THAT(test::get<std::uint32_t>(machine, out, 1), ElementsAre(yes));
}

// PTX ISA, cvt.pack: the second operand lowest, then the first, then the low bits of the third.
TEST(PtxPack, ClampsAndPutsTogether) {
    const auto code = [](int x) { return static_cast<std::uint64_t>(static_cast<std::uint32_t>(x)); };
    const Codes a = {code(300), code(-5), code(7), code(-70000)}, b = {code(-300), code(127), code(-1), code(70000)},
                c = {0xABCD1234, 0x89ABCDEF, 0, 0xFFFFFFFF};
    const auto with_three = [&](const std::string& type) {
        return executed("cvt.pack.sat." + type + ".s32.b32", "b32", {"b32", "b32", "b32"}, {a, b, c});
    };
    EXPECT_THAT(with_three("s8"), ElementsAre(0x12347F80, 0xCDEFFB7F, 0x000007FF, 0xFFFF807F));
    EXPECT_THAT(with_three("u8"), ElementsAre(0x1234FF00, 0xCDEF007F, 0x00000700, 0xFFFF00FF));
    EXPECT_THAT(with_three("s4"), ElementsAre(0xCD123478, 0xABCDEFB7, 0x0000007F, 0xFFFFFF87));
    EXPECT_THAT(with_three("u2"), ElementsAre(0xBCD1234C, 0x9ABCDEF3, 0x0000000C, 0xFFFFFFF3));
    EXPECT_THAT(executed("cvt.pack.sat.s16.s32", "b32", {"b32", "b32"}, {a, b}),
                ElementsAre(0x012CFED4, 0xFFFB007F, 0x0007FFFF, 0x80007FFF));
    EXPECT_THAT(executed("cvt.pack.sat.u16.s32", "b32", {"b32", "b32"}, {a, b}),
                ElementsAre(0x012C0000, 0x0000007F, 0x00070000, 0x0000FFFF));
}

}  // namespace
}  // namespace halfulp
