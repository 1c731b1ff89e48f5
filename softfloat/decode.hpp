#pragma once

#include <cstdint>

#include <halfulp/softfloat/exact.hpp>
#include <halfulp/softfloat/format.hpp>

namespace halfulp {

/// The value of a code, exactly. Bits above the format's width are ignored. A subnormal number keeps its leading
/// zeros, so that exp + fraction_bits is the exponent which hardware reads from the field. A signaling NaN decodes to
/// a NaN that raises invalid (IEEE 754-2019, 6.2).
constexpr Exact decode(const Format& f, std::uint64_t code) {
    code &= f.code_mask();
    if (f.is_nan(code)) return Exact::nan({.invalid = f.is_signaling(code)});
    const bool negative = (code & f.sign_bit()) != 0;
    const std::uint64_t magnitude = code & f.magnitude_mask();
    if (f.has_inf && magnitude == f.inf_code()) return Exact::inf(negative);
    if (magnitude == 0 && f.has_subnormals) return Exact::zero(negative);

    const std::uint64_t one = std::uint64_t{1} << f.fraction_bits();
    const bool subnormal = magnitude < f.min_normal_code();
    const int exponent = subnormal ? f.emin() : static_cast<int>(magnitude >> f.fraction_bits()) - f.bias;
    const std::uint64_t sig = (magnitude & (one - 1)) | (subnormal ? 0 : one);
    return Exact::finite(negative, exponent - f.fraction_bits(), sig);
}

}  // namespace halfulp
