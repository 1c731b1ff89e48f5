#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include <halfulp/lib/matrix_unit/element.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/name.hpp>

namespace halfulp {

/// Which tiles of K a slice takes, and in which order.
enum class TileOrder : std::uint8_t {
    Ascending,    ///< slice 0 the first ones, slice 1 the next ones, ...
    Interleaved,  ///< slice s takes tile s, s + split_k, s + 2 split_k, ...: the warps of a sliced K
    Descending,   ///< as Ascending, but each slice takes its last tile first
};

/// How the slices' sums come together.
enum class Merge : std::uint8_t {
    Forward,  ///< ((s0 + s1) + s2) + ...
    Halves,   ///< the first half of the slices plus the second, each merged in the same way
};

/// Where C comes in.
enum class CPlace : std::uint8_t {
    Start,     ///< it is the first value of the accumulator of slice 0; beta is 1
    Epilogue,  ///< scaled by beta, it is added to the finished sum
};

/// What a kernel does around its matrix unit, as data. K is cut into tiles of tile_k elements (the last may be shorter),
/// the tiles are dealt out to split_k slices of equally many (the last may have fewer), each slice is summed by the unit
/// from +0, the sums are merged, and the epilogue makes D of what they give:
///     D = round(round(alpha * acc))                          without C, with beta = 0, or if C starts the accumulator
///     D = round(fma(alpha, acc, round(beta * C)))            else
/// where the inner roundings are to `accumulator` and the last one is to `output`. Integers are merged, and C is added to
/// them, modulo 2^32, and alpha is 1 and beta 0 or 1, unless `accumulator` makes numbers of the slices' sums. From numbers
/// an `output` of integers of at most 8 bits is requantised: the last rounding is to a whole number by `requantised`, the zero
/// point is added, and the sum clamped. That is ONNX's QuantizeLinear; its QLinearMatMul with a zero point of 0 for A and B,
/// and alpha = scale of A * scale of B / scale of D.
struct GemmPlan {
    std::size_t tile_k = 0;                        ///< 0: as many as the unit takes at once
    TileOrder order = TileOrder::Ascending;        ///< of tiles
    std::size_t split_k = 1;                       ///< how many slices; at least 1
    Merge merge = Merge::Forward;                  ///< of the slices' sums
    CPlace c = CPlace::Start;                      ///< where C comes in
    double alpha = 1, beta = 1;                    ///< rounded to `accumulator`
    std::optional<Format> accumulator = {};        ///< of merges and epilogue; without it the unit's
    std::optional<Element> output = {};            ///< of D; without it `accumulator`
    Rounding requantised = Rounding::NearestEven;  ///< of numbers to integers
    std::int32_t zero_point = 0;                   ///< of D where it is requantised
    Rounding operands = Rounding::TowardZero;  ///< of A and B to the unit's formats where they are wider: fp32 for tf32
    Env env = {.nan = NanPolicy::Cuda};        ///< of all that the unit does not do, and of plain sums; of its
                                               ///< flushing the unit's operands take note too
};

/// What differs from a plan of defaults: "split-K by 4, merged in halves"; empty if nothing does.
std::string text_of(const GemmPlan& plan);

}  // namespace halfulp
