#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/integer.hpp>

namespace halfulp {

/// What the elements of a tensor are. Unsigned integers may also be codes of a format that the file cannot name.
using ElementType = std::variant<Format, IntegerType>;

/// "fp16", "uint8".
std::string name_of(const ElementType& type);

/// An array of any rank, as bits.
struct Tensor {
    std::vector<std::size_t> shape;    ///< empty: a single element
    ElementType type;                  ///< of each element
    std::vector<std::uint64_t> codes;  ///< row-major: the last index runs fastest

    friend bool operator==(const Tensor&, const Tensor&) = default;
};

/// Which tensor of a file, and what it is to be.
struct TensorRequest {
    std::string name = {};  ///< in a .safetensors file; may be empty where the file has one tensor
    /// The format of the codes. A file that names its elements' format must name this one. In one that has integers, of
    /// either sign, they are as wide as the next power of two from 8 on and hold the code in their low bits, but for
    /// tf32 in their top 19, as registers do; a float32 file serves for tf32 as well. The other bits are 0.
    std::optional<Format> format = std::nullopt;
};

/// A tensor of a file `.npy` (numpy.lib.format, versions 1.0 to 3.0), `.safetensors` or `.mtx` (matrix_market.hpp).
/// Reads floats and integers of either byte order, and void elements of .npy (which ml_dtypes writes) as unsigned
/// integers. Throws InputError, naming the place, for a file that is not whole or has anything to spare, for other
/// elements such as structures, complex numbers or safetensors' fp6, whose packing nobody has published, and for what
/// does not fit the request.
Tensor read_tensor(const std::filesystem::path& path, const TensorRequest& request = {});

/// Writes a file as NumPy does, whole. Formats that NumPy has not become unsigned integers, as TensorRequest tells.
/// Throws InputError if it cannot be written. Pre: a code for each element of the shape.
void write_npy(const std::filesystem::path& path, const Tensor& tensor);

/// Writes a file as the safetensors library does, whole. Throws InputError if it cannot be written, for a format that
/// safetensors has not (it packs two of fp4 in a byte, and has no odd number of them), and for a name that is no UTF-8
/// or is "__metadata__". Pre: as for write_npy.
void write_safetensors(const std::filesystem::path& path, const std::map<std::string, Tensor>& tensors);

}  // namespace halfulp
