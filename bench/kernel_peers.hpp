#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

// What others do with the same arrays, to nearest even and without flags: Eigen, compiled for AVX2, FMA and F16C, and
// Debian's libfp16 (Maratyszcza's FP16), whose functions take one number, in a loop for the compiler to vectorise; and the
// CPU's own conversion instructions in the shortest loop.

namespace halfulp::bench {

using Narrow = void (*)(const float*, std::uint16_t*, std::size_t);
using Widen = void (*)(const std::uint16_t*, float*, std::size_t);
using Compute = void (*)(const std::uint16_t*, const std::uint16_t*, std::uint16_t*, std::size_t);

/// A null pointer is a function that the peer does not have.
struct Peer {
    std::string_view name;
    Narrow narrow_half, narrow_bfloat16;
    Widen widen_half, widen_bfloat16;
    Compute add_half, mul_half, div_half, sqrt_half, add_bfloat16, mul_bfloat16, div_bfloat16, sqrt_bfloat16;
};

/// Pre: this CPU has what they were compiled for.
extern const Peer eigen, libfp16, f16c;
bool cpu_runs_peers();

}  // namespace halfulp::bench
