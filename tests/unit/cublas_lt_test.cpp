// Claim: cublasLt is asked for the product that gemm_f16_f32 computes, gets all back that it hands out, and reports what
// fails; its time is that of the products after the first one.
// Oracle: fake_driver/libcublasLt.cpp, which reads the descriptions as the manual of cuBLAS does, on the memory of
// fake_driver/libcuda.cpp; the product's numbers by expected(). That the real library takes them so is not tested here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <halfulp/gpu/device/cublas_lt.hpp>
#include <halfulp/gpu/device/cuda_device.hpp>
#include <halfulp/gpu/observe/make_call.hpp>

#include "support/fake_cublas_lt.hpp"

extern "C" const halfulp::gpu::DriverFunctions* halfulp_fake_driver();
const halfulp::gpu::DriverFunctions* halfulp_fake_driver() { return &halfulp::test::FakeDriver::get().functions(); }
extern "C" const halfulp::gpu::CublasLtFunctions* halfulp_fake_cublas_lt();
const halfulp::gpu::CublasLtFunctions* halfulp_fake_cublas_lt() {
    return &halfulp::test::FakeCublasLt::get().functions();
}

namespace halfulp::gpu {
namespace {

using test::FakeCublasLt, test::FakeDriver;

class CublasLtPeer : public testing::Test {
  protected:
    CublasLtPeer() {
        FakeDriver::get().reset();
        FakeCublasLt::get().reset();
        gpus_ = find_gpus();
        device_ = open_gpu(gpus_.api, 0);
    }

    static std::unique_ptr<const CublasLt> load() {
        std::string absence;
        auto library = CublasLt::load(absence);
        EXPECT_EQ(absence, "");
        return library;
    }

    /// D of the call, by two products that take a millisecond each.
    std::vector<std::uint32_t> product(const Call& call) {
        const auto halves = [&](const char* name) {
            const auto& codes = call.arrays.find(name)->second;
            return std::vector<std::uint16_t>(codes.begin(), codes.end());
        };
        const auto& [m, n, k] = call.sizes;
        const DeviceArray<std::uint16_t> a(*device_, halves("a")), b(*device_, halves("b"));
        const DeviceArray<std::uint32_t> d(*device_, std::size_t{m} * n);
        const double seconds = load()->seconds(
            *gpus_.api, *device_, {a.address(), b.address(), d.address(), m, n, k, padded(k), padded(k)}, 2);
        EXPECT_FLOAT_EQ(static_cast<float>(seconds), 2e-3F);
        return d.read();
    }

    GpuList gpus_;
    std::unique_ptr<Device> device_;
};

Call ragged_call() { return make_call(*find_kernel("gemm_f16_f32"), {.m = 7, .n = 10, .k = 21}, InputClass::Exact, 1); }

TEST_F(CublasLtPeer, ComputesTheProductOfTheKernel) {
    const Call call = ragged_call();
    const Arrays wanted = expected(*find_kernel("gemm_f16_f32"), call, "H100");
    const auto left = product(call);
    EXPECT_EQ(std::vector<std::uint64_t>(left.begin(), left.end()), wanted.at("d"));
    EXPECT_EQ(FakeCublasLt::get().products, 3) << "one before those that are timed";
    EXPECT_EQ(FakeCublasLt::get().alive, 0);
    EXPECT_EQ(FakeDriver::get().allocations, 0U);
    EXPECT_EQ(FakeDriver::get().clock.events, 0);
    EXPECT_EQ(load()->version(), "13.1.0");
}

TEST_F(CublasLtPeer, ReportsEveryCallThatFails) {
    for (const char* function :
         {"cublasLtCreate", "cublasLtMatmulDescCreate", "cublasLtMatmulDescSetAttribute", "cublasLtMatrixLayoutCreate",
          "cublasLtMatmulPreferenceCreate", "cublasLtMatmulPreferenceSetAttribute", "cublasLtMatmulAlgoGetHeuristic",
          "cublasLtMatmul"}) {
        FakeCublasLt::get().failing = function;
        try {
            product(ragged_call());
            ADD_FAILURE() << function;
        } catch (const DeviceError& error) {
            EXPECT_EQ(error.what(), std::string("gpu:Fake: ") + function + ": as the fake library says (15)");
        }
        EXPECT_EQ(FakeCublasLt::get().alive, 0) << function;
        EXPECT_EQ(FakeDriver::get().allocations, 0U) << function;
    }
}

TEST_F(CublasLtPeer, SaysThatThereIsNoAlgorithm) {
    FakeCublasLt::get().knows_one = false;
    EXPECT_THROW(product(ragged_call()), DeviceError);
}

}  // namespace
}  // namespace halfulp::gpu
