#pragma once

#include <memory>
#include <string>

#include <halfulp/gpu/device/driver_functions.hpp>

namespace halfulp::gpu {

/// libcuda.so.1, loaded at run time and initialised: the program links no CUDA library and runs without a GPU.
class DriverApi {
  public:
    /// Nothing, and why, where there is no driver, an incomplete one, or one that does not start.
    static std::shared_ptr<const DriverApi> load(std::string& absence);

    const DriverFunctions* operator->() const { return &functions_; }  ///< the functions

    /// Throws DeviceError for a code other than 0. `call` says what was called, and of what.
    void check(int code, const std::string& call) const;

  private:
    std::shared_ptr<void> library_;
    DriverFunctions functions_;
};

}  // namespace halfulp::gpu
