#pragma once

#include <halfulp/lib/truth/cpu.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <vector>

#include "support/comparison.hpp"

// binary32 <-> binary16, by softfloat and by F16C, NaN payloads included.

namespace halfulp::test {

inline std::vector<Rounding> f16c_roundings() {
    std::vector<Rounding> some;
    for (const auto& row : roundings)
        if (truth::cpu_has(row.rounding)) some.push_back(row.rounding);
    return some;
}

inline void expect_narrowed(std::uint64_t code, Rounding rounding, Comparison& comparison) {
    const Env env{.rounding = rounding, .nan = NanPolicy::X86Sse};
    comparison.expect(truth::cpu_binary32_to_binary16(code, rounding), convert(binary16, binary32, code, env), binary16,
                      binary32, {&code, 1}, env);
}

inline void expect_widened(std::uint64_t code, Comparison& comparison) {
    const Env env{.nan = NanPolicy::X86Sse};
    comparison.expect(truth::cpu_binary16_to_binary32(code), convert(binary32, binary16, code, env), binary32, binary16,
                      {&code, 1}, env);
}

}  // namespace halfulp::test
