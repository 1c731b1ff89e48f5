#pragma once

#include <cstdint>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/softfloat/exact.hpp>
#include <halfulp/softfloat/rounding.hpp>

namespace halfulp::onnx {

/// What attributes tell a cast.
struct CastRules {
    bool saturate = true;                              ///< for floats of 8 bits
    Rounding scale_rounding = Rounding::AwayFromZero;  ///< to FLOAT8E8M0
};

/// A number as a code of any type, as Cast has it: rounded once.
std::uint64_t cast_code(const ElementType& to, const Exact& x, const CastRules& rules = {});

}  // namespace halfulp::onnx
