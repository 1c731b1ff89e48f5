#include <halfulp/gpu/device/cuda_device.hpp>

#include <array>
#include <map>

#include <fmt/format.h>

#include <halfulp/gpu/device/clock.h>

namespace halfulp::gpu {
namespace {

// CUdevice_attribute and CUfunction_attribute, cuda.h.
constexpr int multiprocessors = 16, compute_major = 75, compute_minor = 76, dynamic_shared_bytes = 8;
/// CUresult: machine code that is none, or not for this GPU.
constexpr int invalid_image = 200, no_binary_for_gpu = 209;
/// Dynamic shared memory that a kernel may have without asking.
constexpr std::size_t shared_without_asking = std::size_t{48} << 10;

class CudaDevice final : public Device {
  public:
    CudaDevice(std::shared_ptr<const DriverApi> api, int ordinal)
        : api_(std::move(api)), facts_(facts_of(*api_, ordinal)) {
        call("cuDeviceGet", (*api_)->device_get(&device_, ordinal));
        call("cuDevicePrimaryCtxRetain", (*api_)->primary_context_retain(&context_, device_));
        const int error = (*api_)->context_set_current(context_);
        if (error != 0) (*api_)->primary_context_release(device_);
        call("cuCtxSetCurrent", error);
    }
    CudaDevice(const CudaDevice&) = delete;
    CudaDevice& operator=(const CudaDevice&) = delete;
    ~CudaDevice() override {
        for (const auto& [name, module] : modules_) (*api_)->module_unload(module.handle);
        (*api_)->primary_context_release(device_);
    }

    std::string name() const override { return "gpu:" + facts_.name; }
    int target() const override { return 10 * facts_.compute_major + facts_.compute_minor; }
    std::vector<std::pair<std::string, std::string>> facts() const override {
        return {{"compute capability", fmt::format("{}.{}", facts_.compute_major, facts_.compute_minor)},
                {"multiprocessors", std::to_string(facts_.multiprocessors)},
                {"memory", fmt::format("{} MiB", facts_.memory_bytes >> 20)},
                {"CUDA driver", fmt::format("{}.{}", facts_.driver_version / 1000, facts_.driver_version % 1000 / 10)}};
    }

    Address allocate(std::size_t bytes) override {
        Address address = 0;
        call(fmt::format("cuMemAlloc of {} bytes", bytes), (*api_)->memory_allocate(&address, bytes));
        return address;
    }
    /// A lost device frees nothing, and says so to whoever calls it next.
    void release(Address address) noexcept override { (*api_)->memory_free(address); }

    void write(Address to, std::span<const std::byte> from) override {
        if (from.empty()) return;
        call(fmt::format("cuMemcpyHtoD of {} bytes", from.size()),
             (*api_)->copy_to_device(to, from.data(), from.size()));
    }
    void read(Address from, std::span<std::byte> to) const override {
        if (to.empty()) return;
        call(fmt::format("cuMemcpyDtoH of {} bytes", to.size()), (*api_)->copy_to_host(to.data(), from, to.size()));
    }

    void launch(const DeviceCode& code, const std::string& kernel, const ptx::LaunchShape& shape,
                const Arguments& arguments) override {
        const std::string what = name_of(code, kernel);
        start(what, function_of(code, kernel, shape), shape, arguments);
        call("cuCtxSynchronize after " + what, (*api_)->context_synchronize());
    }
    std::optional<double> seconds(const DeviceCode& code, const std::string& kernel, const ptx::LaunchShape& shape,
                                  const Arguments& arguments, unsigned times) override {
        launch(code, kernel, shape, arguments);
        const std::string what = name_of(code, kernel);
        void* function = function_of(code, kernel, shape);
        return seconds_of(*api_, name(), what, [&] {
            for (unsigned i = 0; i < times; ++i) start(what, function, shape, arguments);
        });
    }

    std::string loaded_as(const DeviceCode& code) const override {
        const auto found = modules_.find(code.name);
        return found == modules_.end() ? "" : found->second.kind;
    }

  private:
    struct Loaded {
        void* handle;
        std::string kind;
    };

    void call(const std::string& what, int error) const { api_->check(error, name() + ": " + what); }

    static std::string name_of(const DeviceCode& code, const std::string& kernel) {
        return std::string(code.name) + ", " + kernel;
    }

