#include <halfulp/lib/matrix_unit/twin/aligned.h>

#include <algorithm>
#include <array>
#include <cmath>

#include <halfulp/lib/matrix_unit/family/family.h>
#include <halfulp/lib/matrix_unit/twin/numbers.h>
#include <halfulp/softfloat/contains.hpp>
#include <halfulp/softfloat/nan.hpp>

namespace halfulp::twin {
namespace {

constexpr int longest_group = 32, longest_of_groups = 64;  // products, and of these in exact groups

/// Whether the format lies within binary32, and products of two such numbers have at most 24 bits.
bool is_short(const Format& f) {
    return f.is_signed && f.has_subnormals && f.precision <= 12 && f.emin() >= binary32.emin() &&
           f.emax() <= binary32.emax();
}

bool is_operand(const MmaSpec& spec, const Element& x) {
    const Format& multiplied = operand_format(spec, x);
    return is_short(multiplied) && contains(multiplied, x.format);
}

/// Whether binary64 has the sum of a block: of products, or of exact groups of fp4 that binary32 has.
bool is_block(const MmaSpec& spec) {
    if (spec.fraction_bits > 40) return false;
    if (spec.family == Family::AlignedSum) return spec.group <= longest_group;
    return spec.family == Family::ScaledGroups && spec.a == e2m1 && spec.b == e2m1 &&
           spec.group % static_cast<int>(summed_exactly) == 0 && spec.group <= longest_of_groups;
}

/// Powers of two for whole blocks of products of little range, or numbers of few bits for whole exact groups.
bool is_scaling(const MmaSpec& spec) {
    if (!spec.scaling) return spec.family == Family::AlignedSum;
    const auto whole = [&](int part) { return spec.order == KOrder::Ascending && spec.scaling->block % part == 0; };
    if (spec.family == Family::ScaledGroups)
        return spec.scaling->format.precision <= 4 && whole(static_cast<int>(summed_exactly));
    return spec.scaling->format.precision == 1 && whole(spec.group) && operand_format(spec, spec.a).emax() <= 15 &&
           operand_format(spec, spec.b).emax() <= 15;
}

/// The kernel truncates to the normal numbers and the infinity of binary32 only.
bool is_rounding(const MmaSpec& spec) {
    if (spec.rounding == Rounding::TowardZero) return spec.kept.emin() == binary32.emin();
    return spec.rounding == Rounding::NearestEven;
}

/// Whether a block without products changes nothing: in a step of two blocks the second one may have none.
bool keeps_running(const MmaSpec& spec) {
    return step_of(spec) == spec.group || spec.fraction_bits >= spec.kept.fraction_bits();
}

}  // namespace

AlignedRule::AlignedRule(const MmaSpec& spec)
    : groups_in_step(static_cast<std::size_t>(step_of(spec) / spec.group)),
      c_last(spec.c_last),
      truncates(spec.rounding == Rounding::TowardZero),
      sums_groups(spec.family == Family::ScaledGroups),
      fits_binary32(!sums_groups && spec.fraction_bits <= 25),
      fraction_bits(spec.fraction_bits),
      exponent_floor(std::max(spec.exponent_floor, -beyond)),
      floor(std::max(spec.exponent_floor, least)),
      vanishing(spec.exponent_floor - spec.fraction_bits - 2),
      exact_from(spec.exponent_floor >= least ? of_running_minus_zero + 1 : least),
      emin(spec.accumulator.format.emin()),
      kept_bits(~std::uint64_t{0} << (binary64.precision - spec.kept.precision)),
      to_last_bit(std::ldexp(1.5, binary64.precision - spec.kept.precision)),
      last_bit(std::ldexp(1.0, 1 - spec.kept.precision)),
      smallest(std::ldexp(1.0, spec.kept.emin())),
      infinite(std::ldexp(1.0F, spec.kept.emax() + 1)),
      zero_sum(spec.zero_sign == ZeroSign::MmaSim ? -0.0F : 0.0F),
      zero(spec.zero_sign == ZeroSign::PositiveZero ? 0.0F : -0.0F) {}

bool Aligned::serves(const MmaSpec& spec) {
    const Format& accumulator = spec.accumulator.format;
    return is_block(spec) && is_scaling(spec) && spec.subnormals == Subnormals::Kept && is_operand(spec, spec.a) &&
           is_operand(spec, spec.b) && (accumulator == binary32 || is_short(accumulator)) && is_rounding(spec) &&
           (!spec.c_last || spec.kept == accumulator) && keeps_running(spec);
}

Aligned::Aligned(const Matrices& matrices, unsigned threads)
    : x_(matrices),
      rule_(x_.spec),
      operands_(x_, threads),
      nan_(default_nan(x_.spec.accumulator.format, x_.spec.nan)) {}

void Aligned::compute(const Tile& tile) const {
    const Element& accumulator = x_.spec.accumulator;
    std::array<float, panel_width * tile_rows> running{};
    for (std::size_t i = 0; i < tile.rows; ++i)
        numbers(accumulator, x_.c.subspan(tile.at(x_.shape, i), tile.columns), &running[i * panel_width]);
    advance(*this, tile, running.data());
    for (std::size_t i = 0; i < tile.rows; ++i)
        codes(accumulator.format, {&running[i * panel_width], tile.columns}, nan_, &x_.d[tile.at(x_.shape, i)]);
}

}  // namespace halfulp::twin
