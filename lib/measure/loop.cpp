#include <halfulp/lib/measure/loop.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/measure/loop.cpp"
#include <halfulp/lib/kernel/int8/targets.hpp>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

#include <utility>

#include <halfulp/lib/kernel/gemm/arithmetic-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::measure::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::ScalableTag<float>;
using Floats = hn::Vec<FloatTag>;
using WordTag = hn::ScalableTag<std::int32_t>;
using Words = hn::Vec<WordTag>;

/// Two chains a port would be enough for one of latency 4; more than there are registers would be spilled.
constexpr std::size_t chains = 12;
using Chains = std::make_index_sequence<chains>;

template <class Tag>
HWY_INLINE float folded(Tag d, const hn::Vec<Tag> (&sums)[chains]) {
    auto sum = sums[0];
    for (const auto& s : sums) sum = hn::Add(sum, s);
    return static_cast<float>(hn::GetLane(hn::SumOfLanes(d, sum)));
}

/// `count` times a step of every chain: independent of each other, so that only the rate of the instructions counts.
template <class Tag, class Step, std::size_t... i>
HWY_INLINE float in_chains(Tag d, std::size_t count, Step step, std::index_sequence<i...>) {
    hn::Vec<Tag> sums[chains] = {hn::Set(d, static_cast<hn::TFromD<Tag>>(i))...};
    for (std::size_t n = 0; n < count; ++n) ((sums[i] = step(sums[i])), ...);
    return folded(d, sums);
}

constexpr double per_step(double operations_a_lane) {
    return operations_a_lane * chains * static_cast<double>(hn::MaxLanes(FloatTag()));
}

float fused_multiply_adds(void*, std::size_t count, std::size_t passes) {
    const FloatTag d;
    const Floats x = hn::Set(d, 0.75F), y = hn::Set(d, 0.25F);
    return in_chains(
        d, count * passes, [&](Floats sum) HWY_ATTR { return hn::MulAdd(x, sum, y); }, Chains());
}

#if HALFULP_INT8_VECTORS

/// Hides from the compiler that a register keeps its value: what is computed of it is computed each time.
template <class Vector>
HWY_INLINE void touch(Vector& x) {
    asm volatile("" : "+v"(x.raw));
}
HWY_INLINE void touch(kernel::HWY_NAMESPACE::Doubles& x) {
    touch(x.low);
    touch(x.high);
}

/// What products of matrices do in 16 bits (lib/kernel/gemm/arithmetic-inl.h), in as many chains as a tile there has.
template <class Arithmetic, std::size_t... i>
HWY_INLINE float in_16_bits(std::size_t steps, std::index_sequence<i...>) {
    const FloatTag d;
    const auto x = Arithmetic::factor(hn::Set(d, 0.75F));
    auto y = Arithmetic::factor(hn::Set(d, 0.25F));
    typename Arithmetic::Sum sums[] = {Arithmetic::factor(hn::Set(d, static_cast<float>(i)))...};
    for (std::size_t n = 0; n < steps; ++n) ((touch(y), sums[i] = Arithmetic::multiply_add(x, y, sums[i])), ...);
    Floats all = hn::Zero(d);
    ((all = hn::Add(all, Arithmetic::floats(sums[i]))), ...);
    return hn::GetLane(all);
}
template <class Arithmetic>
constexpr std::size_t tile = Arithmetic::tile_rows* Arithmetic::tile_vectors;
template <class Arithmetic>
float multiply_adds_in_16_bits(void*, std::size_t count, std::size_t passes) {
    return in_16_bits<Arithmetic>(count * passes, std::make_index_sequence<tile<Arithmetic>>());
}
template <class Arithmetic>
Loop loop_in_16_bits(std::string_view name) {
    const double operations = 2.0 * tile<Arithmetic> * static_cast<double>(hn::MaxLanes(FloatTag()));
    return {name, Kind::Arithmetic, operations, multiply_adds_in_16_bits<Arithmetic>};
}

