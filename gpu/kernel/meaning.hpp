#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>

#include <halfulp/lib/accumulate/order.hpp>
#include <halfulp/lib/matrix_unit/element.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/operation.hpp>

// What kernels compute, a struct a kind: enough for a walk over the table to compute the same elsewhere. Roundings are
// to nearest even where nothing is said; NaN results are those of NanPolicy::Cuda; subnormal numbers are kept. x, y, a,
// b, c, d are the kernels' arrays.

namespace halfulp::gpu {

/// y[i] = x[i] as a code of `to`, by PTX's cvt.
struct Conversion {
    Format from, to;                            ///< of x and of y
    Rounding rounding = Rounding::NearestEven;  ///< of what `to` lacks
    Overflow overflow = Overflow::ByRounding;   ///< beyond the largest number
    bool relu = false;                          ///< what is negative becomes +0
};

/// y[i] = x[i], a bf16 code, as the upper half of a binary32 code: NaNs too.
struct UpperHalf {};

/// y[i] = x[i], a binary32 code, as one of `to`, by narrow::convert with the rounding, the overflow and the seed that
/// the kernel is given.
struct AnyConversion {
    Format to;  ///< of y
};

/// d[i] = operation(a[i], b[i], c[i]), of as many operands as there are.
struct Arithmetic {
    Operation operation;  ///< of at most three operands
    Format format;        ///< of operands and results
};

/// y[i] = x[0] + ... + x[i], one after another.
struct RunningSum {
    Format format;  ///< of terms and sums
};

/// y[0] = the sum of n terms in an order of lib/accumulate; lanes and blocks have `count` of the kernel's arguments.
struct OrderedSum {
    Format format;                                    ///< of terms and sum
    Grouping grouping;                                ///< of the terms
    Accumulation accumulation = Accumulation::Plain;  ///< within a group
};

/// How the sums of lanes come together.
enum class Tree : std::uint8_t {
    Halves,  ///< 0 and 1, 2 and 3, ..., then the sums of two: halves of lib/accumulate
    Folded,  ///< with 32 lanes, 0 and 16, 1 and 17, ..., then the sums 0 and 8, ...
};

/// y[row] = the sum of n terms of each row of m, widened to `sum`: term i goes to lane i mod `lanes`, where it is added
/// from +0 on, and then the lanes come together.
struct LaneSum {
    Element term, sum;    ///< of terms and of sums
    std::uint32_t lanes;  ///< how many
    Tree tree;            ///< how they come together
};

/// The same of products a * b, which are added by fused multiply-adds; lanes in halves. Each row of m has its b.
struct LaneDot {
    Element term, sum;    ///< of factors and of sums
    std::uint32_t lanes;  ///< how many
};

/// The same with one vector for all rows: y = A x, of m x k.
struct MatrixVector {
    Element term, sum;    ///< of factors and of sums
    std::uint32_t lanes;  ///< how many
};

/// D = A B: each number is a chain over ascending k from +0, of that instruction (the last one filled up with zeros),
/// or of fused multiply-adds where there is none. B is given column after column.
struct MatrixProduct {
    Element term, sum;             ///< of factors and of sums
    std::string_view instruction;  ///< by PTX's name, as find_instruction takes it
};

/// d = clamp(nearest(binary32(sum) * scale[column]) + zero_point) to s8, of the sums that a product of s8 gives.
struct RequantisedProduct {
    std::string_view instruction;  ///< by PTX's name, as find_instruction takes it
};

/// m times d = a b + c by one instruction; B is given column after column.
struct OneInstruction {
    std::string_view name;  ///< by PTX's name, as find_instruction takes it
};

/// 4 tiles for each of m, of an instruction, or numbers of binary32, by fused multiply-adds, where there is none: d = c, and
/// then d = a b + d, `each` times for each of k.
struct OperationChain {
    std::string_view instruction;  ///< by PTX's name; empty for fused multiply-adds
    std::uint32_t each;            ///< operations for each of k
};

/// y = x.
struct Copy {};

/// y[i] = x[0] + ... + x[i] by an instruction that multiplies a block of terms by 1: the partial sums of a block are
/// what it gives with the other terms 0, and c is the sum of the blocks before.
struct BlockedSum {
    Format term, sum;              ///< of terms and of sums
    std::string_view instruction;  ///< by PTX's name, as find_instruction takes it
};

/// y: m t u22 s y2 x2 v w x1 of each of n systems x: a11 a12 a21 a22 c1 c2, in the order of lib/exercise/condition.
struct Elimination {
    Format format;  ///< of all numbers
};

/// y[i] = x[i] / scale in binary32, rounded to an integer, plus zero_point, clamped: to the codes of an element, or to
/// least and greatest, without a zero point, if it is s32.
struct Quantisation {
    Element code;                               ///< of y
    Rounding rounding = Rounding::NearestEven;  ///< to an integer
};

/// y[i] = (x[i] - zero_point) * scale in binary32.
struct Dequantisation {
    Element code;  ///< of x
};

/// The two after each other by s8; `reciprocal`: by x[i] * (1 / scale) instead of x[i] / scale.
struct FakeQuantisation {
    bool reciprocal;  ///< whether the division is a multiplication
};

/// y[i] = x[i] * factor in binary32, and that in `stored`.
struct LossScaling {
    Format stored;  ///< of y
};

/// y[i] = x[i] * inverse in binary32, from codes of `stored`; found_inf[0] = 1 if some x[i] is infinite or NaN, else it
/// is left as it is. binary32 in place.
struct LossUnscaling {
    Format stored;  ///< of x
};

/// What a kernel computes, as one of these.
using Meaning =
    std::variant<Conversion, UpperHalf, AnyConversion, Arithmetic, RunningSum, OrderedSum, LaneSum, LaneDot,
                 MatrixVector, MatrixProduct, RequantisedProduct, OneInstruction, BlockedSum, Elimination, Quantisation,
                 Dequantisation, FakeQuantisation, LossScaling, LossUnscaling, OperationChain, Copy>;

/// In words: "fp32 to fp16, TowardZero", "sums of rows, fp16 in fp32, 32 lanes in halves".
std::string describe(const Meaning& meaning);

}  // namespace halfulp::gpu
