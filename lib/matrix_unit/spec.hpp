#pragma once

#include <cstdint>
#include <limits>
#include <string_view>

#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/name.hpp>
#include <halfulp/softfloat/rounding.hpp>

namespace halfulp {

/// In which order an instruction takes the elements of its K dimension.
enum class KOrder : std::uint8_t {
    Ascending,
    AlternatePairs,  ///< of every four, first the elements 0 and 1 of the whole instruction, then its elements 2 and 3
};

/// How well a field is known.
///   A  recorded hardware results refute its neighbours; the tests replay them (tests/replay/evidence_test.cpp)
///   B  published as checked on hardware
///   C  a single claim, or inferred from another row
///   D  disputed, or no known result depends on it
struct Evidence {
    char group;
    char fraction_bits;
    char exponent_floor;
    char rounding;
    std::string_view source;
};

/// A sum of which no bit is cut off: the fused multiply-add chain of binary64.
inline constexpr int every_bit = std::numeric_limits<int>::max();

/// What one matrix instruction does to a dot product, as data; mma_dot is the one algorithm that walks it. A new unit
/// is a new row of table.cpp.
struct MmaSpec {
    std::string_view gpu;          ///< its name in `gpus`
    std::string_view instruction;  ///< PTX names, separated by blanks, that compute so
    Format input;                  ///< of a and b
    Format accumulator;            ///< of c and d
    Format multiplied;             ///< the format in which a and b meet the multiplier: input, unless it is emulated
    Format kept;                   ///< what of the accumulator survives a block: accumulator, or fewer bits of it
    int group;                     ///< products that are aligned, summed and rounded together: a block
    int fraction_bits;             ///< bits kept below the largest exponent of a block; every_bit: all of them
    int exponent_floor;            ///< the exponent that a block is aligned to is never lower
    Rounding rounding;             ///< of the block's sum into `kept`; overflow is infinite in every rounding
    Evidence evidence;
    KOrder order = KOrder::Ascending;
    bool c_last = false;  ///< blocks start from 0 and c is added afterwards, rounded to nearest even
};

/// A GPU with recordings or rows of its own, and others whose matrix unit is the same.
struct Gpu {
    std::string_view name;
    std::string_view architecture;
    Aliases aliases;
};

}  // namespace halfulp
