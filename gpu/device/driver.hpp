#pragma once

#include <string>
#include <vector>

namespace halfulp {

/// A CUDA device as its driver describes it.
struct CudaDevice {
    std::string name;
    int compute_major = 0;
    int compute_minor = 0;
};

/// What the CUDA driver offers, or why there is none.
struct CudaDriver {
    std::vector<CudaDevice> devices;
    std::string absence;  ///< empty where devices is not
};

/// Asks the CUDA driver API, loaded at run time: the program links no CUDA library and runs without a GPU.
CudaDriver find_cuda_driver();

}  // namespace halfulp