#if HWY_TARGET != HWY_AVX2
HWY_INLINE Floats to_half_and_back(Floats x) { return Floats{_mm512_cvtph_ps(_mm512_cvtps_ph(x.raw, 0))}; }
HWY_INLINE Words pairs(Words a, Words b) { return Words{_mm512_maddubs_epi16(a.raw, b.raw)}; }
HWY_INLINE Words pairs_of_words(Words a, Words b) { return Words{_mm512_madd_epi16(a.raw, b.raw)}; }
#else
HWY_INLINE Floats to_half_and_back(Floats x) { return Floats{_mm256_cvtph_ps(_mm256_cvtps_ph(x.raw, 0))}; }
HWY_INLINE Words pairs(Words a, Words b) { return Words{_mm256_maddubs_epi16(a.raw, b.raw)}; }
HWY_INLINE Words pairs_of_words(Words a, Words b) { return Words{_mm256_madd_epi16(a.raw, b.raw)}; }
#endif

/// What arithmetic of binary16 costs where there is none: each product and each sum goes through binary32.
float half_multiply_adds(void*, std::size_t count, std::size_t passes) {
    const FloatTag d;
    const Floats x = hn::Set(d, 0.75F);
    Floats y = hn::Set(d, 0.25F);
    const auto step = [&](Floats sum) HWY_ATTR {
        touch(y);
        return to_half_and_back(hn::Add(to_half_and_back(hn::Mul(x, y)), sum));
    };
    return in_chains(d, count * passes, step, Chains());
}

/// Unsigned by signed bytes: pairs of products in 16 bits, which may saturate; pairs of those in 32.
float byte_products(void*, std::size_t count, std::size_t passes) {
    const WordTag d;
    const Words x = hn::Set(d, 0x01020301), ones = hn::Set(d, 0x00010001);
    Words y = hn::Set(d, 0x02010102);
    const auto step = [&](Words sum) HWY_ATTR {
        touch(y);
        return hn::Add(sum, pairs_of_words(pairs(x, y), ones));
    };
    return in_chains(d, count * passes, step, Chains());
}

/// Two such pairs are added in 16 bits, as the range of the numbers allows.
float small_byte_products(void*, std::size_t count, std::size_t passes) {
    const WordTag d;
    const hn::ScalableTag<std::int16_t> d16;
    const Words x = hn::Set(d, 0x01020301), ones = hn::Set(d, 0x00010001);
    Words y = hn::Set(d, 0x02010102), z = hn::Set(d, 0x01020102);
    const auto step = [&](Words sum) HWY_ATTR {
        touch(y);
        touch(z);
        const auto both = hn::Add(hn::BitCast(d16, pairs(x, y)), hn::BitCast(d16, pairs(x, z)));
        return hn::Add(sum, pairs_of_words(hn::BitCast(d, both), ones));
    };
    return in_chains(d, count * passes, step, Chains());
}

#if HWY_TARGET == HWY_AVX3_DL
/// Unsigned by signed bytes, four products at once added in 32 bits; by its name, as in lib/kernel/int8/products-inl.h.
float dots_of_four(void*, std::size_t count, std::size_t passes) {
    const WordTag d;
    const Words x = hn::Set(d, 0x01020301), y = hn::Set(d, 0x02010102);
    const auto step = [&](Words sum) HWY_ATTR {
        asm volatile("vpdpbusd %2, %1, %0" : "+v"(sum.raw) : "v"(x.raw), "v"(y.raw));
        return sum;
    };
    return in_chains(d, count * passes, step, Chains());
}
#endif

/// Bytes widened to 16 bits beforehand: no sum can be lost.
float word_products(void*, std::size_t count, std::size_t passes) {
    const WordTag d;
    const Words x = hn::Set(d, 0x00020003);
    Words y = hn::Set(d, 0x00010002);
    const auto step = [&](Words sum) HWY_ATTR {
        touch(y);
        return hn::Add(sum, pairs_of_words(x, y));
    };
    return in_chains(d, count * passes, step, Chains());
}

#endif

constexpr std::size_t streams = 8;  // loads in flight

template <class Load, std::size_t... i>
HWY_INLINE float over_memory(std::size_t count, std::size_t passes, std::size_t step, Load load,
                             std::index_sequence<i...>) {
    const hn::ScalableTag<std::uint32_t> d;
    hn::Vec<decltype(d)> seen[streams] = {};
    ((seen[i] = hn::Zero(d)), ...);
    for (std::size_t pass = 0; pass < passes; ++pass)
        for (std::size_t n = 0; n < count; n += streams * step)
            ((seen[i] = hn::Or(seen[i], hn::BitCast(d, load(n + i * step)))), ...);
    auto all = seen[0];
    for (const auto& s : seen) all = hn::Or(all, s);
    return static_cast<float>(hn::GetLane(all));
}
using Streams = std::make_index_sequence<streams>;

