#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/gpu/device/driver_functions.hpp>
#include <halfulp/gpu/ptx/machine.hpp>

#include "support/fake_clock.hpp"

// What a test puts behind fake_driver/libcuda.cpp: one GPU of compute capability 9.0, which is the interpreter. The test
// defines halfulp_fake_driver().

namespace halfulp::test {

class FakeDriver {
  public:
    static constexpr std::size_t memory = std::size_t{1} << 28;

    static FakeDriver& get() {
        static FakeDriver driver;
        return driver;
    }

    /// As a program begins that finds the driver.
    void reset() { *this = FakeDriver(); }

    int start_error = success;  ///< of cuInit
    int devices = 1;
    bool takes_cubins = false;        ///< else only PTX
    std::vector<std::string> loaded;  ///< "cubin" or "PTX", in the order of the modules
    std::size_t allocations = 0;      ///< not freed yet
    int contexts = 0;                 ///< retained and not released
    FakeClock clock;

    const gpu::DriverFunctions& functions() const { return functions_; }

  private:
    struct Function {
        ptx::Module module;
        std::string name;
    };

    FakeDriver() : machine_(std::make_unique<ptx::Machine>("sm_90")) {
        driver_and_device(functions_);
        modules_and_kernels(functions_);
        memory_and_copies(functions_);
        events_and_time(functions_);
    }

    static void driver_and_device(gpu::DriverFunctions& f) {
        f.init = [](unsigned) { return get().start_error; };
        f.driver_get_version = [](int* version) { return *version = 13000, int{success}; };
        f.get_error_name = [](int error, const char** name) {
            *name = error == out_of_memory     ? "CUDA_ERROR_OUT_OF_MEMORY"
                    : error == illegal_address ? "CUDA_ERROR_ILLEGAL_ADDRESS"
                    : error == not_found       ? "CUDA_ERROR_NOT_FOUND"
                                               : nullptr;
            return int{*name == nullptr ? invalid_value : success};
        };
        f.get_error_string = [](int, const char** text) { return *text = "as the fake driver says", int{success}; };
        f.device_get_count = [](int* count) { return *count = get().devices, int{success}; };
        f.device_get = [](int* device, int ordinal) {
            *device = ordinal;
            return int{ordinal < get().devices ? success : no_device};
        };
        f.device_get_name = [](char* name, int size, int) {
            std::strncpy(name, "Fake", static_cast<std::size_t>(size));
            return int{success};
        };
        f.device_get_attribute = [](int* value, int attribute, int) {
            *value = attribute == 75 ? 9 : attribute == 76 ? 0 : 132;
            return int{success};
        };
        f.device_total_memory = [](std::size_t* bytes, int) { return *bytes = memory, int{success}; };
        f.primary_context_retain = [](void** context, int) {
            ++get().contexts;
            *context = &get();
            return int{success};
        };
        f.primary_context_release = [](int) { return --get().contexts, int{success}; };
        f.context_set_current = [](void* context) { return int{context == &get() ? success : invalid_value}; };
        f.context_synchronize = [] { return get().lost_; };
    }

    static void modules_and_kernels(gpu::DriverFunctions& f) {
        f.module_load_data = [](void** module, const void* image) { return get().load(module, image); };
        f.module_unload = [](void* module) {
            delete static_cast<ptx::Module*>(module);
            return int{success};
        };
        f.module_get_function = [](void** function, void* module, const char* name) {
            auto& loaded_module = *static_cast<ptx::Module*>(module);
            const auto names = loaded_module.kernels();
            if (std::find(names.begin(), names.end(), name) == names.end()) return int{not_found};
            get().functions_of_modules_.push_back(std::make_unique<Function>(Function{loaded_module, name}));
            *function = get().functions_of_modules_.back().get();
            return int{success};
        };
        f.function_set_attribute = [](void*, int, int) { return int{success}; };
        f.launch_kernel = [](void* function, unsigned grid_x, unsigned grid_y, unsigned grid_z, unsigned block_x,
                             unsigned block_y, unsigned block_z, unsigned shared_bytes, void*, void** parameters,
                             void**) {
            return get().launch(*static_cast<Function*>(function),
                                {{grid_x, grid_y, grid_z}, {block_x, block_y, block_z}, shared_bytes}, parameters);
        };
    }

    static void memory_and_copies(gpu::DriverFunctions& f) {
        f.memory_allocate = [](std::uint64_t* address, std::size_t bytes) { return get().allocate(address, bytes); };
        f.memory_free = [](std::uint64_t address) {
            get().machine_->release(address);
            --get().allocations;
            return int{success};
        };
        f.copy_to_device = [](std::uint64_t to, const void* from, std::size_t bytes) {
            return get().guarded([&] { get().machine_->write(to, {static_cast<const std::byte*>(from), bytes}); });
        };
        f.copy_to_host = [](void* to, std::uint64_t from, std::size_t bytes) {
            return get().guarded([&] { get().machine_->read(from, {static_cast<std::byte*>(to), bytes}); });
        };
    }

    static void events_and_time(gpu::DriverFunctions& f) {
        f.event_create = [](void** event, unsigned) { return get().clock.create(event); };
        f.event_destroy = [](void* event) { return get().clock.destroy(event); };
        f.event_record = [](void* event, void*) { return get().clock.record(event); };
        f.event_synchronize = [](void* event) {
            const int error = get().clock.synchronize(event);
            return error != success ? error : get().lost_;
        };
        f.event_elapsed_time = [](float* milliseconds, void* start, void* end) {
            return get().clock.elapsed(milliseconds, start, end);
        };
    }

    int load(void** module, const void* image) {
        const auto* text = static_cast<const char*>(image);
        const bool is_cubin = std::string_view(text, 4) ==
                              "\x7f"
                              "ELF";
        if (is_cubin && !takes_cubins) return invalid_image;
        try {
            // A cubin of these tests is PTX behind the mark of ELF.
            *module = new ptx::Module(ptx::parse(is_cubin ? text + 4 : text, "module"));
        } catch (const ptx::Error&) {
            return invalid_image;
        }
        loaded.emplace_back(is_cubin ? "cubin" : "PTX");
        return success;
    }

    int allocate(std::uint64_t* address, std::size_t bytes) {
        if (bytes > memory) return out_of_memory;
        *address = machine_->allocate(bytes);
        ++allocations;
        return success;
    }

    /// After a kernel's fault a context answers nothing else.
    template <class Call>
    int guarded(const Call& call) {
        if (lost_ != success) return lost_;
        try {
            call();
        } catch (const InputError&) {
            return invalid_value;
        }
        return success;
    }

    /// Faults come to light when one waits for the kernel.
    int launch(const Function& function, const ptx::LaunchShape& shape, void** parameters) {
        if (lost_ != success) return lost_;
        ++clock.launches;
        std::vector<std::vector<std::byte>> arguments;
        for (const ptx::Variable& parameter : function.module.kernel(function.name).parameters) {
            const auto* bytes = static_cast<const std::byte*>(parameters[arguments.size()]);
            arguments.emplace_back(bytes, bytes + parameter.size);
        }
        try {
            machine_->launch(function.module, function.name, shape, arguments);
        } catch (const ptx::Error&) {
            lost_ = illegal_address;
        }
        return success;
    }

    gpu::DriverFunctions functions_;
    std::unique_ptr<ptx::Machine> machine_;
    std::vector<std::unique_ptr<Function>> functions_of_modules_;
    int lost_ = success;
};

}  // namespace halfulp::test
