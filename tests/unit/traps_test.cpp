// Claim: of every trap of the discriminating set the right result is right, every engine delivers it, and the mistake it
// is named for delivers the wrong one. Every mistake has a trap.
// Oracle: exact rationals by the standard's words, and MPFR and the CPU where they can be asked; for the NaNs of Arm,
// RISC-V and CUDA the clause that the row names. Of the wrong results, the mistakes as implementations.
// Shared: the rows themselves; the mistakes are made with softfloat.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include <halfulp/lib/conformance/traps.hpp>
#include <halfulp/lib/truth/cpu.hpp>
#include <halfulp/lib/verify/engine.hpp>
#include "support/draws.hpp"
#include "support/further_sweeps.hpp"
#include "support/kernel_targets.hpp"
#include "support/mistaken.hpp"

namespace halfulp::test {
namespace {

/// A minimum or maximum by 9.6, or by IEEE 754-2008, 5.3.1.
Real extreme_real(Operation operation, const Real& x, const Real& y) {
    const auto* row = std::find_if(std::begin(extremes), std::end(extremes), [&](const Extreme& e) {
        return operation == e.y2008 || operation == e.y2019 || operation == e.number;
    });
    const bool x_nan = x.is(Real::Kind::NaN), y_nan = y.is(Real::Kind::NaN);
    const Status raised = x.raised | y.raised;
    if (!x_nan && !y_nan) return row->of_numbers(x, y);
    const bool nan_wins = operation == row->y2019 || (operation == row->y2008 && raised.invalid);
    if (nan_wins || (x_nan && y_nan)) return not_a_number(raised);
    Real number = x_nan ? y : x;
    number.raised = raised;
    return number;
}

/// The exact result of the operations that have one.
std::optional<Real> exact_result(const Trap& t) {
    const auto x = [&](std::size_t i) { return operand(t.from, t.operands.at(i)); };
    const auto integer = [&] { return truth::round_to_integer(signed_value(x(0)), t.env.rounding); };
    switch (t.operation) {
        case Add: return truth::sum(x(0), x(1));
        case Sub: return truth::difference(x(0), x(1));
        case Mul: return truth::product(x(0), x(1));
        case Sqrt: return truth::root(x(0));
        case Fma: return truth::fused(x(0), x(1), x(2));
        case Convert: return x(0);
        case Remainder: return remainder_real(x(0), x(1), true);
        case Fmod: return remainder_real(x(0), x(1), false);
        case Logb: return logb_real(x(0));
        case Scalb: return scaled_real(x(0), static_cast<int>(t.operands[1]));
        case RoundToIntegral: return integral_real(x(0), integer(), false);
        case RoundToIntegralExact: return integral_real(x(0), integer(), true);
        case MinNum:
        case MinimumNumber:
        case Minimum:
        case Maximum:
        case MinimumMagnitude: return extreme_real(t.operation, x(0), x(1));
        default: return std::nullopt;
    }
}

/// 5.11.
Rounded compared(Operation operation, const Real& x, const Real& y) {
    const auto order = ordered(x, y);
    const bool unordered = order == std::partial_ordering::unordered;
    const bool holds = operation == Equal       ? order == 0
                       : operation == LessEqual ? order <= 0
                                                : order < 0;  // Less, LessQuiet
    const bool quiet = operation == Equal || operation == LessQuiet;
    return {holds ? 1U : 0U, {.invalid = quiet ? x.raised.invalid || y.raised.invalid : unordered}};
}

/// 5.3.1, by search: the least number above, or the greatest below, that is finite; where there is none the code stays.
std::uint64_t next_number(const Format& f, std::uint64_t code, bool up) {
    const Real x = operand(f, code);
    std::uint64_t next = code;
    Real best = infinity(!up);
    for (std::uint64_t other = 0; other <= f.code_mask(); ++other) {
        const Real y = operand(f, other);
        if (up ? ordered(y, x) > 0 && ordered(y, best) < 0 : ordered(y, x) < 0 && ordered(y, best) > 0) {
            next = other;
            best = y;
        }
    }
    return next;
}

/// By the standard's words; nothing where they leave the choice to a policy of NaNs or flushing of operands.
std::optional<Rounded> defined(const Trap& t) {
    const std::uint64_t a = t.operands[0], b = t.operands[1];
    if (t.env.nan != NanPolicy::IeeeDefault || t.env.flush_inputs) return std::nullopt;
    if (const auto exact = exact_result(t)) return delivered(t.to, *exact, t.env);
    if (kind_of(t.operation) == OperationKind::Comparison)
        return compared(t.operation, operand(t.from, a), operand(t.from, b));
    switch (t.operation) {
        case TotalOrder: return Rounded{in_total_order(t.from, a, b) ? 1U : 0U, {}};
        case NextUp: return Rounded{next_number(t.from, a, true), {}};
        case NextDown: return Rounded{next_number(t.from, a, false), {}};
        case Negate: return Rounded{a ^ std::uint64_t{1} << (t.from.width - 1), {}};
        default: return std::nullopt;
    }
}

TEST(Traps, AreRightByDefinition) {
    unsigned by_policy = 0;
    for (const Trap& t : traps) {
        const auto result = defined(t);
        if (result)
            EXPECT_EQ(*result, t.right) << t.name;
        else
            ++by_policy;
    }
    EXPECT_EQ(by_policy, 10U) << "the NaNs of x86, Arm, RISC-V and CUDA, and an operand that is flushed";
}

/// What this CPU delivers, where it can be asked.
std::optional<Rounded> by_cpu(const Trap& t) {
    const bool other_nan = t.to.is_nan(t.right.code) && t.env.nan != NanPolicy::X86Sse;
    const bool other_rules = t.env.tininess != Tininess::AfterRounding || t.env.flush_inputs;
    if (t.from != binary32 || other_nan || other_rules || !truth::cpu_has(t.env.rounding)) return std::nullopt;
    if (t.to == binary16 && t.operation == Convert && truth::cpu_lacks_binary16().empty())
        return truth::cpu_binary32_to_binary16(t.operands[0], t.env.rounding);
    if (t.to != binary32 || !truth::cpu_lacks(t.operation).empty()) return std::nullopt;
    return truth::cpu_result(t.operation, binary32, t.operands, t.env);
}

TEST(Traps, AreRightByTheCpu) {
    unsigned asked = 0;
    for (const Trap& t : traps) {
        const auto result = by_cpu(t);
        if (!result) continue;
        EXPECT_EQ(*result, t.right) << t.name;
        ++asked;
    }
    if (asked == 0) GTEST_SKIP() << "this CPU cannot be asked";
}

/// exact, narrow, batch, fixed and mpfr.
void expect_of_every_engine(const Trap& t) {
    const Subject subject{t.operation, t.from, t.to};
    for (const Engine& engine : engines()) {
        if (!engine.lacks(subject, t.env).empty()) continue;
        Rounded result{};
        const auto draws = draws_beginning_with(static_cast<std::uint32_t>(t.env.random >> 32));
        engine.run({subject, {&t.env, 1}, {&t.operands, 1}, draws}, {&result, 1});
        EXPECT_EQ(result, t.right) << t.name << ' ' << engine.name;
    }
}

TEST(Traps, EveryEngineIsRight) {
    on_every_target([] { std::for_each(traps.begin(), traps.end(), expect_of_every_engine); });
}

/// A mistake as an implementation that makes it.
struct Mistaken {
    Mistake mistake;
    Rounded (*compute)(const Trap&);
};

constexpr Mistaken mistaken_implementations[] = {
    {Mistake::ThroughBinary32, [](const Trap& t) { return through(binary32, t); }},
    {Mistake::ThroughBinary64, [](const Trap& t) { return through(binary64, t); }},
    {Mistake::FusedInTwo, [](const Trap& t) { return fused_in_two(t, false); }},
    {Mistake::ScaledInTwo, [](const Trap& t) { return scaled_in_two(t); }},
    {Mistake::TiesAway, [](const Trap& t) { return in_rounding(t, Rounding::NearestAway); }},
    {Mistake::TiesToEven, [](const Trap& t) { return in_rounding(t, Rounding::NearestEven); }},
    {Mistake::TiesTowardZero, [](const Trap& t) { return ties_toward_zero(t); }},
    {Mistake::TiesUp, [](const Trap& t) { return ties_up(t); }},
    {Mistake::ToNearest, [](const Trap& t) { return in_rounding(t, Rounding::NearestEven); }},
    {Mistake::TowardZero, [](const Trap& t) { return in_rounding(t, Rounding::TowardZero); }},
    {Mistake::TossesACoin, [](const Trap& t) { return tosses_a_coin(t); }},
    {Mistake::OverflowsAboveLargest, [](const Trap& t) { return overflows_above_largest(t); }},
    {Mistake::AlwaysInfinite, [](const Trap& t) { return in_overflow(t, Overflow::ToInfinity); }},
    {Mistake::Saturates, [](const Trap& t) { return in_overflow(t, Overflow::Saturate); }},
    {Mistake::NeverSaturates, [](const Trap& t) { return in_overflow(t, Overflow::ByRounding); }},
    {Mistake::ClampsNan,
     [](const Trap& t) {
         return t.to.is_nan(in(t, t.env).code) ? Rounded{t.to.max_code(), {}} : in(t, t.env);
     }},
    {Mistake::CarriesIntoSign, [](const Trap& t) { return carries_into_sign(t); }},
    {Mistake::OtherTininess, [](const Trap& t) { return other_tininess(t); }},
    {Mistake::TinyAsDelivered, [](const Trap& t) { return underflow_by_code(t, false); }},
    {Mistake::ExactUnderflows, [](const Trap& t) { return underflow_by_code(t, true); }},
    {Mistake::FlushesResults, [](const Trap& t) { return in_flushing(t, t.env.flush_inputs, Flush::AfterRounding); }},
    {Mistake::FlushesOperands, [](const Trap& t) { return in_flushing(t, true, t.env.flush_outputs); }},
    {Mistake::FlushesNothing, [](const Trap& t) { return in_flushing(t, false, Flush::Never); }},
    {Mistake::FlushesByOtherRule, [](const Trap& t) { return flushes_by_other_rule(t); }},
    {Mistake::FlushesToPositive,
     [](const Trap& t) {
         return Rounded{in(t, t.env).code & t.to.magnitude_mask(), in(t, t.env).status};
     }},
    {Mistake::CancelsToNegative, [](const Trap& t) { return in_rounding(t, Rounding::Down); }},
    {Mistake::CancelsToPositive, [](const Trap& t) { return in_rounding(t, Rounding::NearestEven); }},
    {Mistake::UnsignedZeroProduct, [](const Trap& t) { return fused_in_two(t, true); }},
    {Mistake::RefusesNegativeRoot,
     [](const Trap& t) {
         return Rounded{t.to.nan_code(), {.invalid = true}};
     }},
    {Mistake::CopiesTheSign, [](const Trap& t) { return copies_the_sign(t); }},
    {Mistake::SilentSignaling,
     [](const Trap& t) {
         return Rounded{in(t, t.env).code, {}};
     }},
    {Mistake::NanOfX86, [](const Trap& t) { return in_policy(t, NanPolicy::X86Sse); }},
    {Mistake::NanOfArm, [](const Trap& t) { return in_policy(t, NanPolicy::Arm); }},
    {Mistake::DefaultNan, [](const Trap& t) { return in_policy(t, NanPolicy::IeeeDefault); }},
    {Mistake::UpperHalf,
     [](const Trap& t) {
         return Rounded{t.operands[0] >> 16, {}};
     }},
    {Mistake::BiasWithoutGuard, [](const Trap& t) { return bias_without_guard(t); }},
    {Mistake::FmodForRemainder, [](const Trap& t) { return in_place(t, Operation::Fmod); }},
    {Mistake::RoundedQuotient, [](const Trap& t) { return rounded_quotient(t); }},
    {Mistake::FlooredModulo, [](const Trap& t) { return floored_modulo(t); }},
    {Mistake::AddsHalf, [](const Trap& t) { return adds_half(t); }},
    {Mistake::SilentIntegral, [](const Trap& t) { return in_place(t, Operation::RoundToIntegral); }},
    {Mistake::Selects, [](const Trap& t) { return selects(t); }},
    {Mistake::Of2008, [](const Trap& t) { return in_place(t, Operation::MinNum); }},
    {Mistake::Of2019, [](const Trap& t) { return in_place(t, Operation::MinimumNumber); }},
    {Mistake::Quiet, [](const Trap& t) { return in_place(t, Operation::LessQuiet); }},
    {Mistake::Signaling, [](const Trap& t) { return in_place(t, Operation::Less); }},
    {Mistake::ComparesCodes,
     [](const Trap& t) {
         return Rounded{t.operands[0] == t.operands[1] ? 1U : 0U, {}};
     }},
    {Mistake::NotGreater, [](const Trap& t) { return not_greater(t); }},
    {Mistake::ByValue, [](const Trap& t) { return in_place(t, Operation::LessEqualQuiet); }},
    {Mistake::StepsTheCode, [](const Trap& t) { return steps_the_code(t); }},
    {Mistake::ReadsTheField, [](const Trap& t) { return reads_the_field(t); }},
    {Mistake::Subtracts,
     [](const Trap& t) {
         return compute(Operation::Sub, t.to, {0, t.operands[0]});
     }},
};
static_assert(std::size(mistaken_implementations) == mistakes.size());

/// What the trap's mistake delivers.
Rounded mistaken(const Trap& t) {
    const Mistaken& row = mistaken_implementations[static_cast<std::size_t>(t.mistake)];
    EXPECT_EQ(row.mistake, t.mistake) << "the rows are in the enumerators' order";
    return row.compute(t);
}

TEST(Traps, TheirMistakesShow) {
    for (const Trap& t : traps) {
        EXPECT_NE(t.wrong, t.right) << t.name;
        EXPECT_EQ(mistaken(t), t.wrong) << t.name << ": " << row_of(t.mistake).what;
    }
}

/// 0x387FF000 to 0x387FFFFF: what rounds to the least normal number of binary16 by either rule, tiny by one alone.
TEST(Traps, TininessDecides4096Numbers) {
    unsigned decided = 0;
    for (std::uint64_t code = 0x387FE000; code <= 0x38800FFF; ++code) {
        const Rounded after = convert(binary16, binary32, code);
        if (convert(binary16, binary32, code, trap_rows::before).status != after.status) ++decided;
    }
    EXPECT_EQ(decided, 4096U);
}

TEST(Traps, NamesAreUniqueAndEveryMistakeHasATrap) {
    std::set<std::string_view> names;
    std::set<Mistake> shown;
    for (const Trap& t : traps) {
        EXPECT_TRUE(names.insert(t.name).second) << t.name;
        shown.insert(t.mistake);
    }
    EXPECT_EQ(shown.size(), mistakes.size());
    for (std::size_t i = 0; i < mistakes.size(); ++i) EXPECT_EQ(mistakes[i].mistake, static_cast<Mistake>(i));
}

}  // namespace
}  // namespace halfulp::test
