#include <halfulp/gpu/ptx/machine.hpp>

#include <algorithm>
#include <charconv>
#include <new>
#include <numeric>

#include <fmt/format.h>

#include <halfulp/gpu/ptx/grid.h>
#include <halfulp/lib/matrix_unit/table.hpp>

namespace halfulp::ptx {
namespace {

// What a GPU takes: CUDA programming guide, "Technical specifications per compute capability".
constexpr std::uint64_t most_threads = 1024, most_ctas_x = (std::uint64_t{1} << 31) - 1, most_ctas_yz = 65535;
constexpr std::uint32_t most_threads_z = 64;

/// 80 of "Ampere sm_80 sm_86" if the name is the processor's, or of sm_86 if that is the name.
int architecture_number(std::string_view name) {
    const auto processor = find_processor(name);
    if (!processor || !processor->is_nvidia())
        throw InputError(fmt::format("architecture {}: expected one such as sm_80, or a GPU of NVIDIA: {}", shown(name),
                                     known_processors(true)));
    if (!name.starts_with("sm_")) name = processor->architecture.substr(processor->architecture.find("sm_"));
    int number = 0;
    std::from_chars(name.data() + 3, name.data() + name.size(), number);
    return number;
}

std::size_t most_shared(int number) {
    constexpr std::size_t kilobyte = 1024;
    if (number < 80) return 64 * kilobyte;
    if (number == 80 || number == 87) return 163 * kilobyte;
    if (number == 86 || number == 89 || number >= 120) return 99 * kilobyte;
    return 227 * kilobyte;
}

void expect(bool is_so, const Function& kernel, const Module& module, const std::string& message) {
    if (!is_so) throw Error({.file = module.code().file, .line = kernel.line, .kernel = kernel.name}, message);
}

void check_shape(const Module& module, const Function& kernel, const LaunchShape& shape) {
    const Dim3 &grid = shape.grid, &block = shape.block;
    const auto expect_that = [&](bool is_so, const std::string& message) { expect(is_so, kernel, module, message); };
    expect_that(grid.count() > 0 && grid.x <= most_ctas_x && grid.y <= most_ctas_yz && grid.z <= most_ctas_yz,
                fmt::format("grid {}: expected 1 to 2^31 - 1 CTAs in x, 1 to 65535 in y and z", text_of(grid)));
    expect_that(grid.count() <= most_ctas_x, fmt::format("grid {}: expected fewer than 2^31 CTAs here", text_of(grid)));
    const bool in_range = std::max({block.x, block.y}) <= most_threads && block.z <= most_threads_z;
    expect_that(in_range && block.count() > 0 && block.count() <= most_threads,
                fmt::format("block {}: expected 1 to 1024 threads, at most 64 in z", text_of(block)));
    const Dim3 most = kernel.most_threads.value_or(block), wanted = kernel.required_threads.value_or(block);
    expect_that(block.count() <= most.count(),
                fmt::format("block {}: expected at most {} threads (.maxntid)", text_of(block), most.count()));
    expect_that(block == wanted, fmt::format("block {}: expected {} (.reqntid)", text_of(block), text_of(wanted)));
}

/// The kernel's parameter memory.
std::vector<std::byte> parameter_bytes(const Module& module, const Program& program,
                                       std::span<const std::vector<std::byte>> arguments) {
    const Function& kernel = *program.kernel;
    expect(arguments.size() == kernel.parameters.size(), kernel, module,
           fmt::format("expected {} arguments, found {}", kernel.parameters.size(), arguments.size()));
    std::vector<std::byte> bytes(program.layout.parameters);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        const Variable& parameter = kernel.parameters[i];
        expect(arguments[i].size() == parameter.size, kernel, module,
               fmt::format("argument {}, {}: expected {} bytes, found {}", i, parameter.name, parameter.size,
                           arguments[i].size()));
        std::copy(arguments[i].begin(), arguments[i].end(),
                  bytes.begin() + static_cast<std::ptrdiff_t>(program.parameter_offsets[i]));
    }
    return bytes;
}

/// Of a thread: registers and constants.
std::size_t register_bytes(const Program& program) {
    return std::accumulate(program.widths.begin(), program.widths.end(), std::size_t{0},
                           [](std::size_t sum, std::uint8_t bits) { return sum + (bits + 7U) / 8; });
}

}  // namespace

Statistics& Statistics::operator+=(const Statistics& other) {
    instructions += other.instructions;
    lane_instructions += other.lane_instructions;
    mma += other.mma;
    for (const auto& [opcode, count] : other.by_opcode) by_opcode[opcode] += count;
    races.insert(races.end(), other.races.begin(), other.races.end());
    return *this;
}

Machine::Machine(std::string_view architecture, const MachineOptions& options)
    : architecture_(architecture), number_(architecture_number(architecture)), options_(options) {}

Machine::~Machine() = default;

Address Machine::allocate(std::size_t bytes) { return memory_.allocate(bytes).address; }

void Machine::release(Address address) { memory_.release(address); }

void Machine::write(Address to, std::span<const std::byte> from) {
    if (from.empty()) return;
    Allocation* memory = memory_.find(to, from.size());
    if (memory == nullptr)
        throw InputError(
            fmt::format("write {} bytes at {:#x}: not allocated; {}", from.size(), to, memory_.nearest(to)));
    const auto at = static_cast<std::ptrdiff_t>(to - memory->address);
    std::copy(from.begin(), from.end(), memory->data.begin() + at);
    std::fill_n(memory->defined.begin() + at, from.size(), 1);
}

