// The kernels on a GPU, by its own clock: of each first whether it leaves the bits of its row, on small sizes, and then how
// far it is from what this device was measured to do at most. That is what the kernels of gpu/kernel/ceiling_*.cu reach: bytes
// of global memory, and operations of each matrix instruction and of fma in registers. Beside gemm_f16_f32, cublasLt where it
// is. Times are the best of what was measured.
//
// gpu_bench [--small] [Google Benchmark's options]      --small: sizes of a trial, whose times say nothing
// It takes cuda:0 (CUDA_VISIBLE_DEVICES says which that is), and without a driver says so and ends with 77.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <cstring>
#include <map>

#include <halfulp/gpu/device/cublas_lt.hpp>
#include <halfulp/gpu/device/cuda_device.hpp>
#include <halfulp/gpu/observe/make_call.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>

#include "gpu_load.hpp"

namespace {

using namespace halfulp;
using namespace halfulp::gpu;
using bench::Amount, bench::GpuLoad;

constexpr int skipped = 77;
constexpr double giga = 1e9;

/// Of one measurement.
unsigned launches_of(bool small) { return small ? 2 : 10; }

/// What the device does at most in a second.
struct Ceilings {
    double bytes = 0;
    std::map<std::string_view, double> operations;  ///< by instruction
};

bool is_ceiling(const Kernel& kernel) { return kernel.file.starts_with("ceiling_"); }

/// The best of some measurements.
Ceilings measured_ceilings(Device& device, bool small) {
    const int turns = small ? 1 : 5;
    Ceilings ceilings;
    for (const Kernel& kernel : kernels()) {
        if (!is_ceiling(kernel) || kernel.target > device.target()) continue;
        GpuLoad load(device, kernel, small);
        const std::string_view* instruction = bench::instruction_of(kernel);
        double& most = instruction == nullptr ? ceilings.bytes : ceilings.operations[*instruction];
        const double amount = instruction == nullptr ? load.amount().bytes : load.amount().operations;
        for (int turn = 0; turn < turns; ++turn) most = std::max(most, amount / load.seconds(launches_of(small)));
    }
    return ceilings;
}

struct Gpu {
    std::shared_ptr<const DriverApi> api;
    std::unique_ptr<Device> device;
    Ceilings ceilings;
    bool small;

