#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/diagnose/predict.hpp>

namespace halfulp {

/// How far a hypothesis is from what the tables have.
enum class Usage : std::uint8_t {
    Plain,    ///< a unit of the table, K in one slice
    Usual,    ///< what kernels do around it
    Unusual,  ///< what only faults do, or units that are not in the table
};

/// One way to compute a product of matrices, and what it is called.
struct Hypothesis {
    std::string name;            ///< of the unit
    std::string change;          ///< what the unit has otherwise than its table; empty if nothing
    Unit unit;                   ///< that multiplies
    GemmPlan plan;               ///< what is around it
    Usage usage = Usage::Plain;  ///< how likely it is
};

/// "A100 mma.sync fp16->fp32, blocks of 16, split-K by 4": the unit, its change, and what the plan has unusual.
std::string text_of(const Hypothesis& hypothesis);

/// What is known of how a result was made.
struct GemmQuestion {
    OperandKinds operands;        ///< what A and B consist of
    Element output;               ///< of D
    bool has_c = false;           ///< and beta is not 0
    double alpha = 1, beta = 1;   ///< factors of A B and of C
    std::int32_t zero_point = 0;  ///< of D where it has integers of at most 8 bits
    bool integers_start = false;  ///< C is of integers: it starts the accumulator
    bool may_flush = false;       ///< an operand is subnormal, or an element of D subnormal or zero
    bool has_zero = false;        ///< D has
    bool is_fp16 = true;          ///< every element of D is a number of binary16
};

/// What the matrices tell. Pre: the shapes agree.
GemmQuestion question_of(const Gemm& gemm, const Matrix& d, double alpha = 1, double beta = 1,
                         std::int32_t zero_point = 0);

/// A unit with the plain plan: C starts the accumulator, or comes in the epilogue where alpha and beta are not 1. Where D
/// has integers of at most 8 bits, the sums are requantised.
Hypothesis as_asked(const NamedUnit& unit, const GemmQuestion& question);

/// The units of that name which take the operands, each with the plain plan; those that accumulate in fp16 only if D may be
/// theirs, or there is no other. Throws InputError if there is none.
std::vector<Hypothesis> asked_by_name(std::string_view name, const GemmQuestion& question);

/// The one unit of that name which takes the operands, with that plan or, without it, the plain one. Throws InputError if
/// there is none, or more than one, and as predict does.
Hypothesis asked_alone(std::string_view name, const Gemm& gemm, const std::optional<GemmPlan>& plan = {});

/// Everything that could have made such a result: the units that take the operands, as they are; then each with one thing
/// changed. In the order of Usage, the units that were asked about first in each. Throws InputError if there is none.
std::vector<Hypothesis> hypotheses(const GemmQuestion& question, const std::vector<Hypothesis>& asked = {});

}  // namespace halfulp
