#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include <halfulp/lib/matrix_unit/element.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/name.hpp>
#include <halfulp/softfloat/rounding.hpp>

namespace halfulp {

/// What a unit does to a block of products and the running value; family/family.h has an algorithm for each.
enum class Family : std::uint8_t {
    AlignedSum,     ///< all terms aligned to the largest exponent, cut off towards zero, summed, rounded once: NVIDIA
    ScaledGroups,   ///< as before, of exact sums of 16 products each, aligned by their scales: NVIDIA's mxf4
    ExactSum,       ///< nothing cut off, rounded once; in groups of 1 a chain of fused multiply-adds
    RoundedTree,    ///< each product rounded, then added in a tree, then to the running value, each sum rounded
    TwoChains,      ///< chains of fused multiply-adds over the even and the odd k, added, then to the running value
    FlooredSum,     ///< products aligned and cut off towards zero, c and their sum towards minus infinity: CDNA3
    FlooredHalves,  ///< the same, of the even and the odd k apart: CDNA3's fp8
    Integers,       ///< exact, 32 bits wide: wraps, or saturates after each group
};

/// In which order an instruction takes the elements of its K dimension.
enum class KOrder : std::uint8_t {
    Ascending,
    AlternatePairs,  ///< of every four, first the elements 0 and 1 of the whole instruction, then its elements 2 and 3
    OddFirst,        ///< 1 0 3 2 5 4 ...
};

/// What becomes of subnormal numbers.
enum class Subnormals : std::uint8_t {
    Kept,
    Flushed,  ///< operands, c and every rounded result to the zero of their sign: x86's DAZ and FTZ, Arm's BFDOT
    FlushedPositive,  ///< operands and c, -0 too, to +0, every rounded result to the zero of its sign: CDNA2
};

/// The sign of a sum that is zero, on which publications differ.
enum class ZeroSign : std::uint8_t {
    MmaSim,        ///< -0 if every term is -0, and if a negative number underflows; else +0
    PositiveZero,  ///< always +0
    PositiveSum,   ///< +0 if the exact sum is 0; what underflows keeps its sign
};

/// Numbers that multiply blocks of products: each matrix has one for every `block` elements along k.
struct Scaling {
    Format format;  ///< of a scale
    int block;      ///< elements that share one

    friend constexpr bool operator==(const Scaling&, const Scaling&) = default;
};

/// How well a field is known.
///   A  recorded results of hardware refute every change of it that tests/replay/evidence_test.cpp tries
///   B  published as checked on hardware, or stated by the architecture's manual
///   C  a single claim, or inferred from another row
///   D  disputed, or no known result depends on it
struct Evidence {
    char group;               ///< of the block's length
    char fraction_bits;       ///< of the bits that are kept
    char exponent_floor;      ///< of the least exponent to which terms are aligned
    char rounding;            ///< and what survives it: `kept`, or `saturates` of integers
    std::string_view source;  ///< publications, by their short names

    friend constexpr bool operator==(const Evidence&, const Evidence&) = default;
};

/// Of a sum no bit is cut off: every family but the aligned and floored ones.
inline constexpr int every_bit = std::numeric_limits<int>::max();

/// What one matrix instruction does to a dot product, as data; mma_dot walks it. A new unit is a new row in rows/.
struct MmaSpec {
    std::string_view processor;    ///< its name in `processors`
    std::string_view instruction;  ///< names, separated by blanks, that compute so
    Element a, b;                  ///< of the factors
    Element accumulator;           ///< of c and d
    Family family;                 ///< how a block is summed
    int group;                     ///< products that are taken together: a block
    Rounding rounding;             ///< of the block's sum into `kept`; overflow is infinite in every rounding
    Evidence evidence;             ///< how well each field is known

    Format kept = accumulator.format;  ///< what of the accumulator survives a block: all of it, or fewer bits
    int fraction_bits = every_bit;     ///< bits kept below the largest exponent of a block
    int exponent_floor = 0;            ///< the exponent that a block is aligned to is never lower: aligned families
    std::optional<int> km_floor = {};  ///< KM's exponent_floor, where it is another one
    std::optional<Format> multiplied = {};  ///< what a and b are converted to before all else, if they are
    KOrder order = KOrder::Ascending;       ///< of elements within an instruction
    bool c_last = false;                    ///< blocks start from 0 and c is added afterwards, rounded to nearest even
    Subnormals subnormals = Subnormals::Kept;  ///< what becomes of them
    NanPolicy nan = NanPolicy::Cuda;           ///< of results
    ZeroSign zero_sign = ZeroSign::MmaSim;     ///< of sums that are zero
    std::optional<Scaling> scaling = {};       ///< where blocks share scales
    bool saturates = false;                    ///< integers only

    friend constexpr bool operator==(const MmaSpec&, const MmaSpec&) = default;
};

/// Neighbours along k within which the order stays: a group, or two of which each takes a part.
constexpr int step_of(const MmaSpec& spec) { return spec.order == KOrder::Ascending ? spec.group : 2 * spec.group; }

/// A processor with rows of its own, and others whose matrix unit is the same.
struct Processor {
    std::string_view name;          ///< as units are called after it
    std::string_view architecture;  ///< with its numbers, separated by blanks, such as sm_80
    Aliases aliases;                ///< GPUs that compute as it does

    /// is it one of NVIDIA's?
    constexpr bool is_nvidia() const { return architecture.find("sm_") != std::string_view::npos; }
};

/// Answers to the points on which publications differ.
struct MmaOptions {
    /// The least exponent of fp16 accumulators, on which publications differ.
    enum class Fp16Floor : std::uint8_t {
        MmaSim,  ///< 3 - F of the generation where mma.sync accumulates in binary16
        KM,      ///< one higher; of Ada's fp8 that of binary32
    };

    ZeroSign zero_sign = ZeroSign::MmaSim;     ///< of sums that are zero
    Fp16Floor fp16_floor = Fp16Floor::MmaSim;  ///< of fp16 accumulators
};

/// The row with other answers. The defaults change nothing.
constexpr MmaSpec with_options(MmaSpec spec, const MmaOptions& options) {
    if (options.zero_sign == ZeroSign::PositiveZero) spec.zero_sign = ZeroSign::PositiveZero;
    if (options.fp16_floor == MmaOptions::Fp16Floor::KM && spec.km_floor) spec.exponent_floor = *spec.km_floor;
    return spec;
}

}  // namespace halfulp
