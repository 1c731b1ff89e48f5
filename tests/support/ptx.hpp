#pragma once

#include <bit>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <span>
#include <string>
#include <vector>

#include <halfulp/gpu/ptx/machine.hpp>

// Small kernels in PTX text, and what they leave in memory.

namespace halfulp::test {

using Arguments = std::vector<std::vector<std::byte>>;

/// The bytes of a value, as an argument of a kernel.
template <class T>
std::vector<std::byte> argument(const T& value) {
    std::vector<std::byte> bytes(sizeof value);
    std::memcpy(bytes.data(), &value, sizeof value);
    return bytes;
}

/// A module with a kernel `k` of this body and these parameters, for the newest target that is known.
inline std::string kernel_text(const std::string& parameters, const std::string& body,
                               const std::string& target = "sm_90", const std::string& before = "") {
    return ".version 9.0\n.target " + target + "\n.address_size 64\n" + before + "\n.visible .entry k(" + parameters +
           ")\n{\n" + body + "\nret;\n}\n";
}

inline ptx::Module kernel_module(const std::string& parameters, const std::string& body,
                                 const std::string& target = "sm_90", const std::string& before = "") {
    return ptx::parse(kernel_text(parameters, body, target, before), "k.ptx");
}

template <class T>
ptx::Address put(ptx::Machine& machine, const std::vector<T>& values) {
    const ptx::Address at = machine.allocate(values.size() * sizeof(T));
    machine.write(at, std::as_bytes(std::span(values)));
    return at;
}

template <class T>
std::vector<T> get(const ptx::Machine& machine, ptx::Address at, std::size_t count) {
    std::vector<T> values(count);
    machine.read(at, std::as_writable_bytes(std::span(values)));
    return values;
}

inline int bytes_of(const std::string& type) { return type == "pred" ? 4 : std::stoi(type.substr(1)) / 8; }

/// One instruction on arrays: each thread loads its operands, executes it and stores the result; predicates as 0 or 1.
/// Types are PTX's of memory, such as b32, or pred; `after` is further operands as text, such as a constant.
inline std::string one_instruction_text(const std::string& opcode, const std::string& result,
                                        const std::vector<std::string>& operands, const std::string& after = "") {
    std::string text, list;
    text += ".reg .b64 %a<9>; .reg .b32 %t, %w<9>; .reg .pred %p<9>; .reg .b64 %o;\n";
    text += "mov.u32 %t, %tid.x;\n";
    const auto name = [](const std::string& type, std::size_t i) {
        return type == "pred" ? "%p" + std::to_string(i) : "%v" + std::to_string(i);
    };
    for (std::size_t i = 0; i < operands.size(); ++i) {
        const std::string& type = operands[i];
        const std::string n = std::to_string(i);
        text += "ld.param.u64 %a" + n + ", [p" + n + "];\nmad.wide.u32 %a" + n + ", %t, " +
                std::to_string(bytes_of(type)) + ", %a" + n + ";\n";
        if (type == "pred") {
            text += "ld.global.u32 %w" + n + ", [%a" + n + "];\nsetp.ne.u32 %p" + n + ", %w" + n + ", 0;\n";
        } else {
            text += ".reg .b" + std::to_string(std::max(8 * bytes_of(type), 16)) + " %v" + n + ";\nld.global.b" +
                    std::to_string(8 * bytes_of(type)) + " %v" + n + ", [%a" + n + "];\n";
        }
        list += ", " + name(type, i);
    }
    const std::string store =
        "ld.param.u64 %o, [out];\nmad.wide.u32 %o, %t, " + std::to_string(bytes_of(result)) + ", %o;\n";
    if (result == "pred")
        return text + opcode + " %p8" + list + after + ";\nselp.u32 %w8, 1, 0, %p8;\n" + store +
               "st.global.u32 [%o], %w8;";
    return text + ".reg .b" + std::to_string(std::max(8 * bytes_of(result), 16)) + " %r;\n" + opcode + " %r" + list +
           after + ";\n" + store + "st.global.b" + std::to_string(8 * bytes_of(result)) + " [%o], %r;";
}

/// The results of an instruction on operands, a thread each; codes of the types, low bits first.
inline std::vector<std::uint64_t> executed(const std::string& opcode, const std::string& result,
                                           const std::vector<std::string>& types,
                                           const std::vector<std::vector<std::uint64_t>>& operands,
                                           const std::string& after = "", const std::string& architecture = "sm_90") {
    std::string parameters = ".param .u64 out";
    for (std::size_t i = 0; i < types.size(); ++i) parameters += ", .param .u64 p" + std::to_string(i);
    const ptx::Module module = kernel_module(parameters, one_instruction_text(opcode, result, types, after));
    ptx::Machine machine(architecture, {.unsuffixed = ptx::Unsuffixed::Nearest});
    const std::size_t count = operands.empty() ? 1 : operands.front().size();
    const auto bytes = [&](const std::vector<std::uint64_t>& codes, std::size_t size) {
        std::vector<std::byte> all(codes.size() * size);
        for (std::size_t i = 0; i < codes.size(); ++i) std::memcpy(&all[i * size], &codes[i], size);
        return all;
    };
    const auto out_size = static_cast<std::size_t>(bytes_of(result));
    const ptx::Address out = machine.allocate(count * out_size);
    Arguments arguments = {argument(out)};
    for (std::size_t i = 0; i < types.size(); ++i)
        arguments.push_back(argument(put(machine, bytes(operands[i], static_cast<std::size_t>(bytes_of(types[i]))))));
    machine.launch(module, "k", {.grid = {}, .block = {static_cast<std::uint32_t>(count), 1, 1}}, arguments);
    const auto raw = get<std::byte>(machine, out, count * out_size);
    std::vector<std::uint64_t> results(count);
    for (std::size_t i = 0; i < count; ++i) std::memcpy(&results[i], &raw[i * out_size], out_size);
    return results;
}

/// The message of the InputError that `what` throws, or "no error".
template <class What>
std::string message_of(const What& what) {
    try {
        what();
    } catch (const InputError& error) {
        return error.what();
    }
    return "no error";
}

}  // namespace halfulp::test
