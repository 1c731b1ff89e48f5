#include <halfulp/gpu/observe/loaded_files.hpp>

#include <halfulp/gpu/kernel/ptx_text.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>

namespace halfulp::gpu {

std::vector<LoadedFile> loaded_files(const Device& device) {
    std::vector<LoadedFile> files;
    for (const PtxText& text : ptx_texts())
        if (std::string kind = device.loaded_as(device_code(text.file)); !kind.empty())
            files.push_back({text.file, kind.starts_with("PTX") ? text.sha256 : "", kind});
    return files;
}

}  // namespace halfulp::gpu
