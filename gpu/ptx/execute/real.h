#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <string>

#include <halfulp/gpu/ptx/module.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

// How PTX computes with f32 and f64: results that are NaN are one NaN.

namespace halfulp::ptx {

template <class T>
inline constexpr Format format_of = sizeof(T) == 4 ? binary32 : binary64;

template <class T>
using Bits = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;

/// PTX ISA, "Floating Point Instructions": single precision results that are NaN are 0x7fffffff.
template <class T>
inline constexpr Bits<T> nan_bits = static_cast<Bits<T>>(default_nan(format_of<T>, NanPolicy::Cuda));

template <class T>
T canonical(T x) {
    return std::isnan(x) ? std::bit_cast<T>(nan_bits<T>) : x;
}

/// The rounding that a word among the modifiers names: .rn .rz .rm .rp and, of integers, .rni .rzi .rmi .rpi.
inline Rounding rounding_of(const Instruction& x) {
    if (x.has("rz") || x.has("rzi")) return Rounding::TowardZero;
    if (x.has("rm") || x.has("rmi")) return Rounding::Down;
    if (x.has("rp") || x.has("rpi")) return Rounding::Up;
    if (x.has("rna")) return Rounding::NearestAway;
    return Rounding::NearestEven;
}

/// Rounded as one says: nearest by this computer, which then must be in that mode, and the others by the emulator.
template <Operation operation, Rounding rounding, class T, class... A>
T rounded(T nearest, A... operands) {
    if constexpr (rounding == Rounding::NearestEven) {
        return canonical(nearest);
    } else {
        const std::array all{halfulp::Operand{format_of<T>, std::bit_cast<Bits<T>>(operands)}...};
        const Env env{.rounding = rounding, .nan = NanPolicy::Cuda};
        return std::bit_cast<T>(static_cast<Bits<T>>(compute(operation, format_of<T>, all, env).code));
    }
}

}  // namespace halfulp::ptx
