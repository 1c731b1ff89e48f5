#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include <halfulp/lib/matrix_unit/spec.hpp>
#include <halfulp/softfloat/exact.hpp>
#include <halfulp/softfloat/operand.hpp>

// The algorithms of matrix units, a file each: what becomes of a group of products and the running value.

namespace halfulp {

/// Products that are taken together, as codes of operand_format, flushed where the row flushes, in the order in which the unit takes them, and the
/// scales of their blocks.
struct Group {
    std::span<const std::uint64_t> a, b;
    std::span<const std::uint64_t> a_scales = {}, b_scales = {};
};

inline constexpr int largest_group = 64;  ///< products of a row's group

/// The value so far, a code of the accumulator; nothing at the start of a step of rows that add c last.
using Running = std::optional<std::uint64_t>;

std::uint64_t aligned_sum(const MmaSpec& spec, const Group& group, const Running& d);
std::uint64_t scaled_groups(const MmaSpec& spec, const Group& group, const Running& d);
std::uint64_t exact_sum(const MmaSpec& spec, const Group& group, const Running& d);
std::uint64_t rounded_tree(const MmaSpec& spec, const Group& group, const Running& d);
std::uint64_t two_chains(const MmaSpec& spec, const Group& group, const Running& d);
std::uint64_t floored_sum(const MmaSpec& spec, const Group& group, const Running& d);
std::uint64_t integer_sum(const MmaSpec& spec, const Group& group, const Running& d);

/// The format in which a or b meets the multiplier.
constexpr const Format& operand_format(const MmaSpec& spec, const Element& element) {
    return spec.multiplied ? *spec.multiplied : element.format;
}

/// What a row's operations are told. Operands and c have been flushed before.
constexpr Env env_of(const MmaSpec& spec) {
    return {.rounding = spec.rounding,
            .overflow = Overflow::ToInfinity,
            .flush_outputs = spec.subnormals == Subnormals::Kept ? Flush::Never : Flush::AfterRounding,
            .nan = spec.nan};
}

/// A result as it is left in the accumulator: rounded to `kept`, whose numbers the accumulator has too.
std::uint64_t to_accumulator(const MmaSpec& spec, const Sticky& result);

/// The code with the sign that the row gives to zeros: to exact ones, or to all.
constexpr std::uint64_t with_zero_sign(const MmaSpec& spec, std::uint64_t code, bool is_exact) {
    const bool is_zero = (code & spec.accumulator.format.magnitude_mask()) == 0;
    const bool is_positive =
        spec.zero_sign == ZeroSign::PositiveZero || (spec.zero_sign == ZeroSign::PositiveSum && is_exact);
    return is_zero && is_positive ? 0 : code;
}

}  // namespace halfulp
