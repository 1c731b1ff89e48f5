#pragma once

#include <halfulp/lib/io/binary_file.hpp>
#include <halfulp/lib/io/tensor.hpp>

namespace halfulp {

/// The array of an .npy file, of the type that the file names. Throws InputError.
Tensor read_npy(BinaryFile& file);

}  // namespace halfulp
