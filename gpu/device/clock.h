#pragma once

#include <functional>
#include <string>

#include <halfulp/gpu/device/driver_api.hpp>

namespace halfulp::gpu {

/// Seconds by the GPU's own clock from before to after what `start` has it do, all of it on the default stream of the
/// current context. Messages name the device, and what was started. Throws DeviceError.
double seconds_of(const DriverApi& api, const std::string& device, const std::string& what,
                  const std::function<void()>& start);

}  // namespace halfulp::gpu
