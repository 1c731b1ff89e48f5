// Claim: the backend of the CUDA driver passes kernels, memory and arguments as the driver API wants them, and reports every
// failure: no driver that starts, no GPU, no memory, an unknown kernel, a fault after which the device is lost.
// Oracle: fake_driver/libcuda.cpp, a libcuda.so.1 over the interpreter; kernels' bits by expected(). Shared: nothing with the
// backend but the declarations of the functions.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include <halfulp/gpu/device/cubins.hpp>
#include <halfulp/gpu/device/cuda_device.hpp>
#include <halfulp/gpu/device/open.hpp>
#include <halfulp/gpu/kernel/expected.hpp>
#include <halfulp/gpu/kernel/ptx_text.hpp>
#include <halfulp/gpu/observe/make_call.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>
#include <halfulp/lib/io/text_file.hpp>

#include "support/fake_driver.hpp"
#include "support/folder.hpp"

extern "C" const halfulp::gpu::DriverFunctions* halfulp_fake_driver();
const halfulp::gpu::DriverFunctions* halfulp_fake_driver() { return &halfulp::test::FakeDriver::get().functions(); }

namespace halfulp::gpu {
namespace {

using test::FakeDriver;
using testing::ElementsAre, testing::HasSubstr;

class CudaDevice : public test::FolderTest {
  protected:
    CudaDevice() { FakeDriver::get().reset(); }

    static std::unique_ptr<Device> open() { return open_device("cuda:0", 1); }
};

template <class Call>
DeviceError error_of(const Call& call) {
    try {
        call();
    } catch (const DeviceError& error) {
        return error;
    }
    ADD_FAILURE() << "nothing was thrown";
    return {DeviceError::Kind::Refused, ""};
}

TEST_F(CudaDevice, SaysWhatItIs) {
    const auto device = open();
    EXPECT_EQ(device->name(), "gpu:Fake");
    EXPECT_EQ(device->target(), 90);
    using Fact = std::pair<std::string, std::string>;
    EXPECT_THAT(device->facts(), ElementsAre(Fact("compute capability", "9.0"), Fact("multiprocessors", "132"),
                                             Fact("memory", "256 MiB"), Fact("CUDA driver", "13.0")));
}

TEST_F(CudaDevice, RunsKernelsAndFreesWhatItTook) {
    {
        const auto device = open();
        for (const char* name :
             {"f32_to_f16_rn", "gemm_f16_f32", "quantise_f32_s8", "unscale_f16_f32", "sum_block_f32_f32"}) {
            const Kernel& kernel = *find_kernel(name);
            const Call call = make_call(kernel, ragged_sizes(kernel, InputClass::Model), InputClass::Model, 3);
            EXPECT_EQ(run_kernel(*device, kernel, call), expected(kernel, call, "H100")) << name;
        }
        EXPECT_EQ(device->loaded_as(device_code("gemm_f16")), "PTX, translated by the driver");
        EXPECT_EQ(device->loaded_as(device_code("gemm_bf16")), "");
        EXPECT_EQ(FakeDriver::get().loaded.size(), 5U) << "each file once";
        EXPECT_EQ(FakeDriver::get().contexts, 1);
    }
    EXPECT_EQ(FakeDriver::get().allocations, 0U);
    EXPECT_EQ(FakeDriver::get().contexts, 0);
}

/// The file's PTX, and as a cubin of a target.
struct Images {
    std::string cubin;
    DeviceCode::Cubin row;
    DeviceCode code;

