// Claims absorption-fp16, absorption-bf16, absorption-fp32: the sum of n ones, one after another, is min(n, limit).
// By induction on n: below the limit each step gives the next integer, and the limit is a fixed point.

#include <cstdint>
#include <cstdio>

#include <halfulp/softfloat/float.hpp>

namespace {

using namespace halfulp;

/// a + b. Fewer steps for the compiler than operator+, which asks the rules for NaNs first.
template <Format F>
constexpr Float<F> sum_of(Float<F> a, Float<F> b) {
    return rounded<F>(add(decode(a), decode(b))).value;
}

template <Format F>
constexpr bool sticks_at(std::uint32_t limit) {
    const Float<F> one = from_integer<F>(1).value;
    Float<F> sum = one;
    for (std::uint32_t n = 1; n < limit; ++n) {
        sum = sum_of(sum, one);
        const auto expected = from_integer<F>(n + 1);
        if (expected.status.inexact || sum.code != expected.value.code) return false;
    }
    return sum_of(sum, one).code == sum.code;
}

static_assert(sticks_at<binary16>(2048));
static_assert(sticks_at<bfloat16>(256));

}  // namespace

int main() {
    const bool fp32 = sticks_at<binary32>(1 << 24);
    std::printf("claim absorption-fp16 static_assert\nclaim absorption-bf16 static_assert\nclaim absorption-fp32 %s\n",
                fp32 ? "exhaustive: 2^24 steps" : "REFUTED");
    return fp32 ? 0 : 1;
}
