#pragma once

#include <memory>
#include <string>
#include <vector>

#include <halfulp/gpu/device/device.hpp>
#include <halfulp/lib/exercise/observer.hpp>

namespace halfulp::gpu {

/// Puts the exercises' questions to the kernels of gpu/kernel on a device: conversions, arithmetic, sums in every order and
/// quantisation, each by a kernel of its own.
std::unique_ptr<Observer> make_device_observer(std::unique_ptr<Device> device);

}  // namespace halfulp::gpu
