#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <thread>

#include <halfulp/gpu/device/cubins.hpp>
#include <halfulp/gpu/device/cuda_device.hpp>
#include <halfulp/gpu/device/open.hpp>
#include <halfulp/gpu/observe/record.hpp>
#include <halfulp/gpu/observe/verify.hpp>
#include <halfulp/lib/io/text_file.hpp>

#include "checks.hpp"
#include "command.hpp"
#include "progress.hpp"

namespace {

using namespace halfulp;

struct GpuRequest {
    std::string device, json, folder, cubins;
    gpu::VerifyOptions verify;
    std::uint32_t tiles = 100;
};

/// The device of that name, or the first GPU; nothing, which is said, where there is none.
std::unique_ptr<gpu::Device> device_of(const GpuRequest& options) {
    std::optional<gpu::Cubins> cubins;
    if (!options.cubins.empty()) {
        if (options.device.starts_with("ptx:")) throw InputError("--cubins: expected a GPU, found the interpreter");
        cubins.emplace(options.cubins);
    }
    if (options.device.empty()) {
        const gpu::GpuList found = gpu::find_gpus();
        if (!found.absence.empty()) {
            fmt::print("gpu: not run, {}; --device ptx:sm_90 runs the same on the interpreter\n", found.absence);
            return nullptr;
        }
    }
    auto device = gpu::open_device(options.device.empty() ? "cuda:0" : options.device,
                                   std::max(1U, std::thread::hardware_concurrency()));
    return cubins ? gpu::with_cubins(std::move(device), std::move(*cubins)) : std::move(device);
}

int nothing_for(const gpu::Device& device) {
    fmt::print(stderr, "gpu: nothing was run: every kernel is for targets above sm_{}\n", device.target());
    return exit_status::nothing_run;
}

int run_record(const GpuRequest& options) {
    const auto device = device_of(options);
    if (!device) return exit_status::nothing_run;
    const auto recorded = gpu::record(*device, options.folder, options.tiles, options.verify.seed);
    if (recorded.empty()) return nothing_for(*device);
    for (const gpu::RecordedSet& set : recorded)
        fmt::print("{}->{} {} rows by {}\n", set.input, set.output, set.rows, set.instruction);
    return exit_status::right;
}

int run_verify(const GpuRequest& options) {
    const bool to_file = !options.json.empty() && options.json != "-";
    if (to_file) expect_writable(options.json);
    const auto device = device_of(options);
    if (!device) return exit_status::nothing_run;
    Progress progress("gpu verify", "kernels");
    const gpu::Verification result =
        gpu::verify(*device, options.verify, [&](std::size_t done, std::size_t all) { progress.show(done, all, 0); });
    progress.end();
    if (options.json != "-") std::cout << to_text(result);
    if (options.json == "-") std::cout << to_json(result) << '\n';
    if (to_file) write_text(options.json, to_json(result) + "\n");
    if (result.checks.empty()) return nothing_for(*device);
    return result.is_right() ? exit_status::right : exit_status::mismatch;
}

}  // namespace

void add_gpu(CLI::App& program, int& status) {
    CLI::App* group = program.add_subcommand("gpu", "A GPU, or the interpreter in its place, held against the library");
    group->require_subcommand(1);
    const auto options = std::make_shared<GpuRequest>();
    const auto add = [&](const char* name, const char* text) {
        CLI::App* command = group->add_subcommand(name, text);
        command->add_option("--device", options->device,
                            "cuda:N, or ptx:ARCHITECTURE for the interpreter; the first GPU without it");
        command->add_option(
            "--cubins", options->cubins,
            "A folder of FILE.sm_90.cubin and the like, ptxas's of gpu/kernel/ptx/FILE.ptx: run before PTX");
        command->add_option("--seed", options->verify.seed, "Of the numbers that kernels are given")
            ->transform(whole());
        return command;
    };
    CLI::App* verify =
        add("verify", "Every kernel and the matrix unit behind it, bit for bit; 77 without a GPU or a kernel for it");
    verify
        ->add_option("--json", options->json,
                     "Write the report to this file too; - for standard output instead of the text")
        ->check(file_name());
    verify->add_option("--repeats", options->verify.repeats, "How often each kernel runs on the same numbers")
        ->transform(whole(1, 1000000));
    verify->footer("Example: halfulp gpu verify --device ptx:sm_90");
    verify->callback([options, &status] { status = run_verify(*options); });

    CLI::App* record = add("record", "What the matrix unit computes, in the layout that halfulp replay reads");
    record->add_option("folder", options->folder, "Gets <GPU>/<format>/{a,b,c,d}_*.txt and provenance-<GPU>.json")
        ->required();
    record->add_option("--tiles", options->tiles, "Of each instruction; 128 rows each")->transform(whole(1, 10000));
    record->footer("Example: halfulp gpu record recordings --device ptx:sm_90, then halfulp replay recordings");
    record->callback([options, &status] { status = run_record(*options); });
}
