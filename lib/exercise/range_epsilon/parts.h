#pragma once

#include <cstdint>
#include <vector>

#include <halfulp/lib/exercise/exercise.hpp>
#include <halfulp/softfloat/format.hpp>

// The parts of exercise 1, a file each. Everything is observed by conversions from and to binary32, which has every fp16
// and bf16 number, and whose positive codes count upwards through its numbers.

namespace halfulp {

constexpr std::uint64_t one_fp32 = 0x3F800000;
constexpr std::uint64_t largest_fp32 = 0x7F7FFFFF;

/// What is read off a format's numbers: the largest, the smallest, distances.
std::vector<Question> property_questions(const Format& f);

/// Where conversion from binary32 changes its result: the unit roundoff, overflow, flushing to 0, and how many codes
/// lie beyond.
std::vector<Question> threshold_questions(const Format& f);

/// How many numbers there are, how close they come to any other, and to how many decimal digits.
std::vector<Question> precision_questions(const Format& f);

}  // namespace halfulp
