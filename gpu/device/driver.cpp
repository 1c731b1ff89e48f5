#include <halfulp/gpu/device/driver.hpp>

#include <dlfcn.h>

#include <array>
#include <memory>

namespace halfulp {
namespace {

// Signatures and attribute numbers of the CUDA driver API (cuda.h); every function returns 0 on success.
using Init = int (*)(unsigned);
using DeviceGetCount = int (*)(int*);
using DeviceGet = int (*)(int*, int);
using DeviceGetName = int (*)(char*, int, int);
using DeviceGetAttribute = int (*)(int*, int, int);
constexpr int compute_capability_major = 75, compute_capability_minor = 76;

template <class Function>
Function symbol(void* library, const char* name) {
    return reinterpret_cast<Function>(dlsym(library, name));
}

}  // namespace

CudaDriver find_cuda_driver() {
    const auto close = [](void* library) { dlclose(library); };
    const std::unique_ptr<void, decltype(close)> library(dlopen("libcuda.so.1", RTLD_NOW | RTLD_LOCAL), close);
    if (!library) return {.devices = {}, .absence = "no CUDA driver (libcuda.so.1 is not there)"};

    const auto init = symbol<Init>(library.get(), "cuInit");
    const auto count = symbol<DeviceGetCount>(library.get(), "cuDeviceGetCount");
    const auto get = symbol<DeviceGet>(library.get(), "cuDeviceGet");
    const auto name = symbol<DeviceGetName>(library.get(), "cuDeviceGetName");
    const auto attribute = symbol<DeviceGetAttribute>(library.get(), "cuDeviceGetAttribute");
    if (!init || !count || !get || !name || !attribute)
        return {.devices = {}, .absence = "libcuda.so.1 lacks the device functions of the driver API"};
    if (const int error = init(0); error != 0)
        return {.devices = {},
                .absence = "the CUDA driver does not start (cuInit returned " + std::to_string(error) + ")"};

    CudaDriver driver;
    int devices = 0;
    count(&devices);
    for (int i = 0; i < devices; ++i) {
        int device = 0;
        std::array<char, 256> text{};
        CudaDevice found;
        if (get(&device, i) != 0 || name(text.data(), static_cast<int>(text.size()) - 1, device) != 0 ||
            attribute(&found.compute_major, compute_capability_major, device) != 0 ||
            attribute(&found.compute_minor, compute_capability_minor, device) != 0)
            continue;
        found.name = text.data();
        driver.devices.push_back(found);
    }
    if (driver.devices.empty()) driver.absence = "the CUDA driver knows no device";
    return driver;
}

}  // namespace halfulp
