// Claim: under each NaN policy a NaN result is the code that the policy's source prescribes, for pairs of codes of
// binary8 formats in every operation of two operands, for triples in fma, and in conversions.
// Oracle: each policy restated below on the fields of the codes, from the manuals that nan.hpp cites; for x86_sse the CPU
// too (oracle/cpu_arithmetic_test.cpp). Which results are NaN comes from ieee_default, which the definition tests check.
// Shared: the rows of formats.hpp.
#include <gtest/gtest.h>

#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/env_names.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <optional>
#include <vector>

#include "support/dyadic.hpp"

namespace halfulp::test {
namespace {

constexpr unsigned sign = 0x80, exponent = 0x7C, quiet = 0x02;  // of e5m2: s.eeeee.ff

bool is_nan(unsigned code) { return (code & exponent) == exponent && (code & 3) != 0; }
bool is_signaling(unsigned code) { return is_nan(code) && (code & quiet) == 0; }

/// The first operand, in an order, of which `is` holds.
template <class Is>
std::optional<unsigned> first(const std::vector<unsigned>& operands, Is is) {
    for (const unsigned x : operands)
        if (is(x)) return x;
    return std::nullopt;
}

/// The NaN of e5m2 that a policy prescribes. `in_order`: the operands as Arm ranks them. `product`: 0 * inf.
unsigned prescribed(NanPolicy policy, const std::vector<unsigned>& operands, const std::vector<unsigned>& in_order,
                    bool product) {
    const auto loud = first(in_order, is_signaling), any = first(in_order, is_nan);
    switch (policy) {
        case NanPolicy::IeeeDefault:
        case NanPolicy::ArmDefaultNan:
        case NanPolicy::Riscv: return 0x7E;
        case NanPolicy::Cuda: return 0x7F;
        case NanPolicy::X86Sse: return first(operands, is_nan).value_or(0xFE) | quiet;
        case NanPolicy::Arm: return loud ? *loud | quiet : any && !product ? *any : 0x7E;
    }
    return 0;
}

constexpr Operation two_operands[] = {Operation::Add,     Operation::Sub,           Operation::Mul,
                                      Operation::Div,     Operation::Remainder,     Operation::Fmod,
                                      Operation::Minimum, Operation::MaximumNumber, Operation::MinNum};

TEST(NanPolicy, EveryPairOfE5m2) {
    for (const auto& policy : nan_policies)
        for (const Operation op : two_operands)
            for (unsigned a = 0; a < 256; ++a)
                for (unsigned b = 0; b < 256; b += 3) {
                    Rounded wanted = compute(op, e5m2, {a, b, 0});
                    if (is_nan(static_cast<unsigned>(wanted.code)))
                        wanted.code = prescribed(policy.value, {a, b}, {a, b}, false);
                    ASSERT_EQ(compute(op, e5m2, {a, b, 0}, {.nan = policy.value}), wanted)
                        << policy.name << ' ' << name_of(op) << ' ' << a << ' ' << b;
                }
}

/// fma's third operand is Arm's first; 0 * inf beside a quiet NaN is the default NaN there, and not invalid on x86.
TEST(NanPolicy, TriplesOfE5m2InFma) {
    const std::vector<unsigned> codes{0x00, 0x80, 0x01, 0x3C, 0xBC, 0x7B, 0x7C,
                                      0xFC, 0x7D, 0xFD, 0x7E, 0xFE, 0x7F, 0xFF};
    for (const auto& policy : nan_policies)
        for (const unsigned a : codes)
            for (const unsigned b : codes)
                for (const unsigned c : codes) {
                    Rounded wanted = compute(Operation::Fma, e5m2, {a, b, c});
                    const unsigned x = a & ~sign, y = b & ~sign;
                    const bool product = (x == 0 && y == exponent) || (x == exponent && y == 0);
                    if (is_nan(static_cast<unsigned>(wanted.code)))
                        wanted.code = prescribed(policy.value, {a, b, c}, {c, a, b}, product);
                    if (policy.value == NanPolicy::X86Sse && product && is_nan(c))
                        wanted.status.invalid = is_signaling(c);
                    ASSERT_EQ(compute(Operation::Fma, e5m2, {a, b, c}, {.nan = policy.value}), wanted)
                        << policy.name << ' ' << a << ' ' << b << ' ' << c;
                }
}

struct Case {
    NanPolicy policy;
    Format to, from;
    std::uint64_t operand, wanted;
};

TEST(NanPolicy, ConversionsKeepThePayloadsLeadingBits) {
    using enum NanPolicy;
    for (const Case& c : {
             Case{X86Sse, binary16, binary32, 0x7FC02000, 0x7E01},
             Case{X86Sse, binary16, binary32, 0xFF802000, 0xFE01},
             Case{X86Sse, binary16, binary32, 0x7F800001, 0x7E00},
             Case{X86Sse, binary64, binary16, 0xFE01, 0xFFF8040000000000},
             Case{Arm, bfloat16, binary32, 0xFF810000, 0xFFC1},
             Case{Arm, binary32, bfloat16, 0x7F81, 0x7FC10000},
             Case{ArmDefaultNan, bfloat16, binary32, 0xFF810000, 0x7FC0},
             Case{Riscv, binary16, binary32, 0xFF810000, 0x7E00},
             Case{Cuda, binary16, binary32, 0xFFC00000, 0x7FFF},
             Case{Cuda, binary32, binary16, 0x7E00, 0x7FFFFFFF},
             Case{Cuda, bfloat16, binary32, 0xFFC00000, 0x7FFF},
             Case{IeeeDefault, binary16, binary32, 0xFFC02000, 0x7E00},
             Case{X86Sse, e4m3fn, binary16, 0xFE01, 0xFF},
             Case{X86Sse, binary16, e4m3fn, 0xFF, 0xFE00},
             Case{X86Sse, e4m3fnuz, binary16, 0xFE01, 0x80},
             Case{X86Sse, binary16, e4m3fnuz, 0x80, 0x7E00},
             Case{X86Sse, e8m0, binary16, 0xFE01, 0xFF},
             Case{Cuda, e5m2, binary32, 0x7FC00000, 0x7F},
         })
        EXPECT_EQ(convert(c.to, c.from, c.operand, {.nan = c.policy}).code, c.wanted)
            << std::hex << c.operand << ' ' << name_of(c.from) << " to " << name_of(c.to);
}

/// bf16 = f32 >> 16 would make infinity of this signaling NaN.
static_assert(convert(bfloat16, binary32, 0x7F800001, {.nan = NanPolicy::Arm}) == Rounded{0x7FC0, {.invalid = true}});

/// Without an operand to blame: 0 / 0 is negative on x86 alone.
static_assert(compute(Operation::Div, binary16, {0, 0, 0}, {.nan = NanPolicy::X86Sse}).code == 0xFE00);
static_assert(compute(Operation::Div, binary16, {0, 0, 0}, {.nan = NanPolicy::Arm}).code == 0x7E00);
static_assert(compute(Operation::Div, binary16, {0, 0, 0}, {.nan = NanPolicy::Cuda}).code == 0x7FFF);

/// A flushed operand is a zero before anything else: 0 * inf is invalid.
static_assert(compute(Operation::Mul, binary16, {0x8001, 0x7C00, 0}, {.flush_inputs = true}) ==
              Rounded{0x7E00, {.invalid = true, .input_denormal = true}});

}  // namespace
}  // namespace halfulp::test
