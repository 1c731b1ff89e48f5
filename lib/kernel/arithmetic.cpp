#include <halfulp/lib/kernel/arithmetic.hpp>

#include <halfulp/lib/kernel/default_environment.h>
#include <halfulp/lib/kernel/half_by_cpu.h>
#include <halfulp/softfloat/formats.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/arithmetic.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/map-inl.h>
#include <halfulp/lib/kernel/odd-inl.h>
#include <halfulp/lib/kernel/operands-inl.h>
#include <halfulp/lib/kernel/random-inl.h>
#include <halfulp/lib/kernel/round-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// Widen, compute rounded to odd, round.
template <Operation operation, Way way, Addend addend>
struct Calculate {
    static constexpr int operands = Origin<operation>::has_c ? 3 : Origin<operation>::has_b ? 2 : 1;
    /// A product of two bfloat16 may leave binary32 before an addend brings it back; Stochastic reads 43 bits.
    static constexpr bool needs_binary64 =
        (way == Way::Same && operation == Operation::Fma) || addend == Addend::Stochastic;
    static constexpr Shape shape = way == Way::Same && !needs_binary64 ? Shape::Same : Shape::Gradual;
    Calculation constants;
    GeneratorOf<addend> generator;

    HWY_INLINE Calculate from(std::size_t i) const { return {constants, generator.from(i)}; }

    HWY_INLINE Lanes flags(const Outcome& r) const { return HWY_NAMESPACE::flags(constants.result.raises, r); }

    /// The sign of an exact zero.
    HWY_INLINE Lanes zero_sign(Lanes result, Floats a, Floats b, Floats c) const {
        Lanes negative = hn::Or(bits(a), bits(b));
        if constexpr (operation == Operation::Fma) negative = hn::Or(hn::Xor(bits(a), bits(b)), bits(c));
        const Mask zero = hn::Eq(hn::And(result, all(0x7FFFFFFF)), hn::Zero(Tag()));
        return hn::IfThenElseZero(zero, hn::And(negative, all(constants.zero_sign)));
    }

    HWY_INLINE Outcome operator()(HalfWords a_codes, HalfWords b_codes, HalfWords c_codes,
                                  [[maybe_unused]] std::size_t i) const {
        const Widening& p = constants.operand;
        Lanes denormal = hn::Zero(Tag());
        a_codes = flushed(p, a_codes, denormal);
        if constexpr (operands > 1) b_codes = flushed(p, b_codes, denormal);
        if constexpr (operands > 2) c_codes = flushed(p, c_codes, denormal);
        const Floats a = numbers<way>(p, a_codes), c = numbers<way>(p, c_codes);
        Floats b = numbers<way>(p, b_codes);
        if constexpr (operation == Operation::Add) b = number(hn::Xor(bits(b), all(constants.b_sign)));
        Odd x;
        if constexpr (needs_binary64) x = odd_result<operation, addend>(doubles(a), doubles(b), doubles(c));
        if constexpr (!needs_binary64) x = odd_result<operation, addend>(a, b, c);
        if constexpr (way == Way::Same && !needs_binary64 &&
                      (operation == Operation::Mul || operation == Operation::Div))
            restore_vanished<operation>(a, b, x.bits);
        if constexpr (addend == Addend::Directed && (operation == Operation::Add || operation == Operation::Fma))
            x.bits = hn::Or(x.bits, zero_sign(x.bits, a, b, c));
        const Mask nan = greater(hn::And(x.bits, all(0x7FFFFFFF)), all(constants.result.layout.infinity()));
        const Origin<operation> origin{p, a_codes, b_codes, c_codes, nan, x.lost};
        Lanes random = hn::Zero(Tag());
        if constexpr (addend == Addend::Stochastic) random = random_lanes(generator, i);
        Outcome r = round_pack<addend, shape>(constants.result, x.bits, origin, random);
        if (HWY_UNLIKELY(p.flush_inputs)) r.raised = hn::Or(r.raised, denormal);
        return r;
    }
};

