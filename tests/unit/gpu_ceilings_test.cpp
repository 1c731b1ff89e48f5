// Claim: the kernels that measure what a device can do at most do as many operations as they are asked for, no fewer: a
// benchmark divides by that number. And every product of matrices has one to be measured against.
// Oracle: sums of ones. Shared: nothing; that other numbers come out right is the claim of gpu_kernels_test.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/gpu/kernel/expected.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::gpu {
namespace {

std::uint64_t code_of(const Element& element, unsigned number) {
    return element.integer ? number : from_integer(element.format, number).code;
}

/// What one operation adds up: as many products as the instruction has along k.
unsigned products_of(std::string_view instruction) {
    return instruction.empty() ? 1 : static_cast<unsigned>(find_instruction("sm_90", instruction).k);
}

/// a and b of ones, c of threes.
Call call_of(const Kernel& kernel, const Sizes& sizes) {
    Call call{sizes, {}, {}};
    for (const Parameter& p : kernel.parameters)
        if (p.pass == Pass::In)
            call.arrays[std::string(p.name)].assign(p.elements(sizes), code_of(p.element, p.name == "c" ? 3 : 1));
    return call;
}

TEST(GpuCeilings, ChainsHaveAsManyOperationsAsTheyAreAskedFor) {
    const auto device = open_ptx("sm_90");
    std::size_t chains = 0;
    for (const Kernel& kernel : kernels()) {
        const auto* const chain = std::get_if<OperationChain>(&kernel.meaning);
        if (chain == nullptr) continue;
        ++chains;
        for (const std::uint32_t turns : {0U, 1U, 3U}) {
            const Call call = call_of(kernel, {.m = 2, .k = turns});
            const unsigned sum = 3 + turns * chain->each * products_of(chain->instruction);
            const Arrays left = run_kernel(*device, kernel, call);
            EXPECT_THAT(left.at("d"), testing::Each(code_of(kernel.parameters[3].element, sum)))
                << kernel.name << ", " << turns;
            EXPECT_EQ(expected(kernel, call, "sm_90"), left) << kernel.name << ", " << turns;
        }
    }
    EXPECT_GT(chains, 10U);
}

TEST(GpuCeilings, EveryProductHasAChainOfItsOperations) {
    const auto has_chain = [](std::string_view instruction, int target) {
        return std::any_of(kernels().begin(), kernels().end(), [=](const Kernel& kernel) {
            const auto* const chain = std::get_if<OperationChain>(&kernel.meaning);
            return chain != nullptr && chain->instruction == instruction && kernel.target <= target;
        });
    };
    for (const Kernel& kernel : kernels()) {
        const auto* const product = std::get_if<MatrixProduct>(&kernel.meaning);
        const auto* const requantised = std::get_if<RequantisedProduct>(&kernel.meaning);
        EXPECT_TRUE(product == nullptr || has_chain(product->instruction, kernel.target)) << kernel.name;
        EXPECT_TRUE(requantised == nullptr || has_chain(requantised->instruction, kernel.target)) << kernel.name;
    }
}

TEST(GpuCeilings, MemoryIsReadAndWrittenWhole) {
    const auto device = open_ptx("sm_75");
    for (const std::uint32_t n : {1U, 255U, 1024U, 5000U}) {
        const Kernel &read = *find_kernel("read_words"), &copy = *find_kernel("copy_words");
        EXPECT_THAT(run_kernel(*device, read, call_of(read, {.m = 3, .n = n})).at("y"), testing::ElementsAre(n, n, n));
        Call words{{.n = n}, {{"x", std::vector<std::uint64_t>(std::size_t{4} * n)}}};
        for (std::uint64_t i = 0; std::uint64_t & word : words.arrays.at("x")) word = i++;
        EXPECT_EQ(run_kernel(*device, copy, words).at("y"), words.arrays.at("x"));
    }
}

}  // namespace
}  // namespace halfulp::gpu
