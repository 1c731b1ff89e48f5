// Claim: random expressions of integers and numbers, with branches and loops among them, have the same bits by this host's
// compiler and, from the PTX that nvcc and clang make of the same text, by the interpreter. tests/device/write_expressions.cpp
// writes them when this test is built.
// Oracle: this CPU. Shared: nothing. What compiler there is not is skipped.
#include <gtest/gtest.h>

#include <array>
#include <bit>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/lib/property/operands.hpp>

#include "device/expressions.cuh"

namespace halfulp::gpu {
namespace {

using Words = std::vector<expressions::u64>;
constexpr std::size_t each = 8, threads = 128, blocks = 8;

/// Of each kind of operand in expressions.cu: edges of its type, small ones and any.
Words operands() {
    property::SplitMix bits(1);
    Words all(each * threads * blocks);
    const std::array<Format, 2> formats = {binary32, binary64};
    for (std::size_t i = 0; i < all.size(); ++i) {
        const bool is_number = i % each >= 4;
        const auto f = formats[i % each / 2 % 2];
        const int width = f.width;
        all[i] = bits() >> (bits() % 4 == 0 ? bits() % 64 : 0);
        if (is_number)
            all[i] = bits() % 2 == 0 ? property::edge_code(f, bits)
                                     : property::at_exponent(f, bits() & f.code_mask(), 0, 30, bits);
        if (width == 32) all[i] &= 0xFFFFFFFF;
    }
    return all;
}

Words by_host(const Words& operands) {
    using namespace expressions;
    Words all(count * threads * blocks);
    for (std::size_t i = 0; i < threads * blocks; ++i) {
        const u64* o = &operands[each * i];
        evaluate(u32(o[0]), u32(o[1]), o[2], o[3], number_of(u32(o[4])), number_of(u32(o[5])), number_of(o[6]),
                 number_of(o[7]), &all[count * i]);
    }
    return all;
}

class Expressions : public testing::TestWithParam<const char*> {};
INSTANTIATE_TEST_SUITE_P(Compiler, Expressions, testing::Values("nvcc", "clang"),
                         [](const auto& test) { return std::string(test.param); });

TEST_P(Expressions, HaveTheSameBitsInterpreted) {
    const std::filesystem::path file = std::filesystem::path(HALFULP_EXPRESSIONS) / (GetParam() + std::string(".ptx"));
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << GetParam();
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    const std::string ptx = text.str();

    const Words given = operands(), wanted = by_host(given);
    const auto device = open_ptx("sm_80");
    const DeviceArray<expressions::u64> in(*device, given);
    const DeviceArray<expressions::u64> out(*device, wanted.size());
    device->launch({.name = "expressions", .ptx = ptx}, "k", {.grid = {blocks, 1, 1}, .block = {threads, 1, 1}},
                   arguments(in.address(), out.address()));
    const Words got = out.read();
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < got.size(); ++i)
        if (got[i] != wanted[i] && ++wrong <= 5)
            ADD_FAILURE() << "expression " << i % expressions::count << " of thread " << i / expressions::count
                          << std::hex << ": 0x" << got[i] << ", by this CPU 0x" << wanted[i];
    EXPECT_EQ(wrong, 0U) << "of " << got.size();
}

}  // namespace
}  // namespace halfulp::gpu
