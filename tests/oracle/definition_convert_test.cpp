// Claim: convert delivers, from any format to any other, the once-rounded value with its flags, infinities and NaNs as
// documented, whatever the target lacks.
// Oracle: truth::value and truth::round by exact rationals, and IEEE 754's rules in truth/ieee_rules.hpp. Shared: the
// rows of formats.hpp. Sources of 16 bits are thinned out here; exhaustive/definition_test.cpp takes every code.
#include "support/convert_sweep.hpp"

namespace halfulp::test {
namespace {

std::vector<Env> three_environments() {
    return {{.rounding = Rounding::NearestEven},
            {.rounding = Rounding::Down, .tininess = Tininess::BeforeRounding},
            {.rounding = Rounding::NearestEven, .overflow = Overflow::Saturate}};
}

TEST(DefinitionConvert, EveryCodeBetweenFormatsUpTo8Bits) {
    for (const auto& from : formats)
        for (const Format& to : formats_up_to(8))
            for (const Env& env : three_environments())
                if (from.format.width <= 8) expect_converted(to, from.format, 1, env);
}

TEST(DefinitionConvert, EveryCodeUpTo8BitsToLargerFormats) {
    for (const auto& from : formats)
        for (const Format& to : {binary16, bfloat16, tf32, binary32, binary64})
            if (from.format.width <= 8) expect_converted(to, from.format, 1, {});
}

TEST(DefinitionConvert, CodesOf16BitsToFormatsUpTo16Bits) {
    for (const Format& from : {binary16, bfloat16})
        for (const Format& to : formats_up_to(16))
            for (const Rounding rounding : {Rounding::NearestEven, Rounding::Up})
                expect_converted(to, from, 37, {.rounding = rounding});
}

TEST(DefinitionConvert, NaNsOfEveryFormat) {
    for (const auto& from : formats) {
        if (!from.format.has_nan()) continue;
        for (const Format& to : formats_up_to(64))
            EXPECT_EQ(convert(to, from.format, from.format.nan_code()), delivered(to, truth::not_a_number({}), {}))
                << from.name;
    }
}

}  // namespace
}  // namespace halfulp::test