    std::string architecture() const { return "sm_" + std::to_string(device->target()); }
};

/// Runs until Google Benchmark has enough, and says how near to the ceiling the shortest run was.
template <class Seconds>
void measure(benchmark::State& state, const Gpu& gpu, const Kernel& kernel, const Amount& amount, Seconds seconds) {
    double best = 1e9;
    for (auto _ : state) {
        const double taken = seconds();
        best = std::min(best, taken);
        state.SetIterationTime(taken);
    }
    const std::string_view* instruction = bench::instruction_of(kernel);
    const double ceiling = instruction == nullptr ? gpu.ceilings.bytes : gpu.ceilings.operations.at(*instruction);
    const double rate = (instruction == nullptr ? amount.bytes : amount.operations) / best;
    state.counters[instruction == nullptr ? "GB/s" : "Gop/s"] = rate / giga;
    state.counters["of_ceiling"] = rate / ceiling;
}

/// Empty where the kernel leaves the bits of its row.
std::string wrong(const Gpu& gpu, const Kernel& kernel) {
    for (const InputClass numbers : input_classes) {
        const Call call = make_call(kernel, ragged_sizes(kernel, numbers), numbers, 1);
        if (run_kernel(*gpu.device, kernel, call) != expected(kernel, call, gpu.architecture()))
            return fmt::format("other bits than expected, {} class", name_of(numbers));
    }
    return {};
}

/// An error is the end of this benchmark alone.
template <class Run>
void guarded(benchmark::State& state, Run run) {
    try {
        const std::string problem = run();
        if (!problem.empty()) state.SkipWithError(problem.c_str());
    } catch (const std::exception& error) {
        state.SkipWithError(error.what());
    }
}

void run_kernel_bench(benchmark::State& state, const Gpu& gpu, const Kernel& kernel) {
    guarded(state, [&] {
        std::string problem = wrong(gpu, kernel);
        if (!problem.empty()) return problem;
        GpuLoad load(*gpu.device, kernel, gpu.small);
        measure(state, gpu, kernel, load.amount(), [&] { return load.seconds(launches_of(gpu.small)); });
        return problem;
    });
}

HalfProduct half_product(const Sizes& sizes, Address a, Address b, Address d) {
    return {a, b, d, sizes.m, sizes.n, sizes.k, padded(sizes.k), padded(sizes.k)};
}

/// Whether it is the same product, on numbers of which any order of additions makes the same.
bool multiplies(const Gpu& gpu, const CublasLt& peer, const Kernel& kernel) {
    const Call call = make_call(kernel, {.m = 72, .n = 88, .k = 80}, InputClass::Exact, 1);
    const auto halves = [&](const char* name) {
        const auto& codes = call.arrays.find(name)->second;
        return std::vector<std::uint16_t>(codes.begin(), codes.end());
    };
    const DeviceArray<std::uint16_t> a(*gpu.device, halves("a")), b(*gpu.device, halves("b"));
    const DeviceArray<std::uint32_t> d(*gpu.device, std::size_t{call.sizes.m} * call.sizes.n);
    peer.seconds(*gpu.api, *gpu.device, half_product(call.sizes, a.address(), b.address(), d.address()), 1);
    const auto left = d.read();
    return std::equal(left.begin(), left.end(), expected(kernel, call, gpu.architecture()).at("d").begin());
}

void run_cublas_lt(benchmark::State& state, const Gpu& gpu, const CublasLt& peer) {
    guarded(state, [&]() -> std::string {
        const Kernel& kernel = *find_kernel("gemm_f16_f32");
        if (!multiplies(gpu, peer, kernel)) return "another product than expected";
        GpuLoad load(*gpu.device, kernel, gpu.small);
        const HalfProduct product =
            half_product(load.sizes(), load.address_of("a"), load.address_of("b"), load.address_of("d"));
        measure(state, gpu, kernel, load.amount(), [&] {
            return peer.seconds(*gpu.api, *gpu.device, product, launches_of(gpu.small)) / launches_of(gpu.small);
        });
        return {};
    });
}

void register_all(const Gpu& gpu, const CublasLt* peer) {
    for (const Kernel& kernel : kernels())
        if (kernel.target <= gpu.device->target())
            benchmark::RegisterBenchmark(std::string(kernel.name).c_str(),
                                         [&](benchmark::State& state) { run_kernel_bench(state, gpu, kernel); })
                ->UseManualTime()
                ->Unit(benchmark::kMicrosecond);
    if (peer != nullptr && gpu.device->target() >= find_kernel("gemm_f16_f32")->target)
        benchmark::RegisterBenchmark("cublasLt f16 f32",
                                     [&gpu, peer](benchmark::State& state) { run_cublas_lt(state, gpu, *peer); })
            ->UseManualTime()
            ->Unit(benchmark::kMicrosecond);
}

/// Takes the option out of the arguments.
bool has_small(int& count, char** arguments) {
    char** end = arguments + count;
    char** kept = std::remove_if(arguments, end, [](const char* a) { return std::strcmp(a, "--small") == 0; });
    count = static_cast<int>(kept - arguments);
    return kept != end;
}

int run(int count, char** arguments) {
    const bool small = has_small(count, arguments);
    benchmark::Initialize(&count, arguments, [] {
        fmt::print("gpu_bench [--small]  sizes of a trial, whose times say nothing\nand Google Benchmark's options:\n");
        benchmark::PrintDefaultHelp();
    });
    if (benchmark::ReportUnrecognizedArguments(count, arguments)) return 2;
    const GpuList found = find_gpus();
    if (!found.absence.empty()) {
        fmt::print("skipped: {}\n", found.absence);
        return skipped;
    }
    Gpu gpu{found.api, open_gpu(found.api, 0), {}, small};
    gpu.ceilings = measured_ceilings(*gpu.device, small);
    std::string no_peer;
    const auto peer = CublasLt::load(no_peer);
    benchmark::AddCustomContext("device", gpu.device->name());
    for (const auto& [name, value] : gpu.device->facts()) benchmark::AddCustomContext(name, value);
    benchmark::AddCustomContext("cublasLt", peer ? peer->version() : no_peer);
    register_all(gpu, peer.get());
    benchmark::RunSpecifiedBenchmarks();
    benchmark::Shutdown();
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return run(count, arguments);
    } catch (const std::exception& error) {
        fmt::print(stderr, "gpu_bench: {}\n", error.what());
        return 1;
    }
}
