#pragma once

#include <cstddef>
#include <functional>

#include <halfulp/softfloat/float.hpp>

/// Equal numbers of a format hash alike: +0 as -0. A NaN, which equals nothing, hashes by its code.
template <halfulp::Format F>
struct std::hash<halfulp::Float<F>> {
    std::size_t operator()(halfulp::Float<F> x) const noexcept {
        using Code = halfulp::CodeOf<F>;
        const bool is_zero = halfulp::decode(x).is_zero();
        return std::hash<Code>{}(is_zero ? Code{0} : x.code);
    }
};
