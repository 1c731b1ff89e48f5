#include <cstdio>

#include <halfulp/softfloat/float.hpp>
#include <halfulp/softfloat/parse.hpp>
#include <halfulp/softfloat/print.hpp>

using namespace halfulp;
using half = Float<binary16>;

// Everything is constexpr: a claim about rounding can be checked by the compiler.
static_assert(parse(binary16, "65519.99").value->code == 0x7BFF);  // 65504, the largest number
static_assert(parse(binary16, "65520").value->code == 0x7C00);     // infinity
static_assert(parse(binary16, "65520", {.rounding = Rounding::TowardZero}).value->code == 0x7BFF);
static_assert(parse(e4m3fn, "465", {.overflow = Overflow::Saturate}).value->code == 0x7E);  // 448

int main() {
    const half a{0x6800}, one{0x3C00};  // 2048 and 1
    const auto [sum, status] = add<binary16>(a, one);
    std::printf("2048 + 1 = %s in fp16%s\n", shortest_text(binary16, sum.code).c_str(),
                status.inexact ? ", inexact" : "");

    // Mixed formats, rounded once: fp16 * fp16 + fp32 to bf16, upwards.
    const auto mixed = fma<bfloat16>(a, one, Float<binary32>{0x3F800000}, {.rounding = Rounding::Up});
    std::printf("2048 * 1 + 1 = %s in bf16, upwards\n", shortest_text(bfloat16, mixed.value.code).c_str());
}
