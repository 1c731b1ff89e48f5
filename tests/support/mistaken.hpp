#pragma once

#include <array>
#include <halfulp/lib/conformance/trap.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <span>

// What the mistakes of the discriminating set are made of.

namespace halfulp::test {

/// A trap's operation, or another one in its place, with its operands in an environment.
inline Rounded in_place(const Trap& t, Operation operation, const Format& to, const Env& env) {
    const std::array<Operand, 3> all{{{t.from, t.operands[0]}, {t.from, t.operands[1]}, {t.from, t.operands[2]}}};
    return compute(operation, to, std::span(all).first(row_of(operation).operands), env);
}
inline Rounded in(const Trap& t, const Env& env) { return in_place(t, t.operation, t.to, env); }
inline Rounded in_place(const Trap& t, Operation operation) { return in_place(t, operation, t.to, t.env); }

inline Rounded in_rounding(const Trap& t, Rounding rounding) {
    Env env = t.env;
    env.rounding = rounding;
    return in(t, env);
}
inline Rounded in_overflow(const Trap& t, Overflow overflow) {
    Env env = t.env;
    env.overflow = overflow;
    return in(t, env);
}
inline Rounded in_policy(const Trap& t, NanPolicy nan) {
    Env env = t.env;
    env.nan = nan;
    return in(t, env);
}
inline Rounded in_flushing(const Trap& t, bool inputs, Flush outputs) {
    Env env = t.env;
    env.flush_inputs = inputs;
    env.flush_outputs = outputs;
    return in(t, env);
}

/// A calculation in steps, each rounded to f, which leaves the flags of all.
class Steps {
  public:
    Steps(const Format& f, const Env& env) : f_(f), env_(env) {}
    std::uint64_t operator()(Operation operation, const Operands& operands) {
        return operator()(operation, operands, env_);
    }
    std::uint64_t operator()(Operation operation, const Operands& operands, const Env& env) {
        const Rounded r = compute(operation, f_, operands, env);
        seen_ = seen_ | r.status;
        return r.code;
    }
    Rounded left(std::uint64_t code) const { return {code, seen_}; }

