#pragma once

#include <string>

#include <halfulp/lib/io/binary_file.hpp>
#include <halfulp/lib/io/tensor.hpp>

namespace halfulp {

/// The tensor of that name, or the only one if the name is empty, of the type that the file names. The whole header is
/// checked, as the safetensors library does, and nested deeper or named twice is wrong too. Throws InputError.
Tensor read_safetensors(BinaryFile& file, const std::string& name);

}  // namespace halfulp
