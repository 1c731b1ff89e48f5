#pragma once

#include <halfulp/lib/truth/ieee_rules.hpp>
#include <halfulp/softfloat/convert.hpp>

#include "support/definition_sweeps.hpp"

namespace halfulp::test {

using truth::operand;

/// Every stride-th code of one format in another.
inline void expect_converted(const Format& to, const Format& from, std::uint64_t stride, const Env& env) {
    for (std::uint64_t code = 0; code <= from.code_mask(); code += stride)
        ASSERT_EQ(convert(to, from, code, env), delivered(to, operand(from, code), env))
            << name_of(from) << " 0x" << std::hex << code << " to " << name_of(to) << ' ' << name_of(env.rounding);
}

}  // namespace halfulp::test
