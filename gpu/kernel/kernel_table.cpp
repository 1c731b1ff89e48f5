#include <halfulp/gpu/kernel/kernel_table.hpp>

#include <fmt/format.h>

#include <halfulp/gpu/kernel/table.hpp>

namespace halfulp::gpu {
namespace {

std::string_view name_of(Size size) {
    switch (size) {
        case Size::One: return "1";
        case Size::M: return "m";
        case Size::N: return "n";
        case Size::K: return "k";
        case Size::PaddedN: return "padded n";
        case Size::PaddedK: return "padded k";
    }
    __builtin_unreachable();
}

/// "m x padded k", "6 x n".
std::string text_of(const Extent& extent) {
    std::string text;
    const auto times = [&](std::string_view factor) { text += fmt::format("{}{}", text.empty() ? "" : " x ", factor); };
    if (extent.each != 1) times(std::to_string(extent.each));
    if (extent.a != Size::One || extent.each == 1) times(name_of(extent.a));
    if (extent.b != Size::One) times(name_of(extent.b));
    return text;
}

std::string text_of(const Parameter& p) {
    const std::string element = halfulp::name_of(p.element);
    switch (p.pass) {
        case Pass::In: return fmt::format("{}: {} {}", p.name, text_of(p.extent), element);
        case Pass::Out: return fmt::format("out {}: {} {}", p.name, text_of(p.extent), element);
        case Pass::InOut: return fmt::format("in and out {}: {} {}", p.name, text_of(p.extent), element);
        case Pass::SizeValue: return std::string(p.name);
        case Pass::Value: return fmt::format("{} {}", p.name, element);
    }
    __builtin_unreachable();
}

std::string text_of(const Launch& launch) {
    switch (launch.grid) {
        case Grid::One: return fmt::format("one block of {}", launch.threads);
        case Grid::PerElement: return fmt::format("a thread for each of n, {} a block", launch.threads);
        case Grid::PerPair: return fmt::format("a thread for two of n, {} a block", launch.threads);
        case Grid::PerRow: return fmt::format("a block of {} for each of m", launch.threads);
        case Grid::WarpPerRow: return fmt::format("a warp for each of m, {} a block", launch.threads);
        case Grid::PerNumber: return fmt::format("a thread for each of m x n, {} a block", launch.threads);
        case Grid::PerTile: return fmt::format("a block of {} for each 64 x 64 of m x n", launch.threads);
    }
    __builtin_unreachable();
}

}  // namespace

Table kernel_table() {
    Table table = {{"kernel", "file", "from", "computes", "parameters", "threads"}};
    for (const Kernel& kernel : kernels()) {
        std::string parameters;
        for (const Parameter& p : kernel.parameters) parameters += (parameters.empty() ? "" : ", ") + text_of(p);
        table.push_back({std::string(kernel.name), fmt::format("{}.cu", kernel.file),
                         fmt::format("sm_{}", kernel.target), describe(kernel.meaning), parameters,
                         text_of(kernel.launch)});
    }
    return table;
}

}  // namespace halfulp::gpu
