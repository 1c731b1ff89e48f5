// Claim: conversion between any two IEEE formats delivers MPFR's bits and all five flags, in each of the seven
// roundings, with tininess detected after and before rounding.
// Oracle: MPFR (lib/truth/mpfr.hpp says where the standard's definition adds to it). Shared: width, precision and bias
// of the formats. Every code of the formats up to 19 bits, a sample with a fixed seed of the wider ones.
#include <halfulp/lib/truth/mpfr.hpp>

#include "support/comparison.hpp"
#include "support/ieee_formats.hpp"
#include "support/operands.hpp"

namespace halfulp::test {
namespace {

constexpr std::uint64_t sample_size = 1'000'000;

void expect_converted(const Format& to, const Format& from, std::uint64_t code, Comparison& comparison) {
    for (const auto& row : deterministic_roundings)
        for (const Tininess tininess : {Tininess::AfterRounding, Tininess::BeforeRounding}) {
            const Env env{.rounding = row.rounding, .tininess = tininess};
            comparison.expect(truth::mpfr_result(Operation::Convert, to, from, {code}, env),
                              convert(to, from, code, env), to, from, {&code, 1}, env);
        }
}

class MpfrConvert : public testing::TestWithParam<NamedFormat> {};

TEST_P(MpfrConvert, ToEveryIeeeFormatInEveryRounding) {
    const Format from = GetParam().format;
    for (const NamedFormat& to : ieee_formats()) {
        Comparison comparison{std::string{GetParam().name} + " to " + std::string{to.name}};
        SplitMix bits{0};
        if (from.width < 20)
            for (std::uint64_t code = 0; code <= from.code_mask(); ++code)
                expect_converted(to.format, from, code, comparison);
        else
            for (std::uint64_t i = 0; i < sample_size; ++i)
                expect_converted(to.format, from, edge_to_convert(to.format, from, bits), comparison);
    }
}

INSTANTIATE_TEST_SUITE_P(From, MpfrConvert, testing::ValuesIn(ieee_formats()),
                         [](const auto& row) { return std::string{row.param.name}; });

}  // namespace
}  // namespace halfulp::test
