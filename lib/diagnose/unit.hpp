#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <halfulp/lib/diagnose/plain_sum.hpp>
#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

/// What multiplies a slice of A by one of B: a matrix unit, or plain arithmetic. Rows of their tables, or made up.
using Unit = std::variant<MmaSpec, PlainSum>;

/// A unit of a table with all the names it goes by: several GPUs may compute alike.
struct NamedUnit {
    std::string name;   ///< the first of the names
    Unit unit;          ///< the row
    std::size_t k = 0;  ///< of the instruction that was named; 0: any
};

/// Matrix units that compute alike are one row; plain sums follow.
std::vector<NamedUnit> all_units();

/// The row of all_units() that a unit of a table is in, named after that unit first.
std::optional<NamedUnit> row_of(const Unit& unit);

/// Do they give the same bits by the same rule?
bool compute_alike(const Unit& x, const Unit& y);

/// The rows of all_units() of that name, which is one of
///     a processor, formats and words of the row's instruction, separated by colons or blanks, or some of these, such as
///         A100:fp16-fp32, H100:wgmma:fp16-fp16, Ada:e4m3xe5m2-fp32
///     a processor, a colon and an instruction as find_instruction knows it
///     a plain sum
/// In their names the unit asked for comes first. Throws InputError, which lists the processor's units, if there is none.
std::vector<NamedUnit> find_units(std::string_view name);

/// The matrix unit of that name. Throws InputError unless it is one.
NamedUnit find_matrix_unit(std::string_view name);

/// What the rows of A and the columns of B consist of.
struct OperandKinds {
    Element a, b;                         ///< of A and of B
    std::optional<Scaling> scaling = {};  ///< where blocks share scales
    std::size_t k = 0;                    ///< elements of a row of A
};

/// "fp16 and bf16", "e2m1 and e2m1, a ue4m3 for 16 of them".
std::string text_of(const OperandKinds& operands);

/// Does the unit take them: as they are or, for tf32, binary32 rounded? Plain sums take all numbers, but no integers.
bool takes(const Unit& unit, const OperandKinds& operands);

/// Elements along k that the unit takes before it adds to what came before, in whole blocks of those that share a scale.
std::size_t step_of(const Unit& unit);

}  // namespace halfulp
