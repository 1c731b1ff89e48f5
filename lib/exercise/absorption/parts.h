#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/exercise/exercise.hpp>
#include <halfulp/lib/truth/rational.hpp>
#include <halfulp/softfloat/format.hpp>

// The parts of exercise 2, a file each.

namespace halfulp {

/// What is published of a generation's matrix unit (arXiv:2511.10909, table 4), and the GPUs that share it.
struct UnitFacts {
    std::size_t block;  ///< products that are summed exactly before they are rounded
    int fraction_bits;  ///< bits kept below the largest term of a block
    std::vector<std::string_view> gpus;
};

inline const std::array unit_facts = {UnitFacts{4, 23, {"V100"}}, UnitFacts{8, 24, {"T4", "A100", "Ada"}},
                                      UnitFacts{16, 25, {"H100", "B200"}}};

/// "T4, A100, Ada".
std::string names_of(const UnitFacts& unit);

/// Single additions: ties, what a number absorbs, and what a subtraction never loses.
std::vector<Question> addition_questions();

/// The exact average of x rounded stochastically to f over all 2^bits draws of so many random bits. Pre: bits is 1 to 63,
/// and x no overflow.
truth::Rational stochastic_average(const Format& f, const truth::Rational& x, int bits);

/// The averages for 1 random bit to as many as make it right. Pre: f does not have x.
Fact stochastic_fact(const Format& f, const truth::Rational& x);

/// A paragraph: when stochastic rounding is right on average, and how far it is off otherwise.
std::string stochastic_explained();

/// The sum of n ones: where it sticks, in a loop and in a matrix unit.
std::vector<Question> ones_questions();

/// What a matrix unit cuts off below the largest term of a block.
std::vector<Question> alignment_questions();

/// One hard sum in every order and accumulator, and what the answers teach.
struct PeakSum {
    std::vector<Question> questions;
    std::string conclusion;
};
PeakSum peak_sum();

}  // namespace halfulp