    /// The kernel, ready for a launch of that shape.
    void* function_of(const DeviceCode& code, const std::string& kernel, const ptx::LaunchShape& shape) {
        const std::string what = name_of(code, kernel);
        void* function = nullptr;
        call("cuModuleGetFunction of " + what,
             (*api_)->module_get_function(&function, load(code).handle, kernel.c_str()));
        if (shape.dynamic_shared > shared_without_asking)
            call("cuFuncSetAttribute of " + what,
                 (*api_)->function_set_attribute(function, dynamic_shared_bytes,
                                                 static_cast<int>(shape.dynamic_shared)));
        return function;
    }

    /// Does not wait for it.
    void start(const std::string& what, void* function, const ptx::LaunchShape& shape,
               const Arguments& arguments) const {
        std::vector<void*> parameters;
        for (const auto& bytes : arguments)  // the driver only reads them
            parameters.push_back(const_cast<std::byte*>(bytes.data()));
        const ptx::Dim3 &grid = shape.grid, &block = shape.block;
        call("cuLaunchKernel of " + what,
             (*api_)->launch_kernel(function, grid.x, grid.y, grid.z, block.x, block.y, block.z,
                                    static_cast<unsigned>(shape.dynamic_shared), nullptr, parameters.data(), nullptr));
    }

    /// Machine code for this device if there is some, so that the driver translates nothing; else PTX.
    const Loaded& load(const DeviceCode& code) {
        if (const auto found = modules_.find(code.name); found != modules_.end()) return found->second;
        void* module = nullptr;
        for (const DeviceCode::Cubin& cubin : code.cubins) {
            if (cubin.target / 10 != target() / 10 || cubin.target > target()) continue;
            const std::string kind = fmt::format("cubin of sm_{}", cubin.target);
            const int error = (*api_)->module_load_data(&module, cubin.bytes.data());
            if (error == 0) return keep(code, {module, kind});
            if (error != invalid_image && error != no_binary_for_gpu)
                call(fmt::format("cuModuleLoadData of {}, {}", code.name, kind), error);
        }
        const std::string text(code.ptx);  // with a zero at its end, as the driver wants it
        call("cuModuleLoadData of " + std::string(code.name), (*api_)->module_load_data(&module, text.c_str()));
        return keep(code, {module, "PTX, translated by the driver"});
    }
    const Loaded& keep(const DeviceCode& code, const Loaded& loaded) {
        return modules_.emplace(std::string(code.name), loaded).first->second;
    }

    std::shared_ptr<const DriverApi> api_;
    GpuFacts facts_;
    int device_ = 0;
    void* context_ = nullptr;
    std::map<std::string, Loaded, std::less<>> modules_;
};

}  // namespace

GpuFacts facts_of(const DriverApi& api, int ordinal) {
    const auto call = [&](const char* what, int error) { api.check(error, fmt::format("GPU {}: {}", ordinal, what)); };
    GpuFacts facts;
    int device = 0;
    call("cuDeviceGet", api->device_get(&device, ordinal));
    std::array<char, 256> text{};
    call("cuDeviceGetName", api->device_get_name(text.data(), static_cast<int>(text.size()) - 1, device));
    facts.name = text.data();
    const auto attribute = [&](int number) {
        int value = 0;
        call("cuDeviceGetAttribute", api->device_get_attribute(&value, number, device));
        return value;
    };
    facts.compute_major = attribute(compute_major);
    facts.compute_minor = attribute(compute_minor);
    facts.multiprocessors = attribute(multiprocessors);
    call("cuDeviceTotalMem", api->device_total_memory(&facts.memory_bytes, device));
    call("cuDriverGetVersion", api->driver_get_version(&facts.driver_version));
    return facts;
}

GpuList find_gpus() {
    GpuList list;
    list.api = DriverApi::load(list.absence);
    if (!list.api) return list;
    int count = 0;
    list.api->check((*list.api)->device_get_count(&count), "cuDeviceGetCount");
    for (int i = 0; i < count; ++i) list.gpus.push_back(facts_of(*list.api, i));
    if (list.gpus.empty()) list.absence = "the CUDA driver knows no device";
    return list;
}

std::unique_ptr<Device> open_gpu(std::shared_ptr<const DriverApi> api, int ordinal) {
    return std::make_unique<CudaDevice>(std::move(api), ordinal);
}

}  // namespace halfulp::gpu
