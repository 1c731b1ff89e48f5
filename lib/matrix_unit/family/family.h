#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include <halfulp/lib/matrix_unit/spec.hpp>
#include <halfulp/softfloat/exact.hpp>
#include <halfulp/softfloat/operand.hpp>

// The algorithms of matrix units, a file each: what becomes of a group of products and the running value.

namespace halfulp {

/// An element of A or B, decoded.
struct Factor {
    Kind kind;
    bool negative;
    int exp;
    std::uint64_t sig;

    explicit constexpr Factor(const Exact& x)
        : kind(x.kind), negative(x.negative), exp(x.exp), sig(static_cast<std::uint64_t>(x.sig)) {}
    constexpr Exact value() const { return {.kind = kind, .negative = negative, .exp = exp, .sig = sig}; }
};

/// One side of products that are taken together, in the order in which the unit takes them: elements as codes of
/// operand_format, flushed where the row flushes, or decoded where the family is one of numbers; and the scales of their
/// blocks.
struct Factors {
    std::span<const std::uint64_t> codes;
    std::span<const Factor> numbers;
    std::span<const std::uint64_t> scales;
};

struct Group {
    Factors a, b;
};

/// Does the family's algorithm take elements decoded? Those that do not let softfloat's operations decode them.
constexpr bool takes_numbers(Family family) {
    return family != Family::ExactSum && family != Family::RoundedTree && family != Family::TwoChains;
}

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

/// A number as the unit reads it: where subnormal numbers become +0, so does -0.
constexpr std::uint64_t flushed(const MmaSpec& spec, const Format& format, std::uint64_t code) {
    if (spec.subnormals == Subnormals::Kept || (code & format.magnitude_mask()) >= format.min_normal_code())
        return code;
    return spec.subnormals == Subnormals::FlushedPositive ? 0 : code & format.sign_bit();
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
