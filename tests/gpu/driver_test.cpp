// Claim: a machine either has CUDA devices or a reason why not; with a driver, each device has a name and a version.
// Oracle: the driver. Skipped without one.
#include <gtest/gtest.h>

#include <halfulp/gpu/device/cuda_device.hpp>

TEST(Driver, DevicesHaveNamesAndVersions) {
    const halfulp::gpu::GpuList driver = halfulp::gpu::find_gpus();
    EXPECT_NE(driver.gpus.empty(), driver.absence.empty());
    if (driver.gpus.empty()) GTEST_SKIP() << driver.absence;
    for (const halfulp::gpu::GpuFacts& device : driver.gpus) {
        EXPECT_FALSE(device.name.empty());
        EXPECT_GE(device.compute_major, 5);
    }
}
