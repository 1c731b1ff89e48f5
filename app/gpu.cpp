#include <fmt/format.h>

#include <algorithm>
#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include <halfulp/gpu/device/cuda_device.hpp>
#include <halfulp/gpu/device/open.hpp>
#include <halfulp/gpu/observe/verify.hpp>
#include <halfulp/lib/io/text_file.hpp>

#include "command.hpp"
#include "progress.hpp"

namespace {

using namespace halfulp;

struct Options {
    std::string device, json;
    gpu::VerifyOptions verify;
};

int run_verify(const Options& options) {
    std::string name = options.device;
    if (name.empty()) {
        const gpu::GpuList found = gpu::find_gpus();
        if (!found.absence.empty()) {
            fmt::print("gpu: not run, {}; --device ptx:sm_90 runs the same on the interpreter\n", found.absence);
            return exit_status::nothing_run;
        }
        name = "cuda:0";
    }
    const auto device = gpu::open_device(name, std::max(1U, std::thread::hardware_concurrency()));
    Progress progress("gpu verify", "kernels");
    const gpu::Verification result =
        gpu::verify(*device, options.verify, [&](std::size_t done, std::size_t all) { progress.show(done, all, 0); });
    progress.end();
    if (options.json != "-") std::cout << to_text(result);
    if (options.json == "-") std::cout << to_json(result) << '\n';
    if (!options.json.empty() && options.json != "-") write_text(options.json, to_json(result) + "\n");
    return result.is_right() ? exit_status::right : exit_status::mismatch;
}

}  // namespace

void add_gpu(CLI::App& program, int& status) {
    CLI::App* group = program.add_subcommand("gpu", "A GPU, or the interpreter in its place, held against the library");
    group->require_subcommand(1);
    CLI::App* command =
        group->add_subcommand("verify", "Every kernel and the matrix unit behind it, bit for bit; 77 without a GPU");
    const auto options = std::make_shared<Options>();
    command->add_option("--device", options->device,
                        "cuda:N, or ptx:ARCHITECTURE for the interpreter; the first GPU without it");
    command->add_option("--json", options->json,
                        "Write the report to this file too; - for standard output instead of the text");
    command->add_option("--seed", options->verify.seed, "Of the numbers that kernels are given");
    command->add_option("--repeats", options->verify.repeats, "How often each kernel runs on the same numbers")
        ->check(CLI::Range(1, 1000000));
    command->footer("Example: halfulp gpu verify --device ptx:sm_90");
    command->callback([options, &status] { status = run_verify(*options); });
}
