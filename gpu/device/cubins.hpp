#pragma once

#include <filesystem>
#include <memory>

#include <halfulp/gpu/device/device.hpp>

namespace halfulp::gpu {

/// The device, which takes machine code of a folder where there is some for it, and PTX else: FILE.sm_90.cubin there is what
/// `ptxas -arch=sm_90` has made of gpu/kernel/ptx/FILE.ptx. Throws InputError for a folder without such files, and for a file
/// that is no ELF file.
std::unique_ptr<Device> with_cubins(std::unique_ptr<Device> device, const std::filesystem::path& folder);

}  // namespace halfulp::gpu
