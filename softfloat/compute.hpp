#pragma once

#include <array>
#include <cassert>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>

#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/deliver.hpp>
#include <halfulp/softfloat/extremum.hpp>
#include <halfulp/softfloat/integral.hpp>
#include <halfulp/softfloat/neighbours.hpp>
#include <halfulp/softfloat/operation.hpp>
#include <halfulp/softfloat/order.hpp>
#include <halfulp/softfloat/remainder.hpp>
#include <halfulp/softfloat/scale.hpp>

// Any operation on codes, by name: subnormal operands flushed, the exact operation, rounded once, NaN by policy.

namespace halfulp {

/// Which of minimum and maximum it is. Pre: the operation is one of them.
constexpr Extremum extremum_of(Operation operation) {
    using enum NanBeside;
    switch (operation) {
        case Operation::MinNum: return {.largest = false, .by_magnitude = false, .nan = LosesUnlessLoud};
        case Operation::MaxNum: return {.largest = true, .by_magnitude = false, .nan = LosesUnlessLoud};
        case Operation::MinNumMag: return {.largest = false, .by_magnitude = true, .nan = LosesUnlessLoud};
        case Operation::MaxNumMag: return {.largest = true, .by_magnitude = true, .nan = LosesUnlessLoud};
        case Operation::Minimum: return {.largest = false, .by_magnitude = false, .nan = Wins};
        case Operation::Maximum: return {.largest = true, .by_magnitude = false, .nan = Wins};
        case Operation::MinimumMagnitude: return {.largest = false, .by_magnitude = true, .nan = Wins};
        case Operation::MaximumMagnitude: return {.largest = true, .by_magnitude = true, .nan = Wins};
        case Operation::MinimumNumber: return {.largest = false, .by_magnitude = false, .nan = Loses};
        case Operation::MaximumNumber: return {.largest = true, .by_magnitude = false, .nan = Loses};
        case Operation::MinimumMagnitudeNumber: return {.largest = false, .by_magnitude = true, .nan = Loses};
        case Operation::MaximumMagnitudeNumber: return {.largest = true, .by_magnitude = true, .nan = Loses};
        default: __builtin_unreachable();
    }
}

/// The result before it is rounded. Pre: an operation of Arithmetic or Rounded, as many operands as it has.
constexpr Sticky result_of(Operation operation, std::span<const Operand> operands, const Env& env = {}) {
    assert(operands.size() == row_of(operation).operands);
    const auto x = [&](std::size_t i) { return decode(operands[i]); };
    switch (operation) {
        case Operation::Add: return add(x(0), x(1));
        case Operation::Sub: return sub(x(0), x(1));
        case Operation::Mul: return mul(x(0), x(1));
        case Operation::Div: return div(x(0), x(1));
        case Operation::Sqrt: return sqrt(x(0));
        case Operation::Fma: return fma(x(0), x(1), x(2));
        case Operation::Remainder: return remainder(x(0), x(1));
        case Operation::Fmod: return fmod(x(0), x(1));
        case Operation::RoundToIntegral: return round_to_integral(x(0), env);
        case Operation::RoundToIntegralExact: return round_to_integral_exact(x(0), env);
        case Operation::Scalb: return scalb(x(0), static_cast<std::int64_t>(operands[1].code));
        case Operation::Logb: return logb(x(0));
        case Operation::Convert: return x(0);
        default: return extremum(x(0), x(1), extremum_of(operation));
    }
}

/// The same on codes of one format.
constexpr Sticky result_of(Operation operation, const Format& f, const Operands& codes, const Env& env = {}) {
    const std::array<Operand, 3> operands{{{f, codes[0]}, {f, codes[1]}, {f, codes[2]}}};
    return result_of(operation, std::span{operands}.first(row_of(operation).operands), env);
}

/// What is answered about the operands with exceptions. Pre: an operation of Comparison.
constexpr Rounded comparison(Operation operation, const Exact& a, const Exact& b) {
    const Compared quiet = compare_quiet(a, b), signaling = compare_signaling(a, b);
    const auto answer = [](bool truth, Status status) { return Rounded{truth ? 1U : 0U, status}; };
    switch (operation) {
        case Operation::Equal: return answer(quiet.order == 0, quiet.status);
        case Operation::EqualSignaling: return answer(quiet.order == 0, signaling.status);
        case Operation::Less: return answer(quiet.order < 0, signaling.status);
        case Operation::LessQuiet: return answer(quiet.order < 0, quiet.status);
        case Operation::LessEqual: return answer(quiet.order <= 0, signaling.status);
        case Operation::LessEqualQuiet: return answer(quiet.order <= 0, quiet.status);
        case Operation::Unordered: return answer(quiet.order == std::partial_ordering::unordered, quiet.status);
        default: __builtin_unreachable();
    }
}

/// What is found by looking at the codes: no subnormal operand is flushed, and only NextUp and NextDown signal, a
/// signaling NaN. Pre: an operation of Code or Question; a and b have one format, but in CopySign.
constexpr std::uint64_t code_answer(Operation operation, const Operand& a, const Operand& b) {
    const Format& f = a.format;
    switch (operation) {
        case Operation::NextUp: return next_up(f, a.code);
        case Operation::NextDown: return next_down(f, a.code);
        case Operation::Negate: return negate(f, a.code);
        case Operation::Abs: return abs(f, a.code);
        case Operation::CopySign: return copy_sign(f, a.code, is_negative(b.format, b.code));
        case Operation::TotalOrder: return total_order(f, a.code, b.code) ? 1 : 0;
        case Operation::TotalOrderMag: return total_order_mag(f, a.code, b.code) ? 1 : 0;
        case Operation::Classify: return static_cast<std::uint64_t>(classify(f, a.code));
        default: __builtin_unreachable();
    }
}

/// An operation on operands whose subnormal numbers, where env says so, have become zeros.
constexpr Rounded computed(const NamedOperation& row, const Format& to, std::span<const Operand> operands,
                           const Env& env) {
    const Operand &a = operands.front(), &b = operands[operands.size() > 1 ? 1 : 0];
    const auto delivered = [&](const Sticky& result) {
        const std::size_t numbers = operands.size() - (row.last_operand == Domain::Integer ? 1 : 0);
        return deliver(to, result, operands.first(numbers), env);
    };
    switch (row.kind) {
        case OperationKind::Arithmetic:
        case OperationKind::Rounded: return delivered(result_of(row.operation, operands, env));
        case OperationKind::Comparison: return comparison(row.operation, decode(a), decode(b));
        case OperationKind::Exponent: {
            const Exponent exponent = logb_integer(decode(a));
            return {static_cast<std::uint64_t>(std::int64_t{exponent.value}), exponent.status};
        }
        case OperationKind::Code:
        case OperationKind::Question: {
            const bool is_step = row.operation == Operation::NextUp || row.operation == Operation::NextDown;
            return is_step && a.is_nan() ? delivered(decode(a)) : Rounded{code_answer(row.operation, a, b), {}};
        }
    }
    __builtin_unreachable();
}

/// The operation on operands of any formats, rounded once to `to`. Where the row of the operation says so, the result is
/// no code of `to` but a truth, a class or an integer, and the last operand an integer instead of a code.
/// Pre: as many operands as the operation has; an operation of Code delivers a's format, hence `to` is that.
[[nodiscard]] constexpr Rounded compute(Operation operation, const Format& to, std::span<const Operand> operands,
                                        const Env& env = {}) {
    const NamedOperation& row = row_of(operation);
    assert(operands.size() == row.operands);
    const bool looks_at_codes = row.kind == OperationKind::Code || row.kind == OperationKind::Question;
    std::array<Operand, 3> inputs{};
    Status seen;
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const bool is_number = i + 1 < operands.size() || row.last_operand == Domain::Number;
        inputs[i] = operands[i];
        if (!is_number) continue;
        const Input in = input_of(operands[i], looks_at_codes ? Env{} : env);
        inputs[i] = in.operand;
        seen = seen | in.status;
    }
    const Rounded r = computed(row, to, std::span{inputs}.first(operands.size()), env);
    return {r.code, r.status | seen};
}

/// The operation on codes of one format, with the result in it too.
[[nodiscard]] constexpr Rounded compute(Operation operation, const Format& f, const Operands& codes,
                                        const Env& env = {}) {
    const std::array<Operand, 3> operands{{{f, codes[0]}, {f, codes[1]}, {f, codes[2]}}};
    return compute(operation, f, std::span{operands}.first(row_of(operation).operands), env);
}

}  // namespace halfulp
