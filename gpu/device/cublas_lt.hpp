#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <halfulp/gpu/device/cublas_lt_functions.hpp>
#include <halfulp/gpu/device/device.hpp>
#include <halfulp/gpu/device/driver_api.hpp>

namespace halfulp::gpu {

/// D = A B of fp16 in fp32, in a GPU's memory. a: m rows of k, lda apart; b: n columns of k, ldb apart; d: m rows of n.
struct HalfProduct {
    Address a, b, d;                  ///< of the arrays
    std::uint32_t m, n, k, lda, ldb;  ///< sizes, and the distances of rows of A and columns of B, in elements
};

/// cublasLt, NVIDIA's library of matrix products, loaded at run time where it is: a peer to be measured against.
class CublasLt {
  public:
    /// Nothing, and why, where it is not there or not complete.
    static std::unique_ptr<const CublasLt> load(std::string& absence);

    /// "13.1.0"
    std::string version() const;

    /// Seconds that it takes for so many of the product, one behind the other, by the GPU's clock and after one that is not
    /// counted, with the algorithm that it finds best and fp32 sums. Throws DeviceError. Pre: the device, one of `api`,
    /// was the last to be opened.
    double seconds(const DriverApi& api, Device& device, const HalfProduct& product, unsigned times) const;

  private:
    std::shared_ptr<void> library_;
    CublasLtFunctions functions_;
};

}  // namespace halfulp::gpu
