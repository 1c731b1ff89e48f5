// A libcuda.so.1 for tests: each function of the driver API calls what the program that loads the library puts in its place.
#include <halfulp/gpu/device/driver_functions.hpp>

extern "C" {

/// Defined by the program.
const halfulp::gpu::DriverFunctions* halfulp_fake_driver();

int cuInit(unsigned flags) { return halfulp_fake_driver()->init(flags); }
int cuDriverGetVersion(int* version) { return halfulp_fake_driver()->driver_get_version(version); }
int cuGetErrorName(int error, const char** name) { return halfulp_fake_driver()->get_error_name(error, name); }
int cuGetErrorString(int error, const char** text) { return halfulp_fake_driver()->get_error_string(error, text); }
int cuDeviceGetCount(int* count) { return halfulp_fake_driver()->device_get_count(count); }
int cuDeviceGet(int* device, int ordinal) { return halfulp_fake_driver()->device_get(device, ordinal); }
int cuDeviceGetName(char* name, int size, int device) {
    return halfulp_fake_driver()->device_get_name(name, size, device);
}
int cuDeviceGetAttribute(int* value, int attribute, int device) {
    return halfulp_fake_driver()->device_get_attribute(value, attribute, device);
}
int cuDeviceTotalMem_v2(std::size_t* bytes, int device) {
    return halfulp_fake_driver()->device_total_memory(bytes, device);
}
int cuDevicePrimaryCtxRetain(void** context, int device) {
    return halfulp_fake_driver()->primary_context_retain(context, device);
}
int cuDevicePrimaryCtxRelease_v2(int device) { return halfulp_fake_driver()->primary_context_release(device); }
int cuCtxSetCurrent(void* context) { return halfulp_fake_driver()->context_set_current(context); }
int cuCtxSynchronize() { return halfulp_fake_driver()->context_synchronize(); }
int cuModuleLoadData(void** module, const void* image) {
    return halfulp_fake_driver()->module_load_data(module, image);
}
int cuModuleUnload(void* module) { return halfulp_fake_driver()->module_unload(module); }
int cuModuleGetFunction(void** function, void* module, const char* name) {
    return halfulp_fake_driver()->module_get_function(function, module, name);
}
int cuFuncSetAttribute(void* function, int attribute, int value) {
    return halfulp_fake_driver()->function_set_attribute(function, attribute, value);
}
int cuMemAlloc_v2(std::uint64_t* address, std::size_t bytes) {
    return halfulp_fake_driver()->memory_allocate(address, bytes);
}
int cuMemFree_v2(std::uint64_t address) { return halfulp_fake_driver()->memory_free(address); }
int cuMemcpyHtoD_v2(std::uint64_t to, const void* from, std::size_t bytes) {
    return halfulp_fake_driver()->copy_to_device(to, from, bytes);
}
int cuMemcpyDtoH_v2(void* to, std::uint64_t from, std::size_t bytes) {
    return halfulp_fake_driver()->copy_to_host(to, from, bytes);
}
int cuLaunchKernel(void* function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                   unsigned block_y, unsigned block_z, unsigned shared_bytes, void* stream, void** parameters,
                   void** extra) {
    return halfulp_fake_driver()->launch_kernel(function, grid_x, grid_y, grid_z, block_x, block_y, block_z,
                                                shared_bytes, stream, parameters, extra);
}
int cuEventCreate(void** event, unsigned flags) { return halfulp_fake_driver()->event_create(event, flags); }
int cuEventDestroy_v2(void* event) { return halfulp_fake_driver()->event_destroy(event); }
int cuEventRecord(void* event, void* stream) { return halfulp_fake_driver()->event_record(event, stream); }
int cuEventSynchronize(void* event) { return halfulp_fake_driver()->event_synchronize(event); }
int cuEventElapsedTime(float* milliseconds, void* start, void* end) {
    return halfulp_fake_driver()->event_elapsed_time(milliseconds, start, end);
}
}
