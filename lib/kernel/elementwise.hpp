#pragma once

#include <cstdint>
#include <span>
#include <variant>

#include <halfulp/lib/kernel/batch.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/format.hpp>
#include <halfulp/softfloat/operation.hpp>

// Every operation on arrays whose formats are known at run time: by the kernels of convert.hpp and arithmetic.hpp where
// these take them, else an element after another by halfulp::compute. Bits and flags are those of halfulp::compute
// either way.

namespace halfulp::kernel {

/// Codes in words that are wide enough for them; bits above the format's width are ignored.
using CodeArray = std::variant<std::span<const std::uint8_t>, std::span<const std::uint16_t>,
                               std::span<const std::uint32_t>, std::span<const std::uint64_t>>;

/// Where results go.
using ResultArray =
    std::variant<std::span<std::uint8_t>, std::span<std::uint16_t>, std::span<std::uint32_t>, std::span<std::uint64_t>>;

/// An array of numbers. Where an operation takes an integer, these are integers of 64 bits, and no format is read.
struct NumberArray {
    Format format;    ///< of the numbers
    CodeArray codes;  ///< one a number; of integers, their bits in two's complement
};

/// results[i] is the operation on element i of each operand, rounded once to `to`, as halfulp::compute has it; Stochastic
/// reads draw(draws, i) as Env::random. Returns the flags of all elements together, and those of each in `each` unless
/// that is empty. The results may replace an operand with codes in words of one width, and else overlap nothing. Throws
/// std::invalid_argument, before anything is written, unless there are as many operands as the operation has, all of one
/// length with the results, in words that hold their codes; and of an operation that delivers the first operand's
/// format, unless `to` is that.
Status elementwise(Operation operation, const Format& to, std::span<const NumberArray> operands,
                   const ResultArray& results, const Env& env = {}, std::span<Status> each = {},
                   const Draws& draws = {});

}  // namespace halfulp::kernel
