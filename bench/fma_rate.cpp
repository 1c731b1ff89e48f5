#include "fma_rate.hpp"

#include <benchmark/benchmark.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "fma_rate.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::bench::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Eight chains, each from another number: two a cycle, of four cycles' latency.
void fused_multiply_adds(std::size_t count) {
    const hn::ScalableTag<float> d;
    const auto x = hn::Set(d, 0.75F), y = hn::Set(d, 0.25F);
    auto s0 = hn::Set(d, 0.0F), s1 = hn::Set(d, 1.0F), s2 = hn::Set(d, 2.0F), s3 = hn::Set(d, 3.0F);
    auto s4 = hn::Set(d, 4.0F), s5 = hn::Set(d, 5.0F), s6 = hn::Set(d, 6.0F), s7 = hn::Set(d, 7.0F);
    for (std::size_t i = 0; i < count; i += 8 * hn::Lanes(d)) {
        s0 = hn::MulAdd(s0, x, y), s1 = hn::MulAdd(s1, x, y), s2 = hn::MulAdd(s2, x, y), s3 = hn::MulAdd(s3, x, y);
        s4 = hn::MulAdd(s4, x, y), s5 = hn::MulAdd(s5, x, y), s6 = hn::MulAdd(s6, x, y), s7 = hn::MulAdd(s7, x, y);
    }
    const auto sum = hn::Add(hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)), hn::Add(hn::Add(s4, s5), hn::Add(s6, s7)));
    float one = hn::GetLane(sum);
    benchmark::DoNotOptimize(one);
}

}  // namespace halfulp::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::bench {

HWY_EXPORT(fused_multiply_adds);

void fused_multiply_adds(std::size_t count) { HWY_DYNAMIC_DISPATCH(fused_multiply_adds)(count); }

}  // namespace halfulp::bench
#endif
