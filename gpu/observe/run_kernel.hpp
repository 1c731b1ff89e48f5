#pragma once

#include <halfulp/gpu/device/device.hpp>
#include <halfulp/gpu/kernel/expected.hpp>

namespace halfulp::gpu {

/// The PTX of a file of gpu/kernel.
DeviceCode device_code(std::string_view file);

/// Copies the arrays to the device, launches the kernel and copies its Out and InOut arrays back. Throws as Device does.
/// Pre: the device's target is not below the kernel's.
Arrays run_kernel(Device& device, const Kernel& kernel, const Call& call);
/// The same by other code, which has a kernel of that name: another compiler's.
Arrays run_kernel(Device& device, const DeviceCode& code, const Kernel& kernel, const Call& call);

}  // namespace halfulp::gpu
