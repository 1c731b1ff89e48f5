#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/gpu/device/device.hpp>

namespace halfulp::gpu {

/// Machine code by the name of the PTX file that ptxas has made it of.
class Cubins {
  public:
    /// FILE.sm_90.cubin in the folder is what `ptxas -arch=sm_90` has made of gpu/kernel/ptx/FILE.ptx. Throws InputError for
    /// a folder without such files, for a FILE that is none of these, and for one that is no ELF file.
    explicit Cubins(const std::filesystem::path& folder);

    /// Of a file, the newest target first.
    std::vector<DeviceCode::Cubin> of(std::string_view file) const;

  private:
    struct Image {
        int target;
        std::string bytes;
    };
    std::map<std::string, std::vector<Image>, std::less<>> images_;
};

/// The device, which takes this machine code where there is some for it, and PTX else.
std::unique_ptr<Device> with_cubins(std::unique_ptr<Device> device, Cubins cubins);

}  // namespace halfulp::gpu
