#include <halfulp/lib/quantize/requantise_many.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/quantize/requantise_many.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/quantize/map-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::quantize::HWY_NAMESPACE {

#if HWY_TARGET != HWY_SCALAR

namespace hn = hwy::HWY_NAMESPACE;
using kernel::HWY_NAMESPACE::bits;
using kernel::HWY_NAMESPACE::Floats;
using kernel::HWY_NAMESPACE::FloatTag;
using kernel::HWY_NAMESPACE::Lanes;
using kernel::HWY_NAMESPACE::SignedTag;
using kernel::HWY_NAMESPACE::Tag;
using LongTag = hn::ScalableTag<std::int64_t>;
using DoubleTag = hn::ScalableTag<double>;
using Signed = hn::Vec<SignedTag>;
using Doubles = hn::Vec<DoubleTag>;

HWY_INLINE Signed all(std::int32_t x) { return hn::Set(SignedTag(), x); }

/// Of steps from the zero point.
HWY_INLINE Lanes codes_of(const RequantisationSteps& p, Signed steps) {
    return hn::BitCast(Tag(), hn::Add(hn::Min(hn::Max(steps, all(p.least)), all(p.greatest)), all(p.zero_point)));
}

/// sum * significand / 2^shift to nearest, ties up. Pre: shift >= 31, so that 32 bits have the result.
HWY_INLINE Signed scaled(Signed sum, std::int32_t significand, int shift) {
    const auto divided = [&](Signed factors) {
        const auto product = hn::MulEven(factors, all(significand));
        return hn::ShiftRightSame(hn::Add(product, hn::Set(LongTag(), std::int64_t{1} << (shift - 1))), shift);
    };
    const hn::Repartition<std::uint64_t, SignedTag> words;
    const Signed odd = hn::BitCast(SignedTag(), hn::ShiftRight<32>(hn::BitCast(words, sum)));
    return hn::OddEven(hn::BitCast(SignedTag(), hn::ShiftLeft<32>(divided(odd))),
                       hn::BitCast(SignedTag(), divided(sum)));
}

struct GemmlowpDouble {
    RequantisationSteps p;
    HWY_INLINE Lanes operator()(Signed sum) const {
        const Signed high = scaled(sum, p.fixed.significand, 31);
        const auto mask = static_cast<std::int32_t>((std::int64_t{1} << p.fixed.shift) - 1);
        const Signed remainder = hn::And(high, all(mask));
        const Signed threshold = hn::Sub(all(mask >> 1), hn::BroadcastSignBit(high));
        const Signed up = hn::VecFromMask(SignedTag(), hn::Gt(remainder, threshold));  // -1 or 0
        return codes_of(p, hn::Sub(hn::ShiftRightSame(high, p.fixed.shift), up));
    }
};
struct Single {
    RequantisationSteps p;
    HWY_INLINE Lanes operator()(Signed sum) const {
        return codes_of(p, scaled(sum, p.fixed.significand, 31 + p.fixed.shift));
    }
};
struct Fp32Magic {
    RequantisationSteps p;
    HWY_INLINE Lanes operator()(Signed sum) const {
        const auto number = [](float x) { return hn::Set(FloatTag(), x); };
        const Floats magic = number(12582912);  // as in requantise.cpp
        const Floats product = hn::Mul(hn::ConvertTo(FloatTag(), sum), number(p.factor));
        const Floats inside =
            hn::Min(hn::Max(product, number(static_cast<float>(p.least))), number(static_cast<float>(p.greatest)));
        const Lanes steps = hn::Sub(bits(hn::Add(inside, magic)), bits(magic));
        return hn::Add(steps, hn::BitCast(Tag(), all(p.zero_point)));
    }
};
struct OnnxFloat {
    RequantisationSteps p;
    HWY_INLINE Lanes operator()(Signed sum) const {
        const hn::Half<SignedTag> half;
        const auto rounded = [&](auto part) {
            const auto number = [](double x) { return hn::Set(DoubleTag(), x); };
            const Doubles magic = number(0x1.8p52), zero = number(p.zero_point);
            const Doubles code =
                hn::Add(hn::Mul(hn::PromoteTo(DoubleTag(), part), number(static_cast<double>(p.factor))), zero);
            const Doubles inside =
                hn::Min(hn::Max(code, number(p.least + p.zero_point)), number(p.greatest + p.zero_point));
            return hn::DemoteTo(half, hn::Sub(hn::Add(inside, magic), magic));
        };
        return hn::BitCast(
            Tag(), hn::Combine(SignedTag(), rounded(hn::UpperHalf(half, sum)), rounded(hn::LowerHalf(half, sum))));
    }
};

template <class Code>
bool by_mode(const RequantisationSteps& p, const std::int32_t* sums, Code* codes, std::size_t count) {
    switch (p.mode) {
        case Requantisation::GemmlowpDouble: map(GemmlowpDouble{p}, sums, codes, count); break;
        case Requantisation::Single: map(Single{p}, sums, codes, count); break;
        case Requantisation::Fp32Magic: map(Fp32Magic{p}, sums, codes, count); break;
        case Requantisation::OnnxFloat: map(OnnxFloat{p}, sums, codes, count); break;
    }
    return true;
}

#else

template <class Code>
bool by_mode(const RequantisationSteps&, const std::int32_t*, Code*, std::size_t) {
    return false;
}

#endif

bool to_bytes(const RequantisationSteps& p, const std::int32_t* sums, std::uint8_t* codes, std::size_t count) {
    return by_mode(p, sums, codes, count);
}
bool to_words(const RequantisationSteps& p, const std::int32_t* sums, std::uint16_t* codes, std::size_t count) {
    return by_mode(p, sums, codes, count);
}
bool to_ints(const RequantisationSteps& p, const std::int32_t* sums, std::uint32_t* codes, std::size_t count) {
    return by_mode(p, sums, codes, count);
}

}  // namespace halfulp::quantize::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::quantize {

HWY_EXPORT(to_bytes);
HWY_EXPORT(to_words);
HWY_EXPORT(to_ints);

bool requantise_many(const RequantisationSteps& by, const std::int32_t* sums, std::uint8_t* codes, std::size_t count) {
    return HWY_DYNAMIC_DISPATCH(to_bytes)(by, sums, codes, count);
}
bool requantise_many(const RequantisationSteps& by, const std::int32_t* sums, std::uint16_t* codes, std::size_t count) {
    return HWY_DYNAMIC_DISPATCH(to_words)(by, sums, codes, count);
}
bool requantise_many(const RequantisationSteps& by, const std::int32_t* sums, std::uint32_t* codes, std::size_t count) {
    return HWY_DYNAMIC_DISPATCH(to_ints)(by, sums, codes, count);
}

}  // namespace halfulp::quantize
#endif
