// Claim: the rows VDPBF16PS, VPDPBUSD and VPDPBUSDS compute what this CPU computes, NaN bits included.
// Oracle: the instructions, where the CPU has them; else skipped. Shared: nothing.
#include <gtest/gtest.h>

#include <array>
#include <cstring>

#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/lib/property/operands.hpp>
#include <halfulp/softfloat/formats.hpp>

#if defined(__x86_64__)

namespace halfulp {
namespace {

using property::SplitMix;

constexpr int sample_size = 1'000'000;

typedef std::uint32_t Lanes __attribute__((vector_size(16)));

/// The first lane of an instruction on vectors of which the others are 0.
std::uint32_t first_lane(void (*instruction)(Lanes&, const Lanes&, const Lanes&), std::uint32_t c, std::uint32_t a,
                         std::uint32_t b) {
    Lanes d{c, 0, 0, 0};
    instruction(d, Lanes{a, 0, 0, 0}, Lanes{b, 0, 0, 0});
    return d[0];
}

void vdpbf16ps(Lanes& d, const Lanes& a, const Lanes& b) {
    asm volatile("vdpbf16ps %2, %1, %0" : "+x"(d) : "x"(a), "x"(b));
}
void vpdpbusd(Lanes& d, const Lanes& a, const Lanes& b) {
    asm volatile("vpdpbusd %2, %1, %0" : "+x"(d) : "x"(a), "x"(b));
}
void vpdpbusds(Lanes& d, const Lanes& a, const Lanes& b) {
    asm volatile("vpdpbusds %2, %1, %0" : "+x"(d) : "x"(a), "x"(b));
}

/// A code that is likely to meet others: near a landmark, or near 1 or near what was before.
std::uint64_t meeting_code(const Format& f, int exponent, SplitMix& bits) {
    if (bits() % 3 == 0) return property::edge_code(f, bits);
    return property::at_exponent(f, bits() & f.code_mask(), exponent, 6, bits);
}

TEST(CpuMatrix, Vdpbf16ps) {
    if (!__builtin_cpu_supports("avx512bf16") || !__builtin_cpu_supports("avx512vl"))
        GTEST_SKIP() << "this CPU lacks AVX512_BF16";
    const MmaSpec& spec = mma_unit("x86 VDPBF16PS bf16->fp32");
    SplitMix bits{1};
    for (int i = 0; i < sample_size; ++i) {
        const int e_a = static_cast<int>(bits() % 256) - 127, e_b = static_cast<int>(bits() % 256) - 127;
        const std::array a{meeting_code(bfloat16, e_a, bits), meeting_code(bfloat16, e_a, bits)};
        const std::array b{meeting_code(bfloat16, e_b, bits), meeting_code(bfloat16, e_b, bits)};
        const std::uint64_t c = meeting_code(binary32, e_a + e_b, bits);
        const std::uint64_t expected =
            first_lane(vdpbf16ps, static_cast<std::uint32_t>(c), static_cast<std::uint32_t>(a[1] << 16 | a[0]),
                       static_cast<std::uint32_t>(b[1] << 16 | b[0]));
        ASSERT_EQ(mma_dot(spec, a, b, c), expected)
            << std::hex << "a " << a[0] << " " << a[1] << " b " << b[0] << " " << b[1] << " c " << c;
    }
}

void expect_bytes(const MmaSpec& spec, void (*instruction)(Lanes&, const Lanes&, const Lanes&)) {
    SplitMix bits{2};
    for (int i = 0; i < sample_size; ++i) {
        const bool extreme = i % 2 == 0;  // 255 * 127 four times, beside the ends of the range
        const auto word = [&](std::uint32_t end) {
            return extreme ? end ^ static_cast<std::uint32_t>(bits() & 0x03030303) : static_cast<std::uint32_t>(bits());
        };
        const std::uint32_t a = word(0xffffffff), b = word(bits() % 2 == 0 ? 0x7f7f7f7f : 0x80808080);
        const std::uint32_t c = word(bits() % 2 == 0 ? 0x7ffffff0 : 0x80000010);
        std::array<std::uint64_t, 4> a_codes{}, b_codes{};
        for (std::size_t k = 0; k < 4; ++k) a_codes[k] = a >> (8 * k) & 0xff, b_codes[k] = b >> (8 * k) & 0xff;
        ASSERT_EQ(mma_dot(spec, a_codes, b_codes, c), first_lane(instruction, c, a, b))
            << std::hex << a << " " << b << " " << c;
    }
}

TEST(CpuMatrix, Vpdpbusd) {
    if (!__builtin_cpu_supports("avx512vnni") || !__builtin_cpu_supports("avx512vl"))
        GTEST_SKIP() << "this CPU lacks AVX512_VNNI";
    expect_bytes(mma_unit("x86 VPDPBUSD u8*s8->s32"), vpdpbusd);
    expect_bytes(mma_unit("x86 VPDPBUSDS u8*s8->s32"), vpdpbusds);
}

}  // namespace
}  // namespace halfulp

#else

TEST(CpuMatrix, X86Only) { GTEST_SKIP() << "not an x86-64 CPU"; }

#endif
