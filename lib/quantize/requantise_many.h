#pragma once

#include <cstddef>
#include <cstdint>

#include <halfulp/lib/quantize/requantise.hpp>

namespace halfulp::quantize {

/// What the SIMD kernels know of a Requantiser.
struct RequantisationSteps {
    Requantisation mode;           ///< which way
    FixedPoint fixed;              ///< the factor, of the modes that have it so
    float factor;                  ///< of the others
    std::int32_t zero_point;       ///< the code of 0
    std::int32_t least, greatest;  ///< the ends of the range, in steps from the zero point
};

// The codes of many sums, as requantise has them of one. False where this computer has no vectors: then nothing is done.

/// To codes in bytes.
bool requantise_many(const RequantisationSteps& by, const std::int32_t* sums, std::uint8_t* codes, std::size_t count);
/// To codes in words of 16 bits.
bool requantise_many(const RequantisationSteps& by, const std::int32_t* sums, std::uint16_t* codes, std::size_t count);
/// To codes in words of 32 bits.
bool requantise_many(const RequantisationSteps& by, const std::int32_t* sums, std::uint32_t* codes, std::size_t count);

}  // namespace halfulp::quantize
