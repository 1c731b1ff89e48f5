// Claim: a machine either has CUDA devices or a reason why not; with a driver, each device has a name and a version.
// Oracle: the driver. Skipped without one.
#include <gtest/gtest.h>

#include <halfulp/gpu/device/driver.hpp>

TEST(Driver, DevicesHaveNamesAndVersions) {
    const halfulp::CudaDriver driver = halfulp::find_cuda_driver();
    EXPECT_NE(driver.devices.empty(), driver.absence.empty());
    if (driver.devices.empty()) GTEST_SKIP() << driver.absence;
    for (const halfulp::CudaDevice& device : driver.devices) {
        EXPECT_FALSE(device.name.empty());
        EXPECT_GE(device.compute_major, 5);
    }
}
