#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <halfulp/lib/matrix_unit/element.hpp>
#include <halfulp/softfloat/formats.hpp>

// Blocks of numbers that share a scale of few bits: OCP's MX formats, NVIDIA's NVFP4, ggml's Q8_0.

namespace halfulp::quantize {

/// How the scale of a block comes from its greatest magnitude, amax.
enum class BlockScale : std::uint8_t {
    FloorPowerOfTwo,  ///< 2^(floor(log2(amax)) - exponent of the element's greatest power of two): OCP MX 1.0, 6.3
    AmaxByLargest,  ///< amax / largest element, in binary32, rounded to the scale's format, to nearest even, saturating
};

/// Blocks of elements, each with a scale.
struct BlockFormat {
    std::string_view name;  ///< as the program takes it
    Format element, scale;  ///< of their codes
    std::size_t block;      ///< elements that share a scale
    BlockScale rule;        ///< for the scale
    Aliases aliases;        ///< other names
};

/// Those of OCP MX 1.0, and NVIDIA's.
inline constexpr std::array block_formats = {
    BlockFormat{"mxfp8_e4m3", e4m3fn, e8m0, 32, BlockScale::FloorPowerOfTwo, {"mxfp8"}},
    BlockFormat{"mxfp8_e5m2", e5m2, e8m0, 32, BlockScale::FloorPowerOfTwo, {}},
    BlockFormat{"mxfp6_e3m2", e3m2, e8m0, 32, BlockScale::FloorPowerOfTwo, {"mxfp6"}},
    BlockFormat{"mxfp6_e2m3", e2m3, e8m0, 32, BlockScale::FloorPowerOfTwo, {}},
    BlockFormat{"mxfp4", e2m1, e8m0, 32, BlockScale::FloorPowerOfTwo, {"mxfp4_e2m1"}},
    BlockFormat{"nvfp4", e2m1, ue4m3, 16, BlockScale::AmaxByLargest, {}},
};

/// Codes of the elements and of the blocks' scales.
struct Blocks {
    std::vector<std::uint64_t> elements, scales;  ///< of the elements, and one for each block
};

/// Each element is x / scale, exactly, rounded once to nearest even, saturating. A block of zeros has the least scale. The last
/// block may be short. Throws InputError for numbers that are not finite.
Blocks to_blocks(const BlockFormat& format, std::span<const float> numbers);

/// element * scale, rounded to binary32. Pre: a scale for every block.
std::vector<float> from_blocks(const BlockFormat& format, const Blocks& blocks);

/// ggml's block_q8_0, 34 bytes: the scale d as binary16, then 32 codes of int8. d = amax / 127 in binary32; codes are
/// x * (1 / d) by that d, ties away from 0; what is stored is d rounded to binary16, and code * that is the number. So a block
/// whose d is at most 2^-25 has codes, but a scale of 0, and comes back as zeros, as from ggml.
/// Throws InputError unless the numbers are finite and whole blocks, d is below binary16's infinity, and 1 / d below binary32's.
std::vector<std::uint8_t> to_q8_0(std::span<const float> numbers);

/// Throws InputError unless these are whole blocks.
std::vector<float> from_q8_0(std::span<const std::uint8_t> bytes);

}  // namespace halfulp::quantize