float reading(void* memory, std::size_t bytes, std::size_t passes) {
    const hn::ScalableTag<std::uint32_t> d;
    const auto* from = static_cast<const std::uint32_t*>(memory);
    const auto load = [&](std::size_t i) HWY_ATTR { return hn::LoadU(d, from + i); };
    return over_memory(bytes / sizeof(std::uint32_t), passes, hn::Lanes(d), load, Streams());
}

template <class Narrow>
float widening(void* memory, std::size_t count, std::size_t passes) {
    const FloatTag d;
    const hn::Rebind<Narrow, FloatTag> narrow;
    const auto* from = static_cast<const Narrow*>(memory);
    const auto load = [&](std::size_t i) HWY_ATTR {
        if constexpr (sizeof(Narrow) == 1)
            return hn::ConvertTo(d, hn::PromoteTo(WordTag(), hn::LoadU(narrow, from + i)));
        else
            return hn::PromoteTo(d, hn::LoadU(narrow, from + i));
    };
    return over_memory(count, passes, hn::Lanes(d), load, Streams());
}

float narrowing(void* memory, std::size_t count, std::size_t passes) {
    const FloatTag d;
    const hn::Rebind<hwy::float16_t, FloatTag> narrow;
    auto* to = static_cast<hwy::float16_t*>(memory);
    const Floats x = hn::Iota(d, 1.0F);
    for (std::size_t pass = 0; pass < passes; ++pass)
        for (std::size_t i = 0; i < count; i += hn::Lanes(d)) hn::StoreU(hn::DemoteTo(narrow, x), narrow, to + i);
    return 0;
}

std::vector<Loop> loops() {
    return {
        {"fp32 fused multiply-add", Kind::Arithmetic, per_step(2), fused_multiply_adds},
#if HALFULP_INT8_VECTORS
            loop_in_16_bits<kernel::HWY_NAMESPACE::SeparateBounded<bfloat16>>("bf16 multiply, round, add, round"),
            loop_in_16_bits<kernel::HWY_NAMESPACE::SeparateBounded<binary16>>(
                "fp16 multiply, round, add, round, bounded"),
            loop_in_16_bits<kernel::HWY_NAMESPACE::Fused<binary16>>("fp16 fused multiply-add by way of fp64"),
            loop_in_16_bits<kernel::HWY_NAMESPACE::Fused<bfloat16>>("bf16 fused multiply-add by way of fp64"),
            {"fp16 multiply, round, add, round", Kind::Arithmetic, per_step(2), half_multiply_adds},
            {"int8 products, a pair in 16 bits", Kind::Arithmetic, per_step(8), byte_products},
            {"int8 products, two pairs in 16 bits", Kind::Arithmetic, per_step(16), small_byte_products},
#if HWY_TARGET == HWY_AVX3_DL
            {"int8 dot of four", Kind::Arithmetic, per_step(8), dots_of_four},
#endif
            {"int8 widened to 16 bits", Kind::Arithmetic, per_step(4), word_products},
#endif
            {"fp16 to fp32", Kind::Conversion, 1, widening<hwy::float16_t>},
            {"bf16 to fp32", Kind::Conversion, 1, widening<hwy::bfloat16_t>},
            {"s8 to fp32", Kind::Conversion, 1, widening<std::int8_t>},
            {"fp32 to fp16", Kind::Conversion, 1, narrowing}, {"read", Kind::Reading, 1, reading},
    };
}

const char* target() { return hwy::TargetName(HWY_TARGET); }

}  // namespace halfulp::measure::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::measure {

HWY_EXPORT(loops);
HWY_EXPORT(target);

std::vector<Loop> loops() { return HWY_DYNAMIC_DISPATCH(loops)(); }
std::string_view target() { return HWY_DYNAMIC_DISPATCH(target)(); }

}  // namespace halfulp::measure
#endif
