#pragma once

#include <halfulp/lib/truth/cpu.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <vector>

#include "support/comparison.hpp"

// binary32 <-> binary16, by softfloat and by F16C. A NaN equals any other NaN: softfloat carries no payload.

namespace halfulp::test {

inline std::vector<Rounding> f16c_roundings() {
    std::vector<Rounding> some;
    for (const auto& row : roundings)
        if (truth::cpu_has(row.rounding)) some.push_back(row.rounding);
    return some;
}

inline void expect_narrowed(std::uint64_t code, Rounding rounding, Comparison& comparison) {
    const Env env{.rounding = rounding};
    Rounded expected = truth::cpu_binary32_to_binary16(code, rounding);
    if (binary16.is_nan(expected.code)) expected.code = binary16.nan_code();
    comparison.expect(expected, convert(binary16, binary32, code, env), binary16, binary32, {&code, 1}, env);
}

inline void expect_widened(std::uint64_t code, Comparison& comparison) {
    Rounded expected = truth::cpu_binary16_to_binary32(code);
    if (binary32.is_nan(expected.code)) expected.code = binary32.nan_code();
    comparison.expect(expected, convert(binary32, binary16, code), binary32, binary16, {&code, 1}, {});
}

}  // namespace halfulp::test
