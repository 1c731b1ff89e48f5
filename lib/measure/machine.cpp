#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <halfulp/lib/kernel/int8/targets.hpp>
#include <stdexcept>
#include <thread>
// After the header that says which targets there are.
#include <hwy/highway.h>

#include <halfulp/lib/measure/loop.hpp>
#include <halfulp/lib/measure/machine.hpp>

namespace halfulp::measure {
namespace {

/// The first line of a file; nothing of one that cannot be read.
std::string first_line(const std::string& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    return line;
}

/// What /proc/cpuinfo says of the first processor, nothing if it does not.
std::string processor_field(std::string_view field) {
    std::ifstream file("/proc/cpuinfo");
    for (std::string line; std::getline(file, line);)
        if (line.starts_with(field))
            if (const std::size_t colon = line.find(": "); colon != std::string::npos) return line.substr(colon + 2);
    return {};
}

/// 48K, 2048K, 260M.
std::size_t bytes_of(std::string_view text) {
    std::size_t count = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), count);
    if (error != std::errc{}) return 0;
    if (end == text.data() + text.size()) return count;
    return count << (*end == 'K' ? 10U : *end == 'M' ? 20U : 0U);
}

/// Those that hold data, of the first processor.
std::vector<Level> caches() {
    std::vector<Level> found;
    for (int i = 0;; ++i) {
        const std::string folder = fmt::format("/sys/devices/system/cpu/cpu0/cache/index{}/", i);
        const std::string level = first_line(folder + "level");
        if (level.empty()) break;
        if (first_line(folder + "type") == "Instruction") continue;
        const std::size_t bytes = bytes_of(first_line(folder + "size"));
        if (bytes > 0) found.push_back({"L" + level, bytes});
    }
    if (found.empty())
        found = {{"L1", std::size_t{32} << 10}, {"L2", std::size_t{512} << 10}, {"L3", std::size_t{16} << 20}};
    return found;
}

std::string compiler() {
#if defined(__clang__)
    return "clang " __clang_version__;
#else
    return "g++ " __VERSION__;
#endif
}

/// One bit for each.
std::vector<std::int64_t> target_bits() {
    std::vector<std::int64_t> bits;
    for (std::int64_t left = hwy::SupportedTargets() & HWY_TARGETS; left != 0; left &= left - 1)
        bits.push_back(left & -left);
    return bits;
}

}  // namespace

std::vector<std::string> targets() {
    std::vector<std::string> names;
    for (const std::int64_t target : target_bits()) names.emplace_back(hwy::TargetName(target));
    return names;
}

void choose_target(const std::string& name) {
    for (const std::int64_t target : target_bits())
        if (hwy::TargetName(target) == name)  // and those that are less, for kernels that were not compiled for it
            return hwy::GetChosenTarget().Update(hwy::SupportedTargets() & -target);
    throw std::invalid_argument(
        fmt::format("expected an instruction set of {}, found {}", fmt::join(targets(), ", "), name));
}

Machine this_machine() {
    Machine machine{};
    machine.processor = processor_field("model name");
    if (machine.processor.empty()) machine.processor = "unknown processor";
    machine.threads = std::max(1U, std::thread::hardware_concurrency());
    machine.memory =
        static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    machine.clock_mhz = std::atof(processor_field("cpu MHz").c_str());
    machine.levels = caches();
    machine.levels.push_back({"memory", 0});
    machine.compiler = compiler();
    machine.target = target();
    if (getloadavg(&machine.load, 1) != 1) machine.load = 0;
    return machine;
}

std::string caption(const Machine& machine) {
    return fmt::format("{}, {} threads, {:.0f} MHz, {}, {}, load {:.2f}", machine.processor, machine.threads,
                       machine.clock_mhz, machine.target, machine.compiler, machine.load);
}

}  // namespace halfulp::measure
