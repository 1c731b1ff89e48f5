#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <halfulp/gpu/device/device.hpp>

namespace halfulp::gpu {

/// A file of the library's PTX as the device took it.
struct LoadedFile {
    std::string_view file;    ///< its name in gpu/kernel/ptx, without the ending
    std::string_view sha256;  ///< of the PTX; nothing where machine code ran instead
    std::string loaded_as;    ///< PTX or machine code, as reports print it
};

/// Those that the device has run kernels of, in the order of their names.
std::vector<LoadedFile> loaded_files(const Device& device);

}  // namespace halfulp::gpu