template <Operation operation, Way way>
std::uint32_t calculate_by(const Calculation& constants, const Draws& draws, const Arrays<std::uint16_t>& at) {
    switch (constants.result.addend) {
        case Addend::Nearest:
            return map(Calculate<operation, way, Addend::Nearest>{constants, GeneratorOf<Addend::Nearest>(draws)}, at);
        case Addend::Directed:
            return map(Calculate<operation, way, Addend::Directed>{constants, GeneratorOf<Addend::Directed>(draws)},
                       at);
        case Addend::ToOdd:
            return map(Calculate<operation, way, Addend::ToOdd>{constants, GeneratorOf<Addend::ToOdd>(draws)}, at);
        case Addend::Stochastic:
            return map(Calculate<operation, way, Addend::Stochastic>{constants, GeneratorOf<Addend::Stochastic>(draws)},
                       at);
    }
    __builtin_unreachable();
}

template <Operation operation>
std::uint32_t calculate_on(const Calculation& constants, const Draws& draws, const Arrays<std::uint16_t>& at) {
    if (constants.operand.shape == Shape::Same) return calculate_by<operation, Way::Same>(constants, draws, at);
#if HALFULP_KERNEL_F16C
    if (constants.is_binary16) return calculate_by<operation, Way::F16c>(constants, draws, at);
#endif
    return calculate_by<operation, Way::Gradual>(constants, draws, at);
}

std::uint32_t calculate(Operation operation, const Calculation& constants, const Draws& draws, const Triple& operands,
                        const Results& to) {
    const Arrays<std::uint16_t> at{operands.a, operands.b, operands.c, to};
    switch (operation) {
        case Operation::Add:
        case Operation::Sub: return calculate_on<Operation::Add>(constants, draws, at);
        case Operation::Mul: return calculate_on<Operation::Mul>(constants, draws, at);
        case Operation::Div: return calculate_on<Operation::Div>(constants, draws, at);
        case Operation::Sqrt: return calculate_on<Operation::Sqrt>(constants, draws, at);
        case Operation::Fma: return calculate_on<Operation::Fma>(constants, draws, at);
        default: __builtin_unreachable();
    }
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(calculate);

Status compute(Operation operation, const Format& f, Codes a, Codes b, Codes c, std::span<std::uint16_t> results,
               const Env& env, std::span<Status> each, const Draws& draws) {
    require_arithmetic(operation, f);
    require_env(env);
    const unsigned operands = row_of(operation).operands;
    require_lengths({a.size(), operands > 1 ? b.size() : a.size(), operands > 2 ? c.size() : a.size()}, results.size(),
                    each.size());
    const Triple from{a.data(), operands > 1 ? b.data() : nullptr, operands > 2 ? c.data() : nullptr};
    const Results to = kernel::results(results, each);
    if (f == binary16 && cpu_serves_half(env, !each.empty()))
        if (const auto raised = compute_by_cpu(operation, from.a, from.b, results.data(), results.size(), env.rounding))
            return *raised;
    const DefaultEnvironment environment;
    return status_of(HWY_DYNAMIC_DISPATCH(calculate)(operation, calculation(operation, f, env), draws, from, to));
}

Status add(const Format& f, Codes a, Codes b, std::span<std::uint16_t> results, const Env& env, std::span<Status> each,
           const Draws& draws) {
    return compute(Operation::Add, f, a, b, {}, results, env, each, draws);
}
Status sub(const Format& f, Codes a, Codes b, std::span<std::uint16_t> results, const Env& env, std::span<Status> each,
           const Draws& draws) {
    return compute(Operation::Sub, f, a, b, {}, results, env, each, draws);
}
Status mul(const Format& f, Codes a, Codes b, std::span<std::uint16_t> results, const Env& env, std::span<Status> each,
           const Draws& draws) {
    return compute(Operation::Mul, f, a, b, {}, results, env, each, draws);
}
Status div(const Format& f, Codes a, Codes b, std::span<std::uint16_t> results, const Env& env, std::span<Status> each,
           const Draws& draws) {
    return compute(Operation::Div, f, a, b, {}, results, env, each, draws);
}
Status sqrt(const Format& f, Codes a, std::span<std::uint16_t> results, const Env& env, std::span<Status> each,
            const Draws& draws) {
    return compute(Operation::Sqrt, f, a, {}, {}, results, env, each, draws);
}
Status fma(const Format& f, Codes a, Codes b, Codes c, std::span<std::uint16_t> results, const Env& env,
           std::span<Status> each, const Draws& draws) {
    return compute(Operation::Fma, f, a, b, c, results, env, each, draws);
}

}  // namespace halfulp::kernel
#endif
