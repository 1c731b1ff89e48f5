#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <halfulp/lib/io/binary_file.hpp>
#include <halfulp/lib/io/tensor.hpp>

namespace halfulp {

/// The tensor of that name, or the only one if the name is empty, of the type that the file names. The whole header is
/// checked, as the safetensors library does, and nested deeper or named twice is wrong too. Throws InputError.
Tensor read_safetensors(BinaryFile& file, const std::string& name);

/// The names of a file's tensors, in its order. Throws as that does.
std::vector<std::string> safetensors_names(const std::filesystem::path& path);

}  // namespace halfulp
