#include "observers.hpp"

#include <algorithm>
#include <memory>
#include <string_view>
#include <thread>

#include <halfulp/gpu/device/cuda_device.hpp>
#include <halfulp/gpu/device/ptx_device.hpp>
#include <halfulp/gpu/observe/device_observer.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

namespace {

using namespace halfulp;

std::unique_ptr<Observer> make_ptx_observer(std::string_view architecture) {
    const unsigned threads = std::max(1U, std::thread::hardware_concurrency());
    return gpu::make_device_observer(gpu::open_ptx(architecture, {.threads = threads}));
}

/// Every backend there is, in the order of the report.
Observers all_observers() {
    Observers observers;
    observers.push_back(make_soft_observer());
    observers.push_back(make_cpu_observer());
    for (const Processor& gpu : gpus) observers.push_back(make_unit_observer(gpu.name));
    for (const std::string_view architecture : {"sm_80", "sm_90", "sm_100"})
        observers.push_back(make_ptx_observer(architecture));
    const gpu::GpuList found = gpu::find_gpus();
    for (int i = 0; i < static_cast<int>(found.gpus.size()); ++i)
        observers.push_back(gpu::make_device_observer(gpu::open_gpu(found.api, i)));
    return observers;
}

}  // namespace

halfulp::Observers chosen_observers(const std::vector<std::string>& names) {
    Observers all = all_observers();
    if (names.empty()) return all;
    std::string known;
    for (const auto& observer : all) known += (known.empty() ? "" : ", ") + observer->name();
    Observers chosen;
    constexpr std::string_view ptx = "ptx:";
    for (const std::string& name : names) {
        const bool is_listed = std::any_of(all.begin(), all.end(), [&](auto& o) { return o && o->name() == name; });
        const bool is_again = std::any_of(chosen.begin(), chosen.end(), [&](auto& o) { return o->name() == name; });
        if (name.starts_with(ptx) && !is_listed && !is_again) {
            chosen.push_back(make_ptx_observer(std::string_view(name).substr(ptx.size())));
            continue;
        }
        const auto found = std::find_if(all.begin(), all.end(), [&](auto& o) { return o && o->name() == name; });
        if (found == all.end())
            throw InputError("expected backends of " + known + ", or ptx: and another architecture, each once, found " +
                             shown(name));
        chosen.push_back(std::move(*found));
    }
    return chosen;
}

std::string gpu_line() {
    const gpu::GpuList found = gpu::find_gpus();
    return found.absence.empty() ? "" : "gpu: not run, " + found.absence + "\n";
}
