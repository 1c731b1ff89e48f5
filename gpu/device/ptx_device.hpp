#pragma once

#include <memory>
#include <string_view>

#include <halfulp/gpu/device/device.hpp>

namespace halfulp::gpu {

/// The interpreter as a device of an architecture, such as sm_80. Throws InputError for an unknown one.
std::unique_ptr<Device> open_ptx(std::string_view architecture, const ptx::MachineOptions& options = {});

}  // namespace halfulp::gpu
