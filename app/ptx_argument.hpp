#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <halfulp/gpu/ptx/machine.hpp>
#include <halfulp/lib/io/tensor.hpp>

/// "u32, s32 or b32": the arguments that fit a parameter.
std::string fitting(const halfulp::ptx::Variable& parameter);

/// A kernel's argument as --arg names it: a number, or memory that comes from a file, goes to one, or both.
///     u32:7   s64:-1   f32:0x1p-3   f16:1.5          a number of that type
///     in:FILE.npy                                    the address of the file's elements
///     out:TYPE:SHAPE:FILE.npy                        that of memory for 1024 or 16x8 elements; written to the file
///     inout:FILE.npy:FILE.npy                        both
///     bytes:0000803f                                 those bytes, that of the lowest address first
///     struct:(u32:7,in:FILE.npy)                     members at their natural alignment, as in C; bytes have none
class KernelArgument {
  public:
    /// Throws InputError for a text that is none of these, and as read_tensor. `depth` structs it is a member of.
    explicit KernelArgument(const std::string& text, int depth = 0);

    /// The bytes that the kernel gets; memory is allocated and filled.
    std::vector<std::byte> place(halfulp::ptx::Machine& machine);
    /// Pre: it is placed. Whether it is what a parameter takes: a number of its width that is bits, or an integer as it is, or the same
    /// floating-point type; an address for .u64 and .b64; for an array, which a struct is in PTX, a number of its size.
    bool fits(const halfulp::ptx::Variable& parameter) const;
    /// Writes what the kernel left to the file, if there is one, whose path joins `written`. Throws InputError for an
    /// element that nobody has written; `name` is what it calls the argument.
    void finish(const halfulp::ptx::Machine& machine, const std::string& name, std::vector<std::string>& written);

  private:
    void parse_number(const std::string& type, const std::string& text);
    void parse_bytes(const std::string& text);
    void parse_output(const std::string& text);
    std::string content(const halfulp::ptx::Machine& machine, const std::string& name) const;

    std::vector<std::byte> bytes_ = {};  ///< of a number, and of all others once they are placed
    halfulp::ptx::Kind kind_ = halfulp::ptx::Kind::Unsigned;
    std::size_t alignment_ = sizeof(halfulp::ptx::Address);
    std::vector<KernelArgument> members_ = {};
    std::optional<halfulp::Tensor> tensor_ = {};
    bool has_content_ = false;
    std::string output_ = {};
    halfulp::ptx::Address address_ = 0;
};
