#include <halfulp/gpu/device/open.hpp>

#include <charconv>

#include <fmt/format.h>

#include <halfulp/gpu/device/cuda_device.hpp>
#include <halfulp/gpu/device/ptx_device.hpp>

namespace halfulp::gpu {
namespace {

std::unique_ptr<Device> open_cuda(std::string_view name, std::string_view number) {
    std::size_t ordinal = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), ordinal);
    const GpuList found = find_gpus();
    if (!found.absence.empty()) throw InputError(fmt::format("device {}: {}", name, found.absence));
    if (error != std::errc() || end != number.data() + number.size() || ordinal >= found.gpus.size())
        throw InputError(fmt::format("device {}: expected cuda:0 to cuda:{}", shown(name), found.gpus.size() - 1));
    return open_gpu(found.api, static_cast<int>(ordinal));
}

}  // namespace

std::unique_ptr<Device> open_device(std::string_view name, unsigned threads) {
    constexpr std::string_view ptx = "ptx:", cuda = "cuda:";
    if (name.starts_with(ptx)) return open_ptx(name.substr(ptx.size()), {.seed = 1, .threads = threads});
    if (name.starts_with(cuda)) return open_cuda(name, name.substr(cuda.size()));
    throw InputError(
        fmt::format("device {}: expected cuda: and a number, or ptx: and an architecture such as sm_80", shown(name)));
}

}  // namespace halfulp::gpu