    explicit Images(int target)
        : cubin(
              "\x7f"
              "ELF" +
              std::string(ptx_text("convert_f16"))) {
        row = {target, std::as_bytes(std::span(cubin.c_str(), cubin.size() + 1))};
        code = {.name = "convert_f16", .ptx = ptx_text("convert_f16"), .cubins = {&row, 1}};
    }
};

TEST_F(CudaDevice, TakesMachineCodeForItsTargetFirst) {
    const Kernel& kernel = *find_kernel("f32_to_f16_rn");
    const Call call = make_call(kernel, {.n = 7}, InputClass::Model, 1);
    const auto loads = [&](int target) {
        const Images images(target);
        const auto device = open();
        EXPECT_EQ(run_kernel(*device, images.code, kernel, call), expected(kernel, call, "H100"));
        return device->loaded_as(images.code);
    };
    EXPECT_EQ(loads(90), "PTX, translated by the driver") << "the driver does not take it";
    FakeDriver::get().takes_cubins = true;
    EXPECT_EQ(loads(90), "cubin of sm_90");
    EXPECT_EQ(loads(80), "PTX, translated by the driver") << "of another major version";
}

TEST_F(CudaDevice, TakesMachineCodeOfAFolder) {
    const std::filesystem::path cubins = folder / "cubins";
    const auto opened = [&] { return with_cubins(open(), Cubins(cubins)); };
    EXPECT_THROW(opened(), InputError) << "no folder";
    std::filesystem::create_directory(cubins);
    EXPECT_THROW(opened(), InputError) << "no cubins";
    const Images images(90);
    for (const char* target : {"80", "90"})
        write_text(cubins / fmt::format("convert_f16.sm_{}.cubin", target), images.cubin + '\0');
    FakeDriver::get().takes_cubins = true;
    const auto device = opened();
    for (const char* name : {"f32_to_f16_rn", "f32_to_bf16_rn"}) {
        const Kernel& kernel = *find_kernel(name);
        const Call call = make_call(kernel, {.n = 7}, InputClass::Model, 1);
        EXPECT_EQ(run_kernel(*device, kernel, call), expected(kernel, call, "H100"));
    }
    EXPECT_EQ(device->loaded_as(device_code("convert_f16")), "cubin of sm_90");
    const auto fresh = opened();
    const auto x = fresh->allocate(4), y = fresh->allocate(2);
    fresh->write(x, std::array<std::byte, 4>{});
    EXPECT_TRUE(fresh->seconds(device_code("convert_f16"), "f32_to_f16_rn", {.grid = {1, 1, 1}, .block = {256, 1, 1}},
                               arguments(x, y, std::uint32_t{1}), 1));
    EXPECT_EQ(fresh->loaded_as(device_code("convert_f16")), "cubin of sm_90");
    EXPECT_EQ(device->loaded_as(device_code("convert_bf16")), "PTX, translated by the driver");
    write_text(cubins / "convert_bf16.sm_90.cubin", ".version");
    EXPECT_THROW(opened(), InputError) << "no cubin";
    std::filesystem::rename(cubins / "convert_bf16.sm_90.cubin", cubins / "convert_bf17.sm_90.cubin");
    EXPECT_THROW(opened(), InputError) << "no file of kernels";
}

TEST_F(CudaDevice, ReportsMemoryThatIsNotThere) {
    const auto device = open();
    const DeviceError error = error_of([&] { device->allocate(FakeDriver::memory + 1); });
    EXPECT_EQ(error.kind, DeviceError::Kind::OutOfMemory);
    EXPECT_STREQ(error.what(),
                 "gpu:Fake: cuMemAlloc of 268435457 bytes: CUDA_ERROR_OUT_OF_MEMORY (2), as the fake driver says");
}

TEST_F(CudaDevice, ReportsWhatItDoesNotKnow) {
    const auto device = open();
    const DeviceError unknown = error_of([&] { device->launch(device_code("gemm_f16"), "gemm", {}, {}); });
    EXPECT_EQ(unknown.kind, DeviceError::Kind::Refused);
    EXPECT_THAT(unknown.what(), HasSubstr("cuModuleGetFunction of gemm_f16, gemm: CUDA_ERROR_NOT_FOUND (500)"));
    const DeviceError broken = error_of([&] { device->launch({.name = "x", .ptx = ".version"}, "k", {}, {}); });
    EXPECT_THAT(broken.what(), HasSubstr("cuModuleLoadData of x: an error without a name (200)"));
}

TEST_F(CudaDevice, ReportsADeviceThatIsLost) {
    const auto device = open();
    const auto address = device->allocate(4);
    const auto run = [&] {
        device->launch(device_code("convert_f16"), "f32_to_f16_rn", {.grid = {1, 1, 1}, .block = {256, 1, 1}},
                       arguments(address, address, std::uint32_t{256}));
    };
    const DeviceError error = error_of(run);
    EXPECT_EQ(error.kind, DeviceError::Kind::Lost);
    EXPECT_THAT(error.what(),
                HasSubstr("cuCtxSynchronize after convert_f16, f32_to_f16_rn: CUDA_ERROR_ILLEGAL_ADDRESS (700)"));
    EXPECT_THAT(error.what(), HasSubstr("the device answers nothing more to this process"));
    EXPECT_EQ(error_of(run).kind, DeviceError::Kind::Lost);
    std::array<std::byte, 4> bytes{};
    EXPECT_EQ(error_of([&] { device->read(address, bytes); }).kind, DeviceError::Kind::Lost);
}

/// Seconds of three launches of a kernel that needs `n` numbers.
std::optional<double> timed(Device& device, std::uint32_t n = 7) {
    const DeviceArray<float> x(device, std::vector<float>(7));
    const DeviceArray<std::uint16_t> y(device, 7);
    return device.seconds(device_code("convert_f16"), "f32_to_f16_rn", {.grid = {1, 1, 1}, .block = {256, 1, 1}},
                          arguments(x.address(), y.address(), n), 3);
}

TEST_F(CudaDevice, TimesLaunchesByTheClockOfTheGpu) {
    const auto device = open();
    EXPECT_FLOAT_EQ(static_cast<float>(timed(*device).value()), 3e-3F) << "a millisecond each";
    EXPECT_EQ(FakeDriver::get().clock.launches, 4U) << "and one before";
    EXPECT_EQ(FakeDriver::get().clock.events, 0);
    EXPECT_EQ(timed(*open_device("ptx:sm_90", 1)), std::nullopt);
}

TEST_F(CudaDevice, ReportsAClockThatFails) {
    const auto device = open();
    const std::vector<std::pair<const char*, int>> failures = {{"cuEventCreate", 0},      {"cuEventCreate", 1},
                                                               {"cuEventRecord", 0},      {"cuEventRecord", 1},
                                                               {"cuEventSynchronize", 0}, {"cuEventElapsedTime", 0}};
    for (const auto& [function, calls_before] : failures) {
        FakeDriver::get().clock.failing = function;
        FakeDriver::get().clock.calls_before = calls_before;
        const DeviceError error = error_of([&] { timed(*device); });
        EXPECT_THAT(error.what(), testing::StartsWith(std::string("gpu:Fake: ") + function));
        EXPECT_EQ(FakeDriver::get().clock.events, 0) << function;
    }
    FakeDriver::get().clock.failing = "";
    EXPECT_EQ(error_of([&] { timed(*device, 8); }).kind, DeviceError::Kind::Lost);
}

TEST_F(CudaDevice, SaysWhyThereIsNone) {
    FakeDriver::get().start_error = test::no_device;
    EXPECT_EQ(find_gpus().absence, "the CUDA driver does not start (cuInit returned 100)");
    FakeDriver::get().reset();
    FakeDriver::get().devices = 0;
    EXPECT_EQ(find_gpus().absence, "the CUDA driver knows no device");
    EXPECT_THROW(open(), InputError);
}

TEST_F(CudaDevice, IsOpenedByItsNumber) {
    FakeDriver::get().devices = 2;
    EXPECT_EQ(find_gpus().gpus.size(), 2U);
    EXPECT_EQ(open_device("cuda:1", 1)->name(), "gpu:Fake");
    for (const char* name : {"cuda:2", "cuda:", "cuda:x", "cuda:-1", "cuda:0 ", "gpu:0", ""})
        EXPECT_THROW(open_device(name, 1), InputError) << name;
}

}  // namespace
}  // namespace halfulp::gpu
