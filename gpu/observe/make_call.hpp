#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include <halfulp/gpu/kernel/expected.hpp>

namespace halfulp::gpu {

/// Which numbers a kernel is given.
enum class InputClass : std::uint8_t {
    Exact,  ///< small integers, of which every sum and product here is a number of the format it is made in: any order and
            ///< any matrix unit gives the same, so that a kernel's data movement is judged alone
    Model,  ///< numbers of many exponents and both signs, which cancel, tie, underflow and overflow, with infinities and
            ///< NaNs: only the order and the unit that are meant give the same bits
    Tiny,  ///< the least numbers, of both signs, and few of them: their products are zeros of both signs, which show an
           ///< addition too many
};

/// Arrays and values for a kernel: the same for the same seed, on every machine.
Call make_call(const Kernel& kernel, const Sizes& sizes, InputClass numbers, std::uint64_t seed);

/// In the order in which kernels are tried.
inline constexpr std::array input_classes = {InputClass::Exact, InputClass::Model, InputClass::Tiny};

/// "exact", "model", "tiny".
std::string_view name_of(InputClass numbers);

/// Sizes at which the kernel has ragged ends, and more than one block where its grid grows.
Sizes ragged_sizes(const Kernel& kernel, InputClass numbers);

}  // namespace halfulp::gpu
