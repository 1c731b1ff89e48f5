#pragma once

#include <gtest/gtest.h>

#include <halfulp/lib/truth/operation.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <string>
#include <tuple>

#include "support/print.hpp"

namespace halfulp::test {

/// An operation that an oracle names, in softfloat's words: exact or sticky, not rounded yet.
constexpr Sticky softfloat_result(truth::Operation operation, const Format& f, const truth::Operands& operands) {
    const auto operand = [&](std::size_t i) { return decode(f, operands[i]); };
    switch (operation) {
        case truth::Operation::Add: return add(operand(0), operand(1));
        case truth::Operation::Sub: return sub(operand(0), operand(1));
        case truth::Operation::Mul: return mul(operand(0), operand(1));
        case truth::Operation::Div: return div(operand(0), operand(1));
        case truth::Operation::Sqrt: return sqrt(operand(0));
        case truth::Operation::Fma: return fma(operand(0), operand(1), operand(2));
    }
    __builtin_unreachable();
}

/// What one test case is about.
using FormatAndOperation = std::tuple<NamedFormat, truth::NamedOperation>;

/// binary16_fma
inline std::string case_name(const testing::TestParamInfo<FormatAndOperation>& row) {
    return std::string{std::get<0>(row.param).name}.append("_").append(std::get<1>(row.param).name);
}

}  // namespace halfulp::test
