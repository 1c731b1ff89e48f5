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
    std::string name;                          ///< as the driver has it
    int compute_major = 0, compute_minor = 0;  ///< compute capability
    int multiprocessors = 0;                   ///< how many
    std::size_t memory_bytes = 0;              ///< of global memory
    int driver_version = 0;                    ///< 13000 for 13.0
};

/// Throws DeviceError if the driver knows no such GPU. Pre: 0 <= ordinal.
GpuFacts facts_of(const DriverApi& api, int ordinal);

/// The GPUs of this computer, or why there is none.
struct GpuList {
    std::shared_ptr<const DriverApi> api;  ///< null where there is no driver
    std::vector<GpuFacts> gpus;            ///< by their ordinals
    std::string absence;                   ///< empty where gpus is not
};
/// Asks the driver.
GpuList find_gpus();

/// Pre: ordinal is one of find_gpus().
std::unique_ptr<Device> open_gpu(std::shared_ptr<const DriverApi> api, int ordinal);

}  // namespace halfulp::gpu
