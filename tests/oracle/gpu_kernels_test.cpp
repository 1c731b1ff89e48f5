// Claim: every kernel of gpu/kernel, interpreted from its PTX on each architecture, leaves the bits that its row of the table
// says: on numbers of which any order and matrix unit makes the same, on those of which only the meant one does, and on
// zeros of both signs. So does the PTX that clang makes of the same sources.
// Oracle: expected(), which computes the meaning on the CPU. Shared: softfloat, and the table of matrix units. The part of
// clang is skipped where there is none.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <regex>
#include <string>

#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/gpu/kernel/expected.hpp>
#include <halfulp/gpu/observe/make_call.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>

#include "support/folder.hpp"

namespace halfulp::gpu {
namespace {

void expect_equal(const Arrays& found, const Arrays& wanted) {
    ASSERT_EQ(found.size(), wanted.size());
    for (const auto& [name, codes] : wanted) {
        const auto& got = found.at(name);
        ASSERT_EQ(got.size(), codes.size()) << name;
        const auto [have, want] = std::mismatch(got.begin(), got.end(), codes.begin());
        EXPECT_EQ(want, codes.end()) << (have == got.end() ? ""
                                                           : fmt::format("{}[{}]: {:#x}, not {:#x}", name,
                                                                         have - got.begin(), *have, *want));
    }
}

class KernelOnInterpreter : public testing::TestWithParam<int> {
  protected:
    /// Of each class of numbers and two seeds.
    void expect_kernel(const DeviceCode& code, const Kernel& kernel) {
        for (const InputClass numbers : input_classes)
            for (const std::uint64_t seed : {1U, 2U}) {
                SCOPED_TRACE(
                    fmt::format("{} on {}, {} class, seed {}", kernel.name, device_->name(), name_of(numbers), seed));
                const Call call = make_call(kernel, ragged_sizes(kernel, numbers), numbers, seed);
                try {
                    expect_equal(run_kernel(*device_, code, kernel, call), expected(kernel, call, architecture_));
                } catch (const std::exception& error) {
                    ADD_FAILURE() << error.what();
                }
                ++runs_;
            }
    }

    std::string architecture_ = "sm_" + std::to_string(GetParam());
    std::unique_ptr<Device> device_ = open_ptx(architecture_);
    std::size_t runs_ = 0;
};
INSTANTIATE_TEST_SUITE_P(Architectures, KernelOnInterpreter, testing::Values(75, 80, 86, 89, 90, 100, 120),
                         [](const auto& test) { return "sm_" + std::to_string(test.param); });

TEST_P(KernelOnInterpreter, LeavesTheBitsOfItsRow) {
    for (const Kernel& kernel : kernels())
        if (kernel.target <= GetParam()) expect_kernel(device_code(kernel.file), kernel);
    EXPECT_GT(runs_, 400U);
}

TEST_P(KernelOnInterpreter, LeavesTheSameBitsByClang) {
    const std::filesystem::path folder = HALFULP_CLANG_PTX;
    if (folder.empty()) GTEST_SKIP() << "no clang";
    for (const Kernel& kernel : kernels()) {
        const std::filesystem::path file = folder / (std::string(kernel.file) + ".ptx");
        if (kernel.target > GetParam() || !std::filesystem::exists(file)) continue;
        // The newest version that this clang writes is older than what inline assembly asks for, which it does not read.
        const std::string ptx = std::regex_replace(test::content(file), std::regex("\\.version 7\\.5"), ".version 8.1");
        expect_kernel({.name = kernel.file, .ptx = ptx}, kernel);
    }
    EXPECT_GT(runs_, 300U);
}

}  // namespace
}  // namespace halfulp::gpu