  private:
    Format f_;
    Env env_;
    Status seen_;
};

inline Rounded through(const Format& wide, const Trap& t) {
    const Rounded first = in_place(t, t.operation, wide, {}), last = convert(t.to, wide, first.code, t.env);
    return {last.code, first.status | last.status};
}

inline Rounded fused_in_two(const Trap& t, bool unsigned_zero) {
    Steps step(t.to, t.env);
    const std::uint64_t product = step(Operation::Mul, t.operands);
    const bool zero = (product & t.to.magnitude_mask()) == 0;
    return step.left(step(Operation::Add, {zero && unsigned_zero ? 0 : product, t.operands[2]}));
}

inline Rounded scaled_in_two(const Trap& t) {
    Steps step(t.to, t.env);
    const auto n = static_cast<std::int64_t>(t.operands[1]);
    const std::uint64_t first = step(Operation::Scalb, {t.operands[0], static_cast<std::uint64_t>(n / 2)});
    return step.left(step(Operation::Scalb, {first, static_cast<std::uint64_t>(n - n / 2)}));
}

/// Of the number next to the operand, toward zero: ties fall to that side.
inline Rounded ties_toward_zero(const Trap& t) { return convert(t.to, t.from, t.operands[0] - 1, t.env); }

inline Rounded ties_up(const Trap& t) {
    return is_negative(t.from, t.operands[0]) ? ties_toward_zero(t) : in_rounding(t, Rounding::NearestAway);
}

inline Rounded tosses_a_coin(const Trap& t) {
    const Rounded cut = in_rounding(t, Rounding::TowardZero);
    return {cut.code + (t.env.random >> 63), cut.status};
}

inline Rounded overflows_above_largest(const Trap& t) {
    const bool above = compare(decode(t.from, t.operands[0]), decode(t.to, t.to.max_code())) > 0;
    return above ? convert(t.to, t.from, t.from.max_code(), t.env) : in(t, t.env);
}

inline Rounded carries_into_sign(const Trap& t) {
    Format wider = t.to;
    ++wider.width;
    const Rounded r = in_place(t, t.operation, wider, t.env);
    return {r.code & t.to.code_mask(), r.status};
}

inline Rounded other_tininess(const Trap& t) {
    Env env = t.env;
    const bool after = env.tininess == Tininess::AfterRounding;
    env.tininess = after ? Tininess::BeforeRounding : Tininess::AfterRounding;
    return in(t, env);
}

/// The right result, with underflow by a look at it.
inline Rounded underflow_by_code(const Trap& t, bool of_exact_ones) {
    Rounded r = in(t, t.env);
    r.status.underflow = is_subnormal(t.to, r.code) && (r.status.inexact || of_exact_ones);
    return r;
}

inline Rounded flushes_by_other_rule(const Trap& t) {
    const bool after = t.env.flush_outputs == Flush::AfterRounding;
    return in_flushing(t, t.env.flush_inputs, after ? Flush::BeforeRounding : Flush::AfterRounding);
}

inline Rounded copies_the_sign(const Trap& t) {
    const Rounded r = in(t, t.env);
    return {r.code | (is_negative(t.from, t.operands[0]) ? t.to.sign_bit() : 0), r.status};
}

inline Rounded bias_without_guard(const Trap& t) {
    const auto code = static_cast<std::uint32_t>(t.operands[0]);
    return {(code + 0x7FFF + (code >> 16 & 1)) >> 16, {}};
}

inline Rounded rounded_quotient(const Trap& t) {
    Steps step(t.to, t.env);
    const std::uint64_t x = t.operands[0], y = t.operands[1], quotient = step(Operation::Div, t.operands);
    const std::uint64_t n = step(Operation::RoundToIntegral, {quotient}, {.rounding = Rounding::NearestAway});
    return step.left(step(Operation::Sub, {x, step(Operation::Mul, {n, y})}));
}

inline Rounded floored_modulo(const Trap& t) {
    const std::uint64_t rest = in_place(t, Operation::Fmod).code, y = t.operands[1];
    if ((rest & t.to.magnitude_mask()) == 0) return {copy_sign(t.to, rest, is_negative(t.to, y)), {}};
    return is_negative(t.to, rest) == is_negative(t.to, y) ? Rounded{rest, {}}
                                                           : compute(Operation::Add, t.to, {rest, y});
}

inline Rounded adds_half(const Trap& t) {
    Steps step(t.to, {});
    const std::uint64_t half = static_cast<std::uint64_t>(t.to.bias - 1) << t.to.fraction_bits();
    const std::uint64_t sum = step(Operation::Add, {t.operands[0], half});
    return step.left(step(Operation::RoundToIntegral, {sum}, {.rounding = Rounding::Down}));
}

inline Rounded selects(const Trap& t) {
    const Extremum which = extremum_of(t.operation);
    std::uint64_t a = t.operands[0], b = t.operands[1];
    if (which.largest) std::swap(a, b);
    const auto seen = [&](std::uint64_t x) { return which.by_magnitude ? abs(t.to, x) : x; };
    const Rounded less = compute(Operation::Less, t.to, {seen(a), seen(b)});
    return {less.code == 1 ? t.operands[0] : t.operands[1], less.status};
}

inline Rounded not_greater(const Trap& t) {
    const Rounded less = compute(Operation::Less, t.to, {t.operands[1], t.operands[0]});
    return {1 - less.code, less.status};
}

inline Rounded steps_the_code(const Trap& t) {
    const bool away = (t.operation == Operation::NextUp) != ((t.operands[0] & t.to.sign_bit()) != 0);
    return {(away ? t.operands[0] + 1 : t.operands[0] - 1) & t.to.code_mask(), {}};
}

inline Rounded reads_the_field(const Trap& t) {
    return from_integer(t.to,
                        static_cast<int>((t.operands[0] & t.to.magnitude_mask()) >> t.to.fraction_bits()) - t.to.bias);
}

}  // namespace halfulp::test
