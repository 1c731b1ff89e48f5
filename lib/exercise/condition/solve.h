#pragma once

#include <array>
#include <optional>
#include <vector>

#include <halfulp/lib/exercise/condition/elimination.h>
#include <halfulp/lib/exercise/exercise.hpp>
#include <halfulp/lib/truth/solution_error.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

/// In which precisions exercise 3 solves.
inline constexpr std::array precisions = {Precision{binary64, binary64}, Precision{binary32, binary32},
                                          Precision{bfloat16, bfloat16}, Precision{binary16, binary16},
                                          Precision{binary16, binary32}};

/// The computed solution of the system with that matrix and the solution (1, -1), by definition. Empty if it is not
/// finite.
std::optional<truth::Vector2> computed_solution(const truth::Matrix2& a, const Precision& precision);

/// Its forward error, exactly.
std::optional<truth::Rational> computed_error(const truth::Matrix2& a, const Precision& precision);

/// Exercise 3, second part: systems solved by elimination.
std::vector<Question> solve_questions();

}  // namespace halfulp
