#pragma once

#include <gtest/gtest.h>

#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/operation.hpp>
#include <string>
#include <tuple>

#include "support/print.hpp"

namespace halfulp::test {

/// What one test case is about.
using FormatAndOperation = std::tuple<NamedFormat, NamedOperation>;

/// binary16_fma
inline std::string case_name(const testing::TestParamInfo<FormatAndOperation>& row) {
    return std::string{std::get<0>(row.param).name}.append("_").append(std::get<1>(row.param).name);
}

}  // namespace halfulp::test
