#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>
#include <vector>

#include <halfulp/gpu/ptx/check.hpp>
#include <halfulp/gpu/ptx/machine.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

#include "checks.hpp"
#include "command.hpp"
#include "names.hpp"
#include "ptx_argument.hpp"

namespace {

using namespace halfulp;
using Json = nlohmann::ordered_json;

struct PtxRequest {
    std::string file, kernel, grid = "1", block = "32", architecture, unsuffixed = "refuse", races = "refuse";
    std::vector<std::string> arguments;
    std::size_t shared = 0;
    ptx::MachineOptions machine{.threads = std::max(1U, std::thread::hardware_concurrency())};
    bool json = false;
};

ptx::Module read_module(const std::string& path) {
    const TextFile file(path);
    std::string text;
    for (const std::string& line : file.lines()) text += line + "\n";
    return ptx::parse(text, path);
}

constexpr std::size_t most_remarks = 100;  // printed; JSON has them all

constexpr const char* sizes_form = "X or X,Y or X,Y,Z";

/// "64,2,1", from one to three numbers.
ptx::Dim3 sizes_of(const std::string& name, const std::string& text) {
    constexpr std::uint64_t most = 0x7FFFFFFF;
    ptx::Dim3 sizes;
    std::uint32_t* const places[] = {&sizes.x, &sizes.y, &sizes.z};
    std::string rest = text + ",";
    std::size_t count = 0;
    for (std::size_t comma = rest.find(','); comma != std::string::npos; comma = rest.find(',')) {
        const std::string digits = rest.substr(0, comma);
        if (digits.empty() || digits.find_first_not_of("0123456789") != std::string::npos || count == 3)
            throw InputError(fmt::format("--{}: expected {}, found {}", name, sizes_form, shown(text)));
        const auto size = whole_number(digits);
        if (!size || *size > most)
            throw InputError(fmt::format("--{}: expected sizes of at most {}, found {}", name, most, digits));
        *places[count++] = static_cast<std::uint32_t>(*size);
        rest.erase(0, comma + 1);
    }
    return sizes;
}

std::string remark_line(const std::string& file, const ptx::Remark& remark) {
    return fmt::format("{}:{}: function {}: {}{}{}", file, remark.line, remark.function, remark.instruction,
                       remark.instruction.empty() ? "" : ": ", remark.reason);
}

Json json_of(const ptx::Statistics& statistics) {
    return {{"instructions", statistics.instructions},
            {"lane_instructions", statistics.lane_instructions},
            {"mma", statistics.mma},
            {"by_opcode", statistics.by_opcode}};
}

Json json_of(const std::vector<ptx::Race>& races) {
    Json list = Json::array();
    for (const ptx::Race& race : races)
        list.push_back({{"line", race.line}, {"first", race.first}, {"count", race.count}});
    return list;
}

/// What was taken for .rn, in the kernel's file.
std::vector<std::string> assumptions(const ptx::Module& module, const PtxRequest& options) {
    std::vector<std::string> lines;
    if (options.machine.unsuffixed == ptx::Unsuffixed::Refuse) return lines;
    for (const ptx::Remark& remark : ptx::remarks(module))
        if (remark.reason == ptx::unsuffixed_reason)
            lines.push_back(remark_line(options.file, remark) + "; taken for .rn");
    return lines;
}

/// Throws Error for an argument of another type than its parameter. How many there must be is known at the launch.
void check_types(const ptx::Module& module, const ptx::Function& kernel, const std::vector<KernelArgument>& arguments,
                 const std::vector<std::string>& texts) {
    for (std::size_t i = 0; i < std::min(arguments.size(), kernel.parameters.size()); ++i) {
        const ptx::Variable& parameter = kernel.parameters[i];
        if (arguments[i].fits(parameter)) continue;
        const std::string count =
            parameter.is_array ? fmt::format("[{}]", parameter.size / parameter.type.bytes()) : "";
        throw ptx::Error({.file = module.code().file, .line = kernel.line, .kernel = kernel.name},
                         fmt::format("argument {}, {}, is .{}{}: expected {}, found {}", i, parameter.name,
                                     parameter.type.name, count, fitting(parameter), texts[i]));
    }
}

int run(PtxRequest options) {
    options.machine.unsuffixed = options.unsuffixed == "rn" ? ptx::Unsuffixed::Nearest : ptx::Unsuffixed::Refuse;
    options.machine.races = options.races == "report" ? ptx::Races::Report : ptx::Races::Refuse;
    const ptx::Module module = read_module(options.file);
    ptx::Machine machine(options.architecture, options.machine);
    std::vector<KernelArgument> arguments;
    for (const std::string& text : options.arguments) arguments.emplace_back(text);
    std::vector<std::vector<std::byte>> bytes;
    bytes.reserve(arguments.size());
    for (KernelArgument& argument : arguments) bytes.push_back(argument.place(machine));
    check_types(module, module.kernel(options.kernel), arguments, options.arguments);
    const ptx::LaunchShape shape{sizes_of("grid", options.grid), sizes_of("block", options.block), options.shared};
    const ptx::Statistics statistics = machine.launch(module, options.kernel, shape, bytes);
    std::vector<std::string> written;
    for (std::size_t i = 0; i < arguments.size(); ++i)
        arguments[i].finish(machine, fmt::format("argument {}, {}", i, options.arguments[i]), written);
    const std::vector<std::string> assumed = assumptions(module, options);
    const int status = statistics.races.empty() ? exit_status::right : exit_status::mismatch;
    if (options.json) {
        fmt::print("{}\n", Json{{"kernel", options.kernel},
                                {"architecture", options.architecture},
                                {"statistics", json_of(statistics)},
                                {"assumptions", assumed},
                                {"races", json_of(statistics.races)},
                                {"written", written}}
                               .dump(2));
        return status;
    }
    fmt::print("{} as {}: {} CTAs of {} threads, {} instructions of warps, {} of threads, {} mma\n", options.kernel,
               options.architecture, shape.grid.count(), shape.block.count(), statistics.instructions,
               statistics.lane_instructions, statistics.mma);
    for (const std::string& line : assumed) fmt::print("assumed: {}\n", line);
    for (const ptx::Race& race : statistics.races)
        fmt::print("{}{}\n", race.first,
                   race.count == 1 ? "" : fmt::format("; {} races at this instruction", race.count));
    for (const std::string& path : written) fmt::print("written: {}\n", path);
    return status;
}

/// Whose matrix unit a check asks for: the one that is named, or that of the PTX's target, if the table has it.
std::string checked_architecture(const ptx::Module& module, const std::string& named) {
    const int target = module.code().target;
    const std::string own = fmt::format("sm_{}", target);
    if (named.empty()) return find_processor(own) ? own : "";
    if (ptx::Machine(named).target() < target)
        throw InputError(fmt::format("--arch {}: expected {} or later, for which the PTX is", named, own));
    return named;
}

int check(const PtxRequest& options) {
    const ptx::Module module = read_module(options.file);
    const std::vector<ptx::Remark> remarks = ptx::remarks(module, checked_architecture(module, options.architecture));
    if (options.json) {
        Json list = Json::array();
        for (const ptx::Remark& x : remarks)
            list.push_back(
                {{"line", x.line}, {"function", x.function}, {"instruction", x.instruction}, {"reason", x.reason}});
        fmt::print("{}\n", Json{{"file", options.file}, {"kernels", module.kernels()}, {"remarks", list}}.dump(2));
    } else {
        const std::size_t printed = std::min(remarks.size(), most_remarks);
        for (std::size_t i = 0; i < printed; ++i) fmt::print("{}\n", remark_line(options.file, remarks[i]));
        if (printed < remarks.size()) fmt::print("and {} more\n", remarks.size() - printed);
        fmt::print("{}: sm_{}, kernels {}: {} remarks\n", options.file, module.code().target,
                   fmt::join(module.kernels(), ", "), remarks.size());
    }
    return remarks.empty() ? exit_status::right : exit_status::mismatch;
}

/// `options` lives as long as the command.
void add_numbers(CLI::App& command, PtxRequest& options) {
    command.add_option("--shared", options.shared, "Bytes of dynamic shared memory")
        ->transform(whole())
        ->capture_default_str();
    command.add_option("--seed", options.machine.seed, "Of the order of CTAs, warps and lanes")
        ->transform(whole())
        ->capture_default_str();
    command.add_option("--step-limit", options.machine.step_limit, "Instructions of a CTA's warps")
        ->transform(whole(1))
        ->capture_default_str();
    command.add_option("--threads", options.machine.threads, "How many")
        ->capture_default_str()
        ->transform(whole(1, 1024));
}

void add_run(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand("run", "Executes a kernel as a GPU does, without one");
    const auto options = std::make_shared<PtxRequest>();
    command->add_option("file", options->file, "PTX, as nvcc -ptx -fmad=false writes it")->required();
    command->add_option("--kernel", options->kernel, "Its name in the PTX, which C++ mangles")->required();
    command->add_option("--grid", options->grid, std::string("CTAs: ") + sizes_form)->capture_default_str();
    command->add_option("--block", options->block, std::string("Threads of a CTA: ") + sizes_form)
        ->capture_default_str();
    command
        ->add_option("--arg", options->arguments,
                     "An argument, in the kernel's order: u32:7, f32:0x1p-3, in:FILE.npy, out:TYPE:SHAPE:FILE.npy, "
                     "inout:FILE.npy:FILE.npy, bytes:HEX, or 'struct:(u32:7,in:FILE.npy)' with natural alignment")
        ->allow_extra_args(false);
    options->architecture = "sm_90";
    command->add_option("--arch", options->architecture, "sm_75 ... sm_120, or a GPU's name")->capture_default_str();
    add_numbers(*command, *options);
    command->add_option("--unsuffixed", options->unsuffixed, "Instructions whose rounding is not stated, as add.f32")
        ->capture_default_str()
        ->check(CLI::IsMember({"refuse", "rn"}));
    command
        ->add_option("--races", options->races,
                     "Accesses whose order nothing states: end the kernel at the first, or go on and report them")
        ->capture_default_str()
        ->check(CLI::IsMember({"refuse", "report"}));
    command->add_flag("--json", options->json, "As JSON");
    command->footer(
        "Exit status 2 if the kernel does what it must not: the line says which thread did what where. 1 if it ran to its "
        "end, and races are reported.\n"
        "Example: halfulp ptx run scale.ptx --kernel scale --grid 4 --block 256 --arg in:x.npy --arg out:f32:1024:y.npy "
        "--arg u32:1024");
    command->callback([options, &status] { status = run(*options); });
}

void add_check(CLI::App& program, int& status) {
    CLI::App* command =
        program.add_subcommand("check", "Whether PTX can be executed, and which results it does not determine");
    const auto options = std::make_shared<PtxRequest>();
    command->add_option("file", options->file, "PTX")->required();
    command->add_option("--arch", options->architecture,
                        "Whose matrix unit there must be a model of, as for run; without it that of the PTX's target");
    command->add_flag("--json", options->json, "As JSON");
    command->footer("Exit status 1: there are remarks.\nExample: halfulp ptx check kernels.ptx");
    command->callback([options, &status] { status = check(*options); });
}

}  // namespace

void add_ptx(CLI::App& program, int& status) {
    CLI::App* command = program.add_subcommand("ptx", "Executes or checks CUDA kernels from their PTX");
    command->require_subcommand(1);
    add_run(*command, status);
    add_check(*command, status);
}
