#include <halfulp/lib/kernel/pieces.h>
#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/softfloat/integer.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/int8_convert.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/map-inl.h>
#include <halfulp/lib/kernel/narrow-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// By way of a format whose subnormal numbers are the integers of 8 bits and a sign: their codes are their magnitudes.
template <Addend addend>
struct ToInteger {
    static constexpr int operands = 1;
    Narrow<addend, Shape::Gradual> to_format;
    BySign greatest;  ///< magnitudes

    HWY_INLINE ToInteger from(std::size_t i) const { return {to_format.from(i), greatest}; }

    HWY_INLINE Lanes flags(const Outcome& r) const { return to_format.flags(r); }

    HWY_INLINE Outcome operator()(Floats number, Floats b, Floats c, std::size_t i) const {
        const Narrowing& p = to_format.constants;
        Outcome r = to_format(number, b, c, i);
        const Mask negative = is_negative(bits(number));
        const Lanes magnitude = hn::AndNot(all(p.sign_bit), r.codes), limit = by_sign(negative, greatest);
        const Mask lacking = greater(magnitude, limit);
        r.codes = hn::IfThenElse(lacking, hn::IfThenZeroElse(hn::Eq(magnitude, all(p.nan)), limit), magnitude);
        r.codes = hn::IfThenElse(negative, hn::Sub(hn::Zero(Tag()), r.codes), r.codes);
        r.lost = hn::IfThenZeroElse(lacking, r.lost);
        r.tiny_lost = hn::Zero(Tag());
        r.raised = hn::IfThenElse(lacking, all(p.raises.invalid), r.raised);
        return r;
    }
};

template <Addend addend>
std::uint32_t to_integers_by(const Narrowing& p, const BySign& greatest, const Draws& draws, const Arrays<float>& at) {
    return map(ToInteger<addend>{{p, GeneratorOf<addend>(draws)}, greatest}, at);
}

std::uint32_t to_integers(const Narrowing& p, const BySign& greatest, const Draws& draws, const float* from,
                          const Results& to) {
    const Arrays<float> at{from, nullptr, nullptr, to};
    switch (p.addend) {
        case Addend::Nearest: return to_integers_by<Addend::Nearest>(p, greatest, draws, at);
        case Addend::Directed: return to_integers_by<Addend::Directed>(p, greatest, draws, at);
        case Addend::ToOdd: return to_integers_by<Addend::ToOdd>(p, greatest, draws, at);
        case Addend::Stochastic: return to_integers_by<Addend::Stochastic>(p, greatest, draws, at);
    }
    __builtin_unreachable();
}

struct FromInteger {
    static constexpr int operands = 1;

    HWY_INLINE FromInteger from(std::size_t) const { return *this; }

    HWY_INLINE Lanes flags(const Outcome& r) const { return r.raised; }

    template <class Vector>
    HWY_INLINE Outcome operator()(Vector integers, Vector, Vector, std::size_t) const {
        const Lanes zero = hn::Zero(Tag());
        const auto wide = hn::PromoteTo(SignedTag(), integers);
        return {bits(hn::ConvertTo(FloatTag(), wide)), zero, zero, zero};
    }
};

void from_integers(const std::int8_t* from, const Results& to) {
    map(FromInteger(), Arrays<std::int8_t>{from, nullptr, nullptr, to});
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(to_integers);
HWY_EXPORT(from_integers);

namespace {

/// Its least number is 1, and all up to 255 are subnormal.
constexpr Format integers{.width = 12, .precision = 9, .bias = -7, .nan_codes = 1, .has_inf = true};
constexpr IntegerType int8 = integer_type<std::int8_t>;

}  // namespace

Status narrow(std::span<const float> from, std::span<std::int8_t> to, const Env& env, std::span<Status> each,
              const Draws& draws, unsigned threads) {
    require_env(env);
    require_lengths({from.size()}, to.size(), each.size());
    const Narrowing constants =
        narrowing(integers, binary32_layout, {.rounding = env.rounding, .flush_inputs = env.flush_inputs});
    const BySign greatest{static_cast<std::uint32_t>(int8.greatest()), static_cast<std::uint32_t>(int8.least())};
    return in_pieces(from.size(), threads, [&](const Piece& piece) {
        return status_of(HWY_DYNAMIC_DISPATCH(to_integers)(constants, greatest, piece.of(draws), piece.of(from).data(),
                                                           results(piece.of(to), piece.of(each))));
    });
}

void widen(std::span<const std::int8_t> from, std::span<float> to, unsigned threads) {
    require_lengths({from.size()}, to.size(), 0);
    static_cast<void>(in_pieces(from.size(), threads, [&](const Piece& piece) {
        HWY_DYNAMIC_DISPATCH(from_integers)(piece.of(from).data(), results(piece.of(to), std::span<Status>()));
        return Status{};
    }));
}

}  // namespace halfulp::kernel
#endif
