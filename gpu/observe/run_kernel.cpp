#include <halfulp/gpu/observe/run_kernel.hpp>

#include <array>
#include <cassert>
#include <memory>

#include <halfulp/gpu/kernel/ptx_text.hpp>

namespace halfulp::gpu {
namespace {

using Codes = std::vector<std::uint64_t>;

std::size_t bytes_of(const Element& element) { return static_cast<std::size_t>(memory_bits(element)) / 8; }

/// Little-endian, as devices and hosts of CUDA are.
std::vector<std::byte> packed(std::span<const std::uint64_t> codes, const Element& element) {
    std::vector<std::byte> bytes;
    bytes.reserve(codes.size() * bytes_of(element));
    for (const std::uint64_t code : codes)
        for (std::size_t i = 0; i < bytes_of(element); ++i)
            bytes.push_back(static_cast<std::byte>(to_memory(element, code) >> (8 * i)));
    return bytes;
}

/// A word with bits below its element is no code: it stays as it is, and equals none. PTX's NaN of tf32 fills the word.
Codes unpacked(std::span<const std::byte> bytes, const Element& element) {
    const std::size_t each = bytes_of(element);
    Codes words(bytes.size() / each);
    for (std::size_t i = 0; i < bytes.size(); ++i)
        words[i / each] |= std::to_integer<std::uint64_t>(bytes[i]) << (8 * (i % each));
    for (std::uint64_t& word : words) {
        const std::uint64_t code = from_memory(element, word);
        const bool is_tf32_nan = element == Element{tf32} && word == binary32.magnitude_mask();
        if (to_memory(element, code) == word || is_tf32_nan) word = code;
    }
    return words;
}

using Memory = std::unique_ptr<DeviceArray<std::byte>>;

/// Memory for an array parameter, with its codes if the kernel reads them; none for another parameter.
Memory memory_of(Device& device, const Parameter& parameter, const Call& call) {
    const std::size_t elements = parameter.elements(call.sizes);
    if (parameter.pass == Pass::Out)
        return std::make_unique<DeviceArray<std::byte>>(device, elements * bytes_of(parameter.element));
    if (parameter.pass != Pass::In && parameter.pass != Pass::InOut) return nullptr;
    const Codes& codes = call.arrays.find(parameter.name)->second;
    assert(codes.size() == elements);
    return std::make_unique<DeviceArray<std::byte>>(device, packed(codes, parameter.element));
}

/// What the kernel gets for a parameter.
std::vector<std::byte> argument_of(const Parameter& parameter, const Memory& memory, const Call& call) {
    if (memory) return packed(std::array{memory->address()}, integer_type<Address>);
    const std::uint64_t value = parameter.pass == Pass::Value ? call.values.find(parameter.name)->second
                                                              : value_of(parameter.extent.a, call.sizes);
    return packed(std::array{value}, parameter.element);
}

}  // namespace

DeviceCode device_code(std::string_view file) { return {.name = file, .ptx = ptx_text(file)}; }

Arrays run_kernel(Device& device, const DeviceCode& code, const Kernel& kernel, const Call& call) {
    assert(device.target() >= kernel.target);
    std::vector<Memory> memory;
    Arguments arguments;
    for (const Parameter& p : kernel.parameters) {
        memory.push_back(memory_of(device, p, call));
        arguments.push_back(argument_of(p, memory.back(), call));
    }
    const Blocks blocks = blocks_of(kernel.launch, call.sizes);
    device.launch(code, std::string(kernel.name),
                  {.grid = {blocks.x, blocks.y, 1}, .block = {kernel.launch.threads, 1, 1}}, arguments);
    Arrays results;
    for (std::size_t i = 0; i < memory.size(); ++i) {
        const Parameter& p = kernel.parameters[i];
        if (p.pass == Pass::Out || p.pass == Pass::InOut)
            results[std::string(p.name)] = unpacked(memory[i]->read(), p.element);
    }
    return results;
}

Arrays run_kernel(Device& device, const Kernel& kernel, const Call& call) {
    return run_kernel(device, device_code(kernel.file), kernel, call);
}

}  // namespace halfulp::gpu
