#pragma once

#include <gtest/gtest.h>

#include <bit>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>

#include <halfulp/lib/diagnose/predict.hpp>
#include <halfulp/lib/io/text_file.hpp>

// What tests of predictions have in common.

namespace halfulp::test {

inline const PlainSum& plain(std::string_view name) {
    for (const PlainSum& sum : plain_sums)
        if (sum.name == name) return sum;
    throw std::logic_error(std::string(name));
}

inline std::uint64_t code(float x) { return std::bit_cast<std::uint32_t>(x); }

inline void expect_refused(const Unit& unit, const GemmPlan& plan, const Gemm& gemm, const std::string& message) {
    try {
        predict(unit, plan, gemm);
        FAIL() << message;
    } catch (const InputError& error) {
        EXPECT_EQ(error.what(), message);
    }
}

}  // namespace halfulp::test
