// Claim: decode gives every code the value, the infinity or the NaN that its standard gives it; and values increase
// with magnitudes, on which the search in truth::round rests.
// Oracle: truth::value by exact rationals; the standards' rules for special fields, stated below; for binary32 and
// binary64 the compiler's float and double. Shared: the rows of formats.hpp.
#include <gtest/gtest.h>

#include <bit>
#include <halfulp/lib/property/codes.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <limits>
#include <random>

#include "support/dyadic.hpp"

namespace halfulp::test {
namespace {

enum class Special { None, Inf, QuietNaN, SignalingNaN };

/// IEEE 754-2019, 3.4: an exponent field of ones; infinity if the fraction is 0, else NaN, quiet if its top bit is set.
Special ieee_special(int fraction_bits, std::uint64_t magnitude, std::uint64_t ones) {
    const std::uint64_t fraction = magnitude & ((1U << fraction_bits) - 1);
    if (magnitude >> fraction_bits != ones) return Special::None;
    if (fraction == 0) return Special::Inf;
    return (fraction >> (fraction_bits - 1)) == 1 ? Special::QuietNaN : Special::SignalingNaN;
}

Special special(std::string_view format, std::uint64_t code) {
    if (format == "tf32") return ieee_special(10, code & 0x3FFFF, 0xFF);
    if (format == "binary16") return ieee_special(10, code & 0x7FFF, 0x1F);
    if (format == "bfloat16") return ieee_special(7, code & 0x7FFF, 0xFF);
    if (format == "e5m2") return ieee_special(2, code & 0x7F, 0x1F);
    if (format == "e4m3_ieee") return ieee_special(3, code & 0x7F, 0xF);
    if (format == "e4m3fn" && (code & 0x7F) == 0x7F) return Special::QuietNaN;
    if ((format == "e5m2fnuz" || format == "e4m3fnuz") && code == 0x80) return Special::QuietNaN;
    if (format == "e8m0" && code == 0xFF) return Special::QuietNaN;
    return Special::None;
}

TEST(DefinitionDecode, ValuesIncreaseWithMagnitudes) {
    for (const auto& [name, f, aliases, source] : formats) {
        if (f.width > 19) continue;
        for (std::uint64_t code = f.min_code(); code < f.max_code(); ++code)
            ASSERT_LT(*truth::value(f, code), *truth::value(f, code + 1)) << name << ' ' << code;
    }
}

TEST(DefinitionDecode, EveryCodeOfFormatsUpTo19Bits) {
    for (const auto& [name, f, aliases, source] : formats) {
        if (f.width > 19) continue;
        for (std::uint64_t code = 0; code <= f.code_mask(); ++code) {
            const Exact x = decode(f, code);
            const Special wanted = special(name, code);
            const bool is_nan = wanted == Special::QuietNaN || wanted == Special::SignalingNaN;
            ASSERT_EQ(x.kind == Kind::NaN, is_nan) << name << ' ' << code;
            ASSERT_EQ(x.kind == Kind::Inf, wanted == Special::Inf) << name << ' ' << code;
            ASSERT_EQ(x.raised, (Status{.invalid = wanted == Special::SignalingNaN})) << name << ' ' << code;
            ASSERT_EQ(truth::value(f, code).has_value(), wanted == Special::None) << name << ' ' << code;
            if (is_nan) continue;
            ASSERT_EQ(x.negative, f.is_signed && code >> (f.width - 1) == 1) << name << ' ' << code;
            if (wanted == Special::Inf) continue;
            ASSERT_EQ(to_rational(x), *truth::value(f, code)) << name << ' ' << code;
        }
    }
}

template <class Native>
void expect_decoded_as_native(const Format& f) {
    using Code = std::conditional_t<sizeof(Native) == 4, std::uint32_t, std::uint64_t>;
    std::mt19937_64 bits{1};
    for (int i = 0; i < 20000; ++i) {
        const std::uint64_t code = property::edge_code(f, bits);
        const Native native = std::bit_cast<Native>(static_cast<Code>(code));
        const Exact x = decode(f, code);
        ASSERT_EQ(x.kind == Kind::NaN, native != native) << std::hex << code;
        if (x.kind == Kind::NaN) continue;
        ASSERT_EQ(x.negative, std::signbit(native)) << std::hex << code;
        ASSERT_EQ(x.kind == Kind::Inf, std::abs(native) == std::numeric_limits<Native>::infinity()) << std::hex << code;
        if (x.kind == Kind::Inf) continue;
        ASSERT_EQ(to_rational(x), Rational{native}) << std::hex << code;
        ASSERT_EQ(to_rational(x), *truth::value(f, code)) << std::hex << code;
    }
}

TEST(DefinitionDecode, Binary32AsTheCompilersFloat) { expect_decoded_as_native<float>(binary32); }
TEST(DefinitionDecode, Binary64AsTheCompilersDouble) { expect_decoded_as_native<double>(binary64); }

TEST(DefinitionDecode, BitsAboveTheWidthAreIgnored) {
    for (const auto& [name, f, aliases, source] : formats) {
        const std::uint64_t above = ~f.code_mask();
        EXPECT_EQ(decode(f, above | f.max_code()).sig, decode(f, f.max_code()).sig) << name;
        EXPECT_EQ(decode(f, above | f.max_code()).negative, false) << name;
    }
}

}  // namespace
}  // namespace halfulp::test
