#include <halfulp/lib/quantize/affine.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/quantize/affine.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/quantize/affine_steps.h>
#include <halfulp/lib/quantize/map-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::quantize::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using kernel::HWY_NAMESPACE::bits;
using kernel::HWY_NAMESPACE::Floats;
using kernel::HWY_NAMESPACE::FloatTag;
using kernel::HWY_NAMESPACE::Lanes;
using kernel::HWY_NAMESPACE::Tag;

/// 3 * 2^22: from here to 2^24 the numbers of binary32 are the integers, so that adding it rounds to nearest even.
constexpr float magic = 12582912;

HWY_INLINE Floats number(float x) { return hn::Set(FloatTag(), x); }

/// magic plus the whole quotient, clamped. Clamping to integers and rounding may change places; NaN counts as 0.
HWY_INLINE Floats lifted(const Steps& p, Floats x) {
    const Floats q = p.divides ? hn::Div(x, number(p.scale)) : hn::Mul(x, number(p.reciprocal));
    const Floats known = hn::IfThenElseZero(hn::Eq(q, q), q);
    return hn::Add(hn::Min(hn::Max(known, number(p.least)), number(p.greatest)), number(magic));
}

struct ToCodes {
    Steps p;
    HWY_INLINE Lanes operator()(Floats x) const {
        const Lanes offset = hn::Sub(bits(number(magic)), hn::Set(Tag(), static_cast<std::uint32_t>(p.zero_point)));
        return hn::Sub(bits(lifted(p, x)), offset);
    }
};
struct ThereAndBack {
    Steps p;
    HWY_INLINE Lanes operator()(Floats x) const {
        return bits(hn::Mul(hn::Sub(lifted(p, x), number(magic)), number(p.scale)));
    }
};
struct ToNumbers {
    Steps p;
    template <class Vector>
    HWY_INLINE Lanes operator()(Vector codes) const {
        const hn::RebindToSigned<Tag> d;
        const auto steps = hn::Sub(hn::PromoteTo(d, codes), hn::Set(d, p.zero_point));
        return bits(hn::Mul(hn::ConvertTo(FloatTag(), steps), number(p.scale)));
    }
};

void to_bytes(const Steps& p, const float* x, std::uint8_t* codes, std::size_t count) {
    map(ToCodes{p}, x, codes, count);
}
void to_words(const Steps& p, const float* x, std::uint16_t* codes, std::size_t count) {
    map(ToCodes{p}, x, codes, count);
}
void there_and_back(const Steps& p, const float* x, float* y, std::size_t count) { map(ThereAndBack{p}, x, y, count); }
void from_s8(const Steps& p, const std::int8_t* codes, float* y, std::size_t count) {
    map(ToNumbers{p}, codes, y, count);
}
void from_u8(const Steps& p, const std::uint8_t* codes, float* y, std::size_t count) {
    map(ToNumbers{p}, codes, y, count);
}
void from_s16(const Steps& p, const std::int16_t* codes, float* y, std::size_t count) {
    map(ToNumbers{p}, codes, y, count);
}
void from_u16(const Steps& p, const std::uint16_t* codes, float* y, std::size_t count) {
    map(ToNumbers{p}, codes, y, count);
}

}  // namespace halfulp::quantize::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::quantize {

HWY_EXPORT(to_bytes);
HWY_EXPORT(to_words);
HWY_EXPORT(there_and_back);
HWY_EXPORT(from_s8);
HWY_EXPORT(from_u8);
HWY_EXPORT(from_s16);
HWY_EXPORT(from_u16);

namespace {

template <class Code>
void quantised(const Affine& to, std::span<const float> from, std::span<Code> codes, const kernel::Draws& draws) {
    require(to, from.size(), codes.size(), full_range(integer_type<Code>));
    if (to.rounding != Rounding::NearestEven) {
        for (std::size_t i = 0; i < codes.size(); ++i)
            codes[i] = static_cast<Code>(code_of(to, from[i], kernel::draw(draws, i)));
    } else if constexpr (sizeof(Code) == 1) {
        HWY_DYNAMIC_DISPATCH(to_bytes)
        (steps_of(to), from.data(), reinterpret_cast<std::uint8_t*>(codes.data()), codes.size());
    } else {
        HWY_DYNAMIC_DISPATCH(to_words)
        (steps_of(to), from.data(), reinterpret_cast<std::uint16_t*>(codes.data()), codes.size());
    }
}

}  // namespace

void quantise(const Affine& to, std::span<const float> from, std::span<std::int8_t> codes, const kernel::Draws& draws) {
    quantised(to, from, codes, draws);
}
void quantise(const Affine& to, std::span<const float> from, std::span<std::uint8_t> codes,
              const kernel::Draws& draws) {
    quantised(to, from, codes, draws);
}
void quantise(const Affine& to, std::span<const float> from, std::span<std::int16_t> codes,
              const kernel::Draws& draws) {
    quantised(to, from, codes, draws);
}
void quantise(const Affine& to, std::span<const float> from, std::span<std::uint16_t> codes,
              const kernel::Draws& draws) {
    quantised(to, from, codes, draws);
}

void dequantise(const Affine& from, std::span<const std::int8_t> codes, std::span<float> to) {
    require(from, codes.size(), to.size(), full_range(integer_type<std::int8_t>));
    HWY_DYNAMIC_DISPATCH(from_s8)(steps_of(from), codes.data(), to.data(), to.size());
}
void dequantise(const Affine& from, std::span<const std::uint8_t> codes, std::span<float> to) {
    require(from, codes.size(), to.size(), full_range(integer_type<std::uint8_t>));
    HWY_DYNAMIC_DISPATCH(from_u8)(steps_of(from), codes.data(), to.data(), to.size());
}
void dequantise(const Affine& from, std::span<const std::int16_t> codes, std::span<float> to) {
    require(from, codes.size(), to.size(), full_range(integer_type<std::int16_t>));
    HWY_DYNAMIC_DISPATCH(from_s16)(steps_of(from), codes.data(), to.data(), to.size());
}
void dequantise(const Affine& from, std::span<const std::uint16_t> codes, std::span<float> to) {
    require(from, codes.size(), to.size(), full_range(integer_type<std::uint16_t>));
    HWY_DYNAMIC_DISPATCH(from_u16)(steps_of(from), codes.data(), to.data(), to.size());
}

void fake_quantise(const Affine& by, std::span<const float> from, std::span<float> to, const kernel::Draws& draws) {
    require(by, from.size(), to.size(), widest);
    if (by.rounding == Rounding::NearestEven) {
        HWY_DYNAMIC_DISPATCH(there_and_back)(steps_of(by), from.data(), to.data(), to.size());
    } else {
        for (std::size_t i = 0; i < to.size(); ++i) to[i] = number_of(by, code_of(by, from[i], kernel::draw(draws, i)));
    }
}

}  // namespace halfulp::quantize
#endif
