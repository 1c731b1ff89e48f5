#include <halfulp/lib/matrix_unit/mma_dot.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <string>

#include <fmt/format.h>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/codes.hpp>
#include <halfulp/lib/matrix_unit/family/family.hpp>
#include <halfulp/lib/matrix_unit/order.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>

namespace halfulp {
namespace {

std::uint64_t sum_of(const MmaSpec& spec, const Group& group, const Running& d) {
    switch (spec.family) {
        case Family::AlignedSum: return aligned_sum(spec, group, d);
        case Family::ScaledGroups: return scaled_groups(spec, group, d);
        case Family::ExactSum: return exact_sum(spec, group, d);
        case Family::RoundedTree: return rounded_tree(spec, group, d);
        case Family::TwoChains: return two_chains(spec, group, d);
        case Family::FlooredSum:
        case Family::FlooredHalves: return floored_sum(spec, group, d);
        case Family::Integers: return integer_sum(spec, group, d);
    }
    __builtin_unreachable();
}

/// c + sum, where c is added last.
std::uint64_t added_last(const MmaSpec& spec, std::uint64_t c, std::uint64_t sum) {
    Env env = env_of(spec);
    env.rounding = Rounding::NearestEven;
    const Rounded total = compute(Operation::Add, spec.accumulator.format, Operands{c, sum}, env);
    return with_zero_sign(spec, total.code, !total.status.inexact);
}

/// A number as the unit reads it: where subnormal numbers become +0, so does -0.
std::uint64_t read(const MmaSpec& spec, const Format& format, std::uint64_t code) {
    if (spec.subnormals == Subnormals::Kept || (code & format.magnitude_mask()) >= format.min_normal_code())
        return code;
    return spec.subnormals == Subnormals::FlushedPositive ? 0 : code & format.sign_bit();
}

/// An element of a or b as it meets the multiplier.
std::uint64_t operand(const MmaSpec& spec, const Element& from, std::uint64_t code) {
    if (spec.multiplied) code = convert(*spec.multiplied, from.format, code, {.nan = spec.nan}).code;
    return read(spec, operand_format(spec, from), code);
}

/// The scales of the products first, first + 1, ... of a group.
std::span<const std::uint64_t> scales_of(const MmaSpec& spec, std::span<const std::uint64_t> scales,
                                         std::size_t first) {
    return spec.scaling ? scales.subspan(first / static_cast<std::size_t>(spec.scaling->block)) : scales;
}

using Room = std::array<std::uint64_t, largest_group>;

/// The codes first, first + 1, ... of the instruction's order, one for each product of a group, as the multiplier meets
/// them. Of most units they are what they were, where they were.
std::span<const std::uint64_t> operands_of(const MmaSpec& spec, const Element& from,
                                           std::span<const std::uint64_t> codes, std::size_t first, Room& room) {
    const auto group = static_cast<std::size_t>(spec.group);
    if (spec.order == KOrder::Ascending && !spec.multiplied && spec.subnormals == Subnormals::Kept)
        return codes.subspan(first, std::min(group, codes.size() - first));
    std::size_t count = 0;
    for (std::size_t i = first; i < first + group; ++i)
        if (const std::size_t k = element(spec, i); k < codes.size()) room[count++] = operand(spec, from, codes[k]);
    return std::span(room).first(count);
}

/// The group of the products first, first + 1, ... of the instruction's order, added to the running value.
Running add_group(const MmaSpec& spec, const MmaOperands& x, std::size_t first, const Running& d) {
    Room a, b;
    return sum_of(spec,
                  {operands_of(spec, spec.a, x.a, first, a), operands_of(spec, spec.b, x.b, first, b),
                   scales_of(spec, x.a_scales, first), scales_of(spec, x.b_scales, first)},
                  d);
}

void expect_scales(const char* name, std::span<const std::uint64_t> scales, const MmaSpec& spec, std::size_t k) {
    const std::size_t block = spec.scaling ? static_cast<std::size_t>(spec.scaling->block) : 1;
    const std::size_t expected = spec.scaling ? (k + block - 1) / block : 0;
    if (scales.size() != expected)
        throw InputError(fmt::format(
            "{}: expected {} {}, found {}", name, expected,
            spec.scaling ? fmt::format("scales, one for {} elements", block) : "scales of this unit", scales.size()));
    expect_codes(name, scales, 8);
}

void check(const MmaSpec& spec, const MmaOperands& x) {
    expect_codes("a", x.a, spec.a.width());
    expect_codes("b", x.b, spec.b.width());
    expect_codes("c", {&x.c, 1}, spec.accumulator.width());
    if (x.b.size() != x.a.size())
        throw InputError(fmt::format("b: expected {} codes, as in a, found {}", x.a.size(), x.b.size()));
    expect_scales("a_scales", x.a_scales, spec, x.a.size());
    expect_scales("b_scales", x.b_scales, spec, x.a.size());
}

}  // namespace

std::uint64_t to_accumulator(const MmaSpec& spec, const Sticky& result) {
    const Format& accumulator = spec.accumulator.format;
    if (result.value.kind == Kind::NaN) return default_nan(accumulator, spec.nan);
    const std::uint64_t kept = round_pack(spec.kept, result, env_of(spec)).code;
    const std::uint64_t code = spec.kept == accumulator ? kept : convert(accumulator, spec.kept, kept).code;
    return with_zero_sign(spec, code, result.value.is_zero());
}

std::uint64_t mma_dot(const MmaSpec& spec, const MmaOperands& operands) {
    check(spec, operands);
    assert(spec.group <= largest_group);
    const auto group = static_cast<std::size_t>(spec.group), step = static_cast<std::size_t>(step_of(spec));
    std::uint64_t d = read(spec, spec.accumulator.format, operands.c);
    for (std::size_t k = 0; k < operands.a.size(); k += step) {
        Running sum = spec.c_last ? Running{} : Running{d};
        for (std::size_t i = k; i < k + step; i += group) sum = add_group(spec, operands, i, sum);
        d = spec.c_last ? added_last(spec, d, *sum) : *sum;
    }
    return d;
}

std::uint64_t mma_dot(const MmaSpec& spec, std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                      std::uint64_t c) {
    return mma_dot(spec, {.a = a, .b = b, .c = c});
}

}  // namespace halfulp
