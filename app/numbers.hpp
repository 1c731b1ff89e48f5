#pragma once

#include <cstddef>
#include <string>
#include <vector>

// Numbers in binary32, as a command reads them from files.

/// An array of numbers.
struct Numbers {
    std::vector<std::size_t> shape;
    std::vector<float> numbers;
    std::size_t rounded = 0;  ///< of decimal ones, that binary32 does not have
};

/// From FILE.npy, FILE.mtx, FILE.safetensors or FILE.safetensors#TENSOR, of numbers or integers. Throws halfulp::InputError, as
/// all that read files do, and for a number that is not finite or is none of binary32, with its place; and for a file without
/// any. Those of FILE.mtx are decimal, and rounded to binary32 unless they are beyond its normal range.
Numbers read_numbers(const std::string& place);
