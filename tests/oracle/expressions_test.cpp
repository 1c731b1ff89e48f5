// Claim: random expressions of integers and numbers, f16 and bf16 among them, with branches and loops among them, have the same bits by this host's
// compiler and, from the PTX that nvcc and clang make of the same text, by the interpreter. tests/device/write_expressions.cpp
// writes them when this test is built.
// Oracle: this CPU, which rounds f16 and bf16 by double. Shared: nothing. What compiler there is not is skipped.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <filesystem>
#include <string>

#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/lib/property/operands.hpp>

#include "device/expressions.cuh"
#include "support/folder.hpp"

namespace halfulp::gpu {
namespace {

using Words = std::vector<expressions::u64>;
constexpr std::size_t each = 12, threads = 128, blocks = 8;

/// Of each operand in expressions.cuh: edges of its type, small ones and any.
Words operands() {
    property::SplitMix bits(1);
    Words all(each * threads * blocks);
    const std::array<Format, each / 2> formats = {binary32, binary64, binary32, binary64, binary16, bfloat16};
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool is_number = i % each >= 4;
        const Format& f = formats[i % each / 2];
        all[i] = bits() >> (bits() % 4 == 0 ? bits() % 64 : 0);
        if (is_number)
            all[i] = bits() % 2 == 0
                         ? property::edge_code(f, bits)
                         : property::at_exponent(f, bits() & f.code_mask(), 0, f == binary16 ? 8 : 30, bits);
        all[i] &= f.code_mask();
    }
    return all;
}

struct Generated {
    const char* kernel;
    void (*evaluate)(const expressions::Operands&, expressions::u64*);
};
#define ROW(seed) Generated{"k_" #seed, expressions::evaluate_##seed},
constexpr std::array generated = {EXPRESSION_SEEDS(ROW)};

Words by_host(const Generated& text, const Words& operands) {
    using namespace expressions;
    Words all(count * threads * blocks);
    for (std::size_t i = 0; i < threads * blocks; ++i) text.evaluate(operands_of(&operands[each * i]), &all[count * i]);
    return all;
}

class Expressions : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Compiler, Expressions, testing::Values("nvcc", "clang"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(Expressions, HaveTheSameBitsInterpreted) {
    const std::filesystem::path file = std::filesystem::path(HALFULP_EXPRESSIONS) / (GetParam() + std::string(".ptx"));
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << GetParam();
    const std::string ptx = test::content(file);

    const Words given = operands();
    const auto device = open_ptx("sm_80");
    const DeviceArray<expressions::u64> in(*device, given);
    for (const Generated& text : generated) {
        const Words wanted = by_host(text, given);
        const DeviceArray<expressions::u64> out(*device, wanted.size());
        device->launch({.name = "expressions", .ptx = ptx}, text.kernel,
                       {.grid = {blocks, 1, 1}, .block = {threads, 1, 1}}, arguments(in.address(), out.address()));
        const Words got = out.read();
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < got.size(); ++i)
            if (got[i] != wanted[i] && ++wrong <= 5)
                ADD_FAILURE() << text.kernel << ", expression " << i % expressions::count << " of thread "
                              << i / expressions::count << std::hex << ": 0x" << got[i] << ", by this CPU 0x"
                              << wanted[i];
        EXPECT_EQ(wrong, 0U) << "of " << got.size() << " of " << text.kernel;
    }
}

}  // namespace
}  // namespace halfulp::gpu
