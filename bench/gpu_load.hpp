#pragma once

#include <memory>
#include <vector>

#include <halfulp/gpu/device/device.hpp>
#include <halfulp/gpu/kernel/expected.hpp>

namespace halfulp::bench {

/// What a benchmark divides by the time.
struct Amount {
    double bytes = 0;       ///< of global memory, read or written once
    double operations = 0;  ///< of a product or a chain of them, a multiply-add being two; 0 for other kernels
};

/// A kernel at a size, with its arrays in a device's memory: numbers of magnitude 1 to 2, and any integers.
class GpuLoad {
  public:
    /// `small`: as a trial. Throws as Device does. Pre: the device lives longer.
    GpuLoad(gpu::Device& device, const gpu::Kernel& kernel, bool small);

    /// Seconds of one launch by the device's clock, on the average of `times`. Throws as Device does.
    double seconds(unsigned times);

    const gpu::Sizes& sizes() const { return sizes_; }
    Amount amount() const;
    /// Where the array of that parameter lies.
    gpu::Address address_of(std::string_view parameter) const;

  private:
    gpu::Device* device_;
    const gpu::Kernel* kernel_;
    gpu::Sizes sizes_;
    std::vector<std::unique_ptr<gpu::DeviceArray<std::byte>>> arrays_;  ///< of each parameter, null for numbers
    gpu::Arguments arguments_;
};

/// The instruction of a product or a chain, which is "" for fused multiply-adds; null for other kernels.
const std::string_view* instruction_of(const gpu::Kernel& kernel);

}  // namespace halfulp::bench
