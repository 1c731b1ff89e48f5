#pragma once

#include <cstddef>

#include <halfulp/lib/quantize/affine.hpp>

namespace halfulp::quantize {

/// What the SIMD kernels know of an Affine.
struct Steps {
    float scale, reciprocal;  ///< and 1 over it
    float least, greatest;    ///< the ends of its range, in steps from the zero point
    std::int32_t zero_point;  ///< the code of 0
    bool divides;             ///< by the scale; else multiplies by the reciprocal
};

/// Pre: the scale is a positive number.
inline Steps steps_of(const Affine& q) {
    return {q.scale,
            1.0F / q.scale,
            static_cast<float>(q.range.least - q.zero_point),
            static_cast<float>(q.range.greatest - q.zero_point),
            q.zero_point,
            q.quotient == Quotient::Divide};
}

/// The codes of every type of at most 16 bits.
inline constexpr CodeRange widest{-(1 << 15), (1 << 16) - 1};

/// Throws std::invalid_argument, in one line, unless there is room for as many results as there are operands, and the affine
/// is one that affine.hpp takes with codes of such a type.
void require(const Affine& q, std::size_t operands, std::size_t results, const CodeRange& type);

}  // namespace halfulp::quantize
