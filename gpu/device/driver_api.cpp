#include <halfulp/gpu/device/driver_api.hpp>

#include <algorithm>
#include <array>

#include <halfulp/gpu/device/device.hpp>
#include <halfulp/lib/io/shared_library.hpp>

namespace halfulp::gpu {
namespace {

/// Names as the library exports them: cuda.h makes cuMemAlloc mean cuMemAlloc_v2.
template <class Visit>
void for_each_function(DriverFunctions& f, Visit visit) {
    visit("cuInit", f.init);
    visit("cuDriverGetVersion", f.driver_get_version);
    visit("cuGetErrorName", f.get_error_name);
    visit("cuGetErrorString", f.get_error_string);
    visit("cuDeviceGetCount", f.device_get_count);
    visit("cuDeviceGet", f.device_get);
    visit("cuDeviceGetName", f.device_get_name);
    visit("cuDeviceGetAttribute", f.device_get_attribute);
    visit("cuDeviceTotalMem_v2", f.device_total_memory);
    visit("cuDevicePrimaryCtxRetain", f.primary_context_retain);
    visit("cuDevicePrimaryCtxRelease_v2", f.primary_context_release);
    visit("cuCtxSetCurrent", f.context_set_current);
    visit("cuCtxSynchronize", f.context_synchronize);
    visit("cuModuleLoadData", f.module_load_data);
    visit("cuModuleUnload", f.module_unload);
    visit("cuModuleGetFunction", f.module_get_function);
    visit("cuFuncSetAttribute", f.function_set_attribute);
    visit("cuMemAlloc_v2", f.memory_allocate);
    visit("cuMemFree_v2", f.memory_free);
    visit("cuMemcpyHtoD_v2", f.copy_to_device);
    visit("cuMemcpyDtoH_v2", f.copy_to_host);
    visit("cuLaunchKernel", f.launch_kernel);
    visit("cuEventCreate", f.event_create);
    visit("cuEventDestroy_v2", f.event_destroy);
    visit("cuEventRecord", f.event_record);
    visit("cuEventSynchronize", f.event_synchronize);
    visit("cuEventElapsedTime", f.event_elapsed_time);
}

// CUresult, cuda.h. After those of the second list a context answers every call with the same error.
constexpr int out_of_memory = 2;
constexpr std::array lost = {
    214,  // ECC_UNCORRECTABLE
    700,  // ILLEGAL_ADDRESS
    702,  // LAUNCH_TIMEOUT
    710,  // ASSERT
    714,  // HARDWARE_STACK_ERROR
    715,  // ILLEGAL_INSTRUCTION
    716,  // MISALIGNED_ADDRESS
    717,  // INVALID_ADDRESS_SPACE
    718,  // INVALID_PC
    719,  // LAUNCH_FAILED
    999,  // UNKNOWN
};

DeviceError::Kind kind_of(int code) {
    if (code == out_of_memory) return DeviceError::Kind::OutOfMemory;
    return std::find(lost.begin(), lost.end(), code) != lost.end() ? DeviceError::Kind::Lost
                                                                   : DeviceError::Kind::Refused;
}

}  // namespace

std::shared_ptr<const DriverApi> DriverApi::load(std::string& absence) {
    auto api = std::make_shared<DriverApi>();
    api->library_ = open_library({"libcuda.so.1"});
    absence = "no CUDA driver (libcuda.so.1 is not there)";
    if (!api->library_) return nullptr;
    const std::string lacking =
        find_functions(api->library_, [&](const auto& visit) { for_each_function(api->functions_, visit); });
    absence = lacking.empty() ? "" : "libcuda.so.1 lacks " + lacking;
    if (!lacking.empty()) return nullptr;
    if (const int error = api->functions_.init(0); error != 0) {
        absence = "the CUDA driver does not start (cuInit returned " + std::to_string(error) + ")";
        return nullptr;
    }
    return api;
}

void DriverApi::check(int code, const std::string& call) const {
    if (code == 0) return;
    const char *name = nullptr, *meaning = nullptr;
    if (functions_.get_error_name(code, &name) != 0 || name == nullptr) name = "an error without a name";
    if (functions_.get_error_string(code, &meaning) != 0 || meaning == nullptr) meaning = "no description";
    const DeviceError::Kind kind = kind_of(code);
    std::string message = call + ": " + name + " (" + std::to_string(code) + "), " + meaning;
    if (kind == DeviceError::Kind::Lost) message += "; the device answers nothing more to this process";
    throw DeviceError(kind, message);
}

}  // namespace halfulp::gpu
