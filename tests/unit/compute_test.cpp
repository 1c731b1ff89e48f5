// Claim: compute() flushes subnormal operands before every operation that computes and tells so, rounds mixed formats
// once, and Float's functions are compute().
// Oracle: compute() itself on operands that were flushed by hand, and exact rationals for mixed formats; that the
// operations are right is the claim of the definition tests. Shared: formats.hpp.
#include <gtest/gtest.h>

#include <halfulp/softfloat/float.hpp>

#include <halfulp/lib/truth/ieee_rules.hpp>
#include "support/definition_sweeps.hpp"

namespace halfulp::test {
namespace {

using truth::delivered;
using truth::operand;
using truth::product;
using truth::quotient;
using truth::Real;
using truth::sum;

/// Those of IEEE 754-2019, 5.5.1 (sign bits), 5.7.2 (classes), 5.10 (total order) and the steps of 5.3.1 look at codes.
bool computes(Operation op) {
    using enum Operation;
    constexpr std::array of_codes{NextUp, NextDown, Negate, Abs, CopySign, TotalOrder, TotalOrderMag, Classify};
    return std::find(of_codes.begin(), of_codes.end(), op) == of_codes.end();
}

/// A subnormal code of binary16, or e5m2, as the zero of its sign.
std::uint64_t flushed(const Format& f, std::uint64_t code) {
    const std::uint64_t magnitude = code & f.magnitude_mask(), fraction = (std::uint64_t{1} << (f.precision - 1)) - 1;
    return magnitude != 0 && magnitude <= fraction ? code & f.sign_bit() : code;
}

TEST(Compute, FlushesSubnormalOperandsBeforeWhatComputes) {
    for (const NamedOperation& row : operations)
        for (std::uint64_t a = 0; a < 256; ++a)
            for (std::uint64_t b = 0; b < 256; b += 3) {
                const Operands given{a, b, a ^ b}, zeroed{flushed(e5m2, a), flushed(e5m2, b), flushed(e5m2, a ^ b)};
                const bool scales = row.operation == Operation::Scalb;
                const Operands used = computes(row.operation) ? scales ? Operands{zeroed[0], b, 0} : zeroed : given;
                bool any = false;
                for (unsigned i = 0; i < row.operands; ++i) any |= used[i] != given[i];
                Rounded wanted = compute(row.operation, e5m2, used);
                wanted.status.input_denormal = any;
                ASSERT_EQ(compute(row.operation, e5m2, given, {.flush_inputs = true}), wanted)
                    << row.name << ' ' << a << ' ' << b;
            }
}

/// binary32 x binary32 -> binary16 and the like, by the definition.
TEST(Compute, NarrowingOperationsRoundOnce) {
    std::uint64_t bits = 1;
    const auto next_code = [&] { return bits = bits * 6364136223846793005 + 1442695040888963407, bits >> 32; };
    for (const Format& to : {binary16, bfloat16, e4m3fn, binary64})
        for (int i = 0; i < 500; ++i) {
            // Exponents near 1, so that results fall into the narrow range.
            const std::uint64_t a = (next_code() & 0x83FFFFFF) + 0x3C000000,
                                b = (next_code() & 0x83FFFFFF) + 0x3C000000;
            const std::array operands{Operand{binary32, a}, Operand{binary32, b}};
            const Env env{.rounding = deterministic_roundings[static_cast<std::size_t>(i) % 7].rounding};
            const Real x = operand(binary32, a), y = operand(binary32, b);
            ASSERT_EQ(compute(Operation::Mul, to, operands, env), delivered(to, product(x, y), env));
            ASSERT_EQ(compute(Operation::Add, to, operands, env), delivered(to, sum(x, y), env));
            ASSERT_EQ(compute(Operation::Div, to, operands, env), delivered(to, quotient(x, y), env));
        }
}

using Half = Float<binary16>;
using Single = Float<binary32>;

// Float's functions take the same path: policies, flushing, any mix of formats.
constexpr Env x86{.nan = NanPolicy::X86Sse};
static_assert(add<binary16>(Half{0x7E01}, Half{0x3C00}, x86).value.code == 0x7E01);
static_assert(fma<binary16>(Half{0x0000}, Half{0x7C00}, Half{0x7E03}, x86).status == Status{});
static_assert(mul<binary16>(Single{0x3F801000}, Single{0x3F800000}).value.code == 0x3C00, "a tie: 1 + 2^-11");
static_assert(mul<binary16>(Half{0x0001}, Half{0x3C00}, {.flush_inputs = true}).status ==
              Status{.input_denormal = true});
static_assert(mul<binary16>(Half{0x0400}, Half{0x3800}, {.flush_outputs = Flush::BeforeRounding}).status ==
              Status{.underflow = true});
static_assert(mul<binary16>(Half{0x0400}, Half{0x3800}, {.flush_outputs = Flush::AfterRounding}).status ==
              Status{.underflow = true, .inexact = true});
static_assert(remainder<binary16>(Half{0x4500}, Half{0x4000}).value.code == 0x3C00);  // 5 rem 2 = 5 - 2 * 2
static_assert(remainder<binary16>(Half{0x4700}, Half{0x4000}).value.code == 0xBC00);  // 7 rem 2 = 7 - 4 * 2
static_assert(fmod<binary16>(Half{0x4700}, Half{0x4000}).value.code == 0x3C00);
static_assert(round_to_integral(Half{0x4100}).value.code == 0x4000);  // 2.5
static_assert(minimum<binary16>(Half{0x8000}, Half{0x0000}).value.code == 0x8000);
static_assert(maximum<binary32>(Half{0x3C00}, Half{0x4000}).value.code == 0x40000000);
static_assert(scalb<binary16>(Half{0x3C00}, -24).value.code == 0x0001);
static_assert(next_up(Half{0x3C00}).code == 0x3C01 && next_down(Half{0x3C00}).code == 0x3BFF);
static_assert((-Half{0x3C00}).code == 0xBC00 && abs(Half{0xBC00}).code == 0x3C00);
static_assert(to_integer<std::int8_t>(Half{0x5C00}, {}, OutOfRange::Wrap).value == 0);  // 256

}  // namespace
}  // namespace halfulp::test
