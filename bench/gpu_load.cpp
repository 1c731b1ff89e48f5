#include "gpu_load.hpp"

#include <algorithm>

#include <halfulp/gpu/observe/make_call.hpp>
#include <halfulp/gpu/observe/run_kernel.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/property/operands.hpp>

namespace halfulp::bench {
namespace {

using namespace gpu;

std::size_t bytes_of(const Element& element) { return static_cast<std::size_t>(memory_bits(element)) / 8; }

bool is_array(const Parameter& p) { return p.pass != Pass::SizeValue && p.pass != Pass::Value; }

std::size_t bytes_of(const Parameter& p, const Sizes& sizes) { return p.elements(sizes) * bytes_of(p.element); }

/// Far beyond any cache, and of products and chains what takes milliseconds.
Sizes sizes_of(const Kernel& kernel, bool small) {
    const auto either = [&](std::uint32_t little, std::uint32_t much) { return small ? little : much; };
    switch (kernel.launch.grid) {
        case Grid::One: return {.n = either(256, 1U << 14)};
        case Grid::PerElement:
        case Grid::PerPair: {
            constexpr std::size_t all = std::size_t{1} << 30;
            std::size_t each = 0;
            for (const Parameter& p : kernel.parameters) each += is_array(p) ? bytes_of(p, {}) : 0;
            return {.n = either(1U << 12, static_cast<std::uint32_t>(all / each))};
        }
        case Grid::PerRow:
            if (const auto* chain = std::get_if<OperationChain>(&kernel.meaning))
                return {.m = either(2, 1U << 15), .k = either(2, chain->instruction.empty() ? 16 : 64)};
            if (std::holds_alternative<OneInstruction>(kernel.meaning)) return {.m = either(16, 1U << 18)};
            return {.m = either(16, 1U << 13), .n = either(1U << 10, 1U << 15)};
        case Grid::WarpPerRow: return {.m = either(64, 1U << 14), .k = either(256, 1U << 14)};
        case Grid::PerNumber: return {.m = either(64, 2048), .n = either(64, 2048), .k = either(64, 2048)};
        case Grid::PerTile: return {.m = either(64, 4096), .n = either(64, 4096), .k = either(64, 4096)};
    }
    __builtin_unreachable();
}

std::uint64_t number(const Element& element, property::SplitMix& bits) {
    const std::uint64_t any = bits() & element.code_mask();
    return element.integer ? any : property::at_exponent(element.format, any, 0, 0, bits);
}

/// The same numbers again and again.
void fill(Device& device, Address to, std::size_t bytes, const Element& element) {
    constexpr std::size_t numbers = std::size_t{1} << 16;
    property::SplitMix bits(1);
    std::vector<std::byte> part(numbers * bytes_of(element));
    for (std::size_t i = 0; i < numbers; ++i) {
        const std::uint64_t word = to_memory(element, number(element, bits));
        std::memcpy(part.data() + i * bytes_of(element), &word,
                    bytes_of(element));  // little-endian, as CUDA's hosts are
    }
    for (std::size_t done = 0; done < bytes; done += part.size())
        device.write(to + done, std::span(part).first(std::min(part.size(), bytes - done)));
}

/// The multiply-adds of one instruction, or of one fma.
double multiply_adds(std::string_view instruction, int target) {
    if (instruction.empty()) return 1;
    const MmaInstruction one = find_instruction("sm_" + std::to_string(target), instruction);
    return static_cast<double>(one.m) * one.n * one.k;
}

}  // namespace

const std::string_view* instruction_of(const Kernel& kernel) {
    if (const auto* product = std::get_if<MatrixProduct>(&kernel.meaning)) return &product->instruction;
    if (const auto* product = std::get_if<RequantisedProduct>(&kernel.meaning)) return &product->instruction;
    if (const auto* chain = std::get_if<OperationChain>(&kernel.meaning)) return &chain->instruction;
    return nullptr;
}

GpuLoad::GpuLoad(Device& device, const Kernel& kernel, bool small)
    : device_(&device), kernel_(&kernel), sizes_(sizes_of(kernel, small)) {
    const auto values = make_call(kernel, {}, InputClass::Exact, 1).values;
    for (const Parameter& p : kernel.parameters) {
        arrays_.push_back(is_array(p) ? std::make_unique<DeviceArray<std::byte>>(device, bytes_of(p, sizes_))
                                      : nullptr);
        if (arrays_.back()) {
            fill(device, arrays_.back()->address(), bytes_of(p, sizes_), p.element);
            arguments_.push_back(gpu::arguments(arrays_.back()->address())[0]);
        } else {
            const std::uint64_t x = p.pass == Pass::Value ? values.find(p.name)->second : value_of(p.extent.a, sizes_);
            arguments_.push_back(gpu::arguments(x)[0]);
            arguments_.back().resize(bytes_of(p.element));
        }
    }
}

double GpuLoad::seconds(unsigned times) {
    const Blocks blocks = blocks_of(kernel_->launch, sizes_);
    const auto all = device_->seconds(device_code(kernel_->file), std::string(kernel_->name),
                                      {.grid = {blocks.x, blocks.y, 1}, .block = {kernel_->launch.threads, 1, 1}},
                                      arguments_, times);
    return all.value() / times;
}

Amount GpuLoad::amount() const {
    Amount amount;
    for (const Parameter& p : kernel_->parameters)
        if (is_array(p)) amount.bytes += (p.pass == Pass::InOut ? 2.0 : 1.0) * static_cast<double>(bytes_of(p, sizes_));
    const auto [m, n, k] = sizes_;
    if (const auto* chain = std::get_if<OperationChain>(&kernel_->meaning)) {
        const double warps = kernel_->launch.threads / 32.0, threads = kernel_->launch.threads;
        const double each_block = chain->instruction.empty() ? threads : warps;
        amount.operations =
            2.0 * m * each_block * k * chain->each * multiply_adds(chain->instruction, device_->target());
    } else if (instruction_of(*kernel_) != nullptr) {
        amount.operations = 2.0 * m * n * k;
    }
    return amount;
}

Address GpuLoad::address_of(std::string_view parameter) const {
    const auto found = std::find_if(kernel_->parameters.begin(), kernel_->parameters.end(),
                                    [&](const Parameter& p) { return p.name == parameter; });
    return arrays_[static_cast<std::size_t>(found - kernel_->parameters.begin())]->address();
}

}  // namespace halfulp::bench
