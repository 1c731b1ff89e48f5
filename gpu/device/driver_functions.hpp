#pragma once

#include <cstddef>
#include <cstdint>

namespace halfulp::gpu {

/// The functions of the CUDA driver API that are used here, by cuda.h's names and signatures; each returns 0 on success.
/// What the driver hands out (contexts, modules, functions, events) are pointers that only it reads.
struct DriverFunctions {
    int (*init)(unsigned flags) = nullptr;
    int (*driver_get_version)(int*) = nullptr;
    int (*get_error_name)(int error, const char**) = nullptr;
    int (*get_error_string)(int error, const char**) = nullptr;
    int (*device_get_count)(int*) = nullptr;
    int (*device_get)(int* device, int ordinal) = nullptr;
    int (*device_get_name)(char*, int size, int device) = nullptr;
    int (*device_get_attribute)(int*, int attribute, int device) = nullptr;
    int (*device_total_memory)(std::size_t*, int device) = nullptr;
    int (*primary_context_retain)(void** context, int device) = nullptr;
    int (*primary_context_release)(int device) = nullptr;
    int (*context_set_current)(void* context) = nullptr;
    int (*context_synchronize)() = nullptr;
    int (*module_load_data)(void** module, const void* image) = nullptr;
    int (*module_unload)(void* module) = nullptr;
    int (*module_get_function)(void** function, void* module, const char* name) = nullptr;
    int (*function_set_attribute)(void* function, int attribute, int value) = nullptr;
    int (*memory_allocate)(std::uint64_t* address, std::size_t bytes) = nullptr;
    int (*memory_free)(std::uint64_t address) = nullptr;
    int (*copy_to_device)(std::uint64_t to, const void* from, std::size_t bytes) = nullptr;
    int (*copy_to_host)(void* to, std::uint64_t from, std::size_t bytes) = nullptr;
    int (*launch_kernel)(void* function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                         unsigned block_y, unsigned block_z, unsigned shared_bytes, void* stream, void** parameters,
                         void** extra) = nullptr;
    int (*event_create)(void** event, unsigned flags) = nullptr;
    int (*event_destroy)(void* event) = nullptr;
    int (*event_record)(void* event, void* stream) = nullptr;
    int (*event_synchronize)(void* event) = nullptr;
    int (*event_elapsed_time)(float* milliseconds, void* start, void* end) = nullptr;
};

}  // namespace halfulp::gpu