void Machine::read(Address from, std::span<std::byte> to) const {
    if (to.empty()) return;
    const Allocation* memory = memory_.find(from, to.size());
    if (memory == nullptr)
        throw InputError(
            fmt::format("read {} bytes at {:#x}: not allocated; {}", to.size(), from, memory_.nearest(from)));
    const auto at = static_cast<std::ptrdiff_t>(from - memory->address);
    const auto begin = memory->defined.begin() + at, end = begin + static_cast<std::ptrdiff_t>(to.size());
    if (const auto hole = std::find(begin, end, 0); hole != end)
        throw InputError(
            fmt::format("read {} bytes at {:#x}: nobody has written byte {}", to.size(), from, hole - begin));
    std::copy_n(memory->data.begin() + at, to.size(), to.begin());
}

Machine::Loaded& Machine::load(const Module& module) {
    const auto [found, is_new] = loaded_.try_emplace(&module.code());
    Loaded& loaded = found->second;
    if (!is_new) return loaded;
    loaded.code = module.shared();
    const auto has_place = [](const Variable& v) {
        return (v.space == Space::Global || v.space == Space::Constant) && !v.is_dynamic;
    };
    for (const Variable& v : module.code().variables) {
        if (!has_place(v)) continue;
        Allocation& memory = memory_.allocate(v.size, v.space == Space::Constant, v.name);
        loaded.symbols[v.name] = memory.address;
        // PTX ISA, "Initializers": variables of .global and .const are 0 by default.
        for (std::size_t i = 0; i < v.initial.size(); ++i) memory.data[i] = std::byte{v.initial[i]};
        std::fill(memory.defined.begin(), memory.defined.end(), 1);
    }
    for (const Variable& v : module.code().variables)
        for (const AddressValue& value : v.addresses) {
            const Address address = address_in(loaded, value, v.line);
            const auto bytes = std::as_bytes(std::span(&address, 1));
            Allocation& memory = *memory_.find(loaded.symbols.at(v.name), v.size);
            std::copy(bytes.begin(), bytes.end(), memory.data.begin() + static_cast<std::ptrdiff_t>(value.offset));
        }
    return loaded;
}

Address Machine::address_in(const Loaded& loaded, const AddressValue& value, int line) const {
    const auto found = loaded.symbols.find(value.symbol);
    if (found == loaded.symbols.end())
        throw Error({.file = loaded.code->file, .line = line},
                    fmt::format("expected a variable of .global or .const, found {}", shown(value.symbol)));
    return found->second + static_cast<Address>(value.addend);
}

Address Machine::address_of(const Module& module, std::string_view variable) {
    const Symbols& symbols = load(module).symbols;
    const auto found = symbols.find(variable);
    if (found == symbols.end())
        throw Error({.file = module.code().file}, "no variable of .global or .const is named " + shown(variable));
    return found->second;
}

Program& Machine::program(const Module& module, std::string_view kernel) {
    Loaded& loaded = load(module);
    const auto found = loaded.programs.find(kernel);
    if (found != loaded.programs.end()) return found->second;
    const Target target{architecture_, options_.unsuffixed == Unsuffixed::Nearest};
    return loaded.programs.emplace(kernel, decode(module, module.kernel(kernel), loaded.symbols, target)).first->second;
}

Statistics Machine::launch(const Module& module, std::string_view kernel, const LaunchShape& shape,
                           std::span<const std::vector<std::byte>> arguments) {
    const Function& function = module.kernel(kernel);
    const bool is_number = architecture_ == fmt::format("sm_{}", number_);
    if (module.code().target > number_)
        throw Error({.file = module.code().file, .kernel = function.name},
                    fmt::format("the PTX is for sm_{} and later, which {}{} is not", module.code().target,
                                architecture_, is_number ? "" : fmt::format(" (sm_{})", number_)));
    check_shape(module, function, shape);
    const Program& decoded = program(module, kernel);
    Launch launch{.program = decoded,
                  .memory = memory_,
                  .parameters = parameter_bytes(module, decoded, arguments),
                  .grid = shape.grid,
                  .block = shape.block,
                  .dynamic_shared = shape.dynamic_shared,
                  .seed = options_.seed == 0 ? 0 : options_.seed + launches_,
                  .step_limit = options_.step_limit,
                  .number = launches_ + 1,
                  .races = options_.races,
                  .fences = {}};
    ++launches_;
    expect(launch.shared_bytes() <= most_shared(number_), function, module,
           fmt::format("{} bytes of shared memory: a CTA of sm_{} has at most {}", launch.shared_bytes(), number_,
                       most_shared(number_)));
    try {
        return run_grid(launch, options_.threads);
    } catch (const std::bad_alloc&) {
        throw Error(
            {.file = module.code().file, .line = function.line, .kernel = function.name},
            fmt::format("this computer has not enough memory for {} threads of a CTA, each with {} bytes of "
                        "local memory and {} bytes of registers and constants",
                        shape.block.count(), decoded.layout.local + decoded.layout.frame, register_bytes(decoded)));
    }
}

}  // namespace halfulp::ptx
