#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include <halfulp/gpu/device/device.hpp>
#include <halfulp/gpu/device/driver_api.hpp>

namespace halfulp::gpu {

/// A GPU as its driver describes it.
struct GpuFacts {
    std::string name;
    int compute_major = 0, compute_minor = 0;
    int multiprocessors = 0;
    std::size_t memory_bytes = 0;
    int driver_version = 0;  ///< 13000 for 13.0
};

/// Throws DeviceError if the driver knows no such GPU. Pre: 0 <= ordinal.
GpuFacts facts_of(const DriverApi& api, int ordinal);

/// The GPUs of this computer, or why there is none.
struct GpuList {
    std::shared_ptr<const DriverApi> api;
    std::vector<GpuFacts> gpus;
    std::string absence;  ///< empty where gpus is not
};
GpuList find_gpus();

/// Pre: ordinal is one of find_gpus().
std::unique_ptr<Device> open_gpu(std::shared_ptr<const DriverApi> api, int ordinal);

}  // namespace halfulp::gpu
