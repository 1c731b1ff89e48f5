#include <halfulp/lib/kernel/half_by_cpu.h>
#include <halfulp/lib/kernel/pieces.h>
#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/widen.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/map-inl.h>
#include <halfulp/lib/kernel/widen-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// Zeros in place of what is subnormal in binary32.
HWY_INLINE Outcome with_tiny_flushed(const Widening& p, Outcome r) {
    const Lanes magnitude = hn::And(r.codes, all(0x7FFFFFFF));
    const Mask tiny = hn::And(greater(all(0x00800000), magnitude), is_nonzero(magnitude));
    r.raised = hn::Or(r.raised, where(tiny, p.tiny_raises));
    r.codes = hn::IfThenElse(tiny, hn::And(r.codes, all(0x80000000)), r.codes);
    return r;
}

template <Shape shape>
struct Widen {
    static constexpr int operands = 1;
    Widening constants;

    HWY_INLINE Widen from(std::size_t) const { return *this; }

    /// Nothing is rounded.
    HWY_INLINE Lanes flags(const Outcome& r) const { return r.raised; }

    template <class Vector>
    HWY_INLINE Outcome operator()(Vector narrow, Vector, Vector, std::size_t) const {
        const Widening& p = constants;
        const Lanes zero = hn::Zero(Tag());
        Lanes codes = code_lanes(narrow);
        Outcome r{zero, zero, zero, zero};
        if (HWY_UNLIKELY(p.flush_inputs)) codes = flushed_lanes(p, codes, r.raised);
        r.codes = wide<shape>(p, codes);
        if (HWY_UNLIKELY(p.tiny_raises != 0)) r = with_tiny_flushed(p, r);
        const Mask special = greater(hn::And(r.codes, all(0x7FFFFFFF)), all(0x7F7FFFFF));
        if (HWY_LIKELY(hn::AllFalse(Tag(), special))) return r;
        const Mask nan = is_nan(p, codes), infinite = is_infinite(p, codes);
        const Lanes infinity = hn::Or(hn::And(r.codes, all(0x80000000)), all(p.infinity));
        r.codes = hn::IfThenElse(nan, all(p.nan), hn::IfThenElse(infinite, infinity, r.codes));
        r.raised = hn::Or(r.raised,
                          hn::Or(where(infinite, p.infinity_raises), where(is_signaling(p, codes), p.raises.invalid)));
        return r;
    }
};

template <class Code>
std::uint32_t widen_codes(const Widening& p, const Code* from, const Results& to) {
    const Arrays<Code> at{from, nullptr, nullptr, to};
    switch (p.shape) {
        case Shape::Same: return map(Widen<Shape::Same>{p}, at);
        case Shape::Gradual: return map(Widen<Shape::Gradual>{p}, at);
        case Shape::NoZero: return map(Widen<Shape::NoZero>{p}, at);
    }
    __builtin_unreachable();
}

std::uint32_t widen_all(const Widening& p, const void* from, std::size_t bytes, const Results& to) {
    switch (bytes) {
        case 1: return widen_codes(p, static_cast<const std::uint8_t*>(from), to);
        case 2: return widen_codes(p, static_cast<const std::uint16_t*>(from), to);
        default: return widen_codes(p, static_cast<const std::uint32_t*>(from), to);
    }
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(widen_all);

namespace {

template <class Code>
Status widened_piece(const Format& from, const Widening& constants, std::span<const Code> codes, std::span<float> to,
                     const Env& env, std::span<Status> each) {
    if constexpr (sizeof(Code) == sizeof(std::uint16_t))
        if (from == binary16 && cpu_serves_half(env, !each.empty()))
            if (const auto raised = widen_by_cpu(codes.data(), to.data(), codes.size())) return *raised;
    return status_of(HWY_DYNAMIC_DISPATCH(widen_all)(constants, codes.data(), sizeof(Code), results(to, each)));
}

template <class Code>
Status widened(const Format& from, std::span<const Code> codes, std::span<float> to, const Env& env,
               std::span<Status> each, unsigned threads) {
    require_format(from, sizeof(Code));
    require_env(env);
    require_lengths({codes.size()}, to.size(), each.size());
    const Widening constants = widening(from, env);
    return in_pieces(codes.size(), threads, [&](const Piece& piece) {
        return widened_piece(from, constants, piece.of(codes), piece.of(to), env, piece.of(each));
    });
}

}  // namespace

Status widen(const Format& from, std::span<const std::uint8_t> codes, std::span<float> to, const Env& env,
             std::span<Status> each, unsigned threads) {
    return widened(from, codes, to, env, each, threads);
}
Status widen(const Format& from, std::span<const std::uint16_t> codes, std::span<float> to, const Env& env,
             std::span<Status> each, unsigned threads) {
    return widened(from, codes, to, env, each, threads);
}
Status widen(const Format& from, std::span<const std::uint32_t> codes, std::span<float> to, const Env& env,
             std::span<Status> each, unsigned threads) {
    return widened(from, codes, to, env, each, threads);
}

}  // namespace halfulp::kernel
#endif
