#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

// Which kernel multiplies bytes without losing a bit. VPMADDUBSW multiplies unsigned by signed bytes and sums two products
// with saturation to 16 bits; what was cut off is silently wrong. Whether that can happen is decided by the signed bytes,
// the weights, and the largest unsigned one: a sum is largest where the factors of all positive weights are the largest,
// and those of the others 0.
//
// There is no kernel by VPSIGNB and VPMADDUBSW, which is exact but for the weight -128: it takes as many instructions as the
// widened one, three of them for the two ports of an Intel core that multiply, and was slower (127 to 136 Gop/s of AVX2 in
// the first cache, Xeon of model 207).

namespace halfulp::kernel {

/// Of groups of weights: the largest sum of positive ones, and the least of negative ones.
struct WeightSums {
    int positive = 0, negative = 0;
};

/// Whether the products of a group have a sum in 16 bits, whatever the factors from 0 to `largest` are. Exact: if not, some
/// factors overflow.
constexpr bool fit_16_bits(const WeightSums& sums, int largest) {
    return largest * sums.positive <= INT16_MAX && largest * sums.negative >= INT16_MIN;
}

/// Of a panel: over all pairs of weights that one VPMADDUBSW sums, and over the fours that two of them do.
struct PanelWeights {
    WeightSums pairs, fours;
};

enum class Int8Kernel : std::uint8_t { DotOfFour, TwoPairs, OnePair, Widened, Plain };

/// A kernel: sums that it takes in 16 bits must fit.
struct Int8KernelRow {
    Int8Kernel kernel;
    std::string_view name;
    std::string_view condition;     ///< on weights w and the range r of the factors, a - min(a)
    std::string_view instructions;  ///< for one vector of weights
    std::size_t group;              ///< products summed in 16 bits; 1: none are
};

/// The quickest first, of those that a CPU has.
inline constexpr std::array<Int8KernelRow, 5> int8_kernels = {{
    {Int8Kernel::DotOfFour, "dot of four", "none", "VPDPBUSD (AVX-512 VNNI)", 1},
    {Int8Kernel::TwoPairs, "two pairs", "r * sum of a sign's w in fours fits 16 bits",
     "VPMADDUBSW, half a VPADDW, VPMADDWD and VPADDD", 4},
    {Int8Kernel::OnePair, "one pair", "r * sum of a sign's w in pairs fits 16 bits", "VPMADDUBSW, VPMADDWD, VPADDD", 2},
    {Int8Kernel::Widened, "widened", "none", "two VPMADDWD and VPADDD, on 16-bit operands", 1},
    {Int8Kernel::Plain, "plain", "none", "those of the compiler", 1},
}};

constexpr const Int8KernelRow& row_of(Int8Kernel kernel) { return int8_kernels[static_cast<std::size_t>(kernel)]; }

/// Whether a kernel is exact on a panel. largest: of the factors.
constexpr bool is_exact(Int8Kernel kernel, const PanelWeights& weights, int largest) {
    switch (row_of(kernel).group) {
        case 4: return fit_16_bits(weights.fours, largest);
        case 2: return fit_16_bits(weights.pairs, largest);
        default: return true;
    }
}

}  // namespace halfulp::kernel
