#pragma once

#include <cstdint>

#include <halfulp/softfloat/classify.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/env.hpp>

namespace halfulp {

/// A code and what it is a code of: operations take any mix of formats.
struct Operand {
    Format format;       ///< in which the code is read
    std::uint64_t code;  ///< of that format

    constexpr bool is_nan() const { return format.is_nan(code); }  ///< is it no number?
    /// does it signal invalid when it is used?
    constexpr bool is_signaling() const { return format.is_signaling(code); }
};

/// Its exact value; a signaling NaN has raised invalid.
constexpr Exact decode(const Operand& x) { return decode(x.format, x.code); }

/// An operand as an operation sees it, and the exceptions of seeing it.
struct Input {
    Operand operand;  ///< a zero where it was flushed
    Status status;    ///< input_denormal if it was
};

/// Bits above the format's width are ignored. Where env says so, a subnormal number becomes the zero of its sign and
/// signals input_denormal.
constexpr Input input_of(const Operand& x, const Env& env) {
    const Operand whole{x.format, x.code & x.format.code_mask()};
    if (!env.flush_inputs || !is_subnormal(whole.format, whole.code)) return {whole, {}};
    const bool negative_zero = is_negative(whole.format, whole.code) && whole.format.has_negative_zero;
    return {{x.format, negative_zero ? x.format.sign_bit() : 0}, {.input_denormal = true}};
}

}  // namespace halfulp
