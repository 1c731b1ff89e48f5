#include <halfulp/lib/matrix_unit/mma_dot.hpp>

#include <cassert>

#include <fmt/format.h>

#include <halfulp/lib/matrix_unit/codes.h>
#include <halfulp/lib/matrix_unit/family/family.h>
#include <halfulp/lib/matrix_unit/mma_vector.h>
#include <halfulp/lib/io/text_file.hpp>
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

}  // namespace

std::uint64_t to_accumulator(const MmaSpec& spec, const Sticky& result) {
    const Format& accumulator = spec.accumulator.format;
    if (result.value.kind == Kind::NaN) return default_nan(accumulator, spec.nan);
    const std::uint64_t kept = round_pack(spec.kept, result, env_of(spec)).code;
    const std::uint64_t code = spec.kept == accumulator ? kept : convert(accumulator, spec.kept, kept).code;
    return with_zero_sign(spec, code, result.value.is_zero());
}

std::uint64_t mma_dot(const MmaSpec& spec, const MmaVector& a, const MmaVector& b, std::uint64_t c) {
    expect_codes("c", {&c, 1}, spec.accumulator.width());
    if (b.size() != a.size())
        throw InputError(fmt::format("b: expected {} codes, as in a, found {}", a.size(), b.size()));
    assert(spec.group <= largest_group);
    const auto groups_in_step = static_cast<std::size_t>(step_of(spec) / spec.group);
    std::uint64_t d = flushed(spec, spec.accumulator.format, c);
    for (std::size_t first = 0; first < a.groups(); first += groups_in_step) {
        const auto sum_with = [&](std::size_t i, const Running& x) {
            return sum_of(spec, {a.group(i), b.group(i)}, x);
        };
        std::uint64_t sum = sum_with(first, spec.c_last ? Running{} : Running{d});
        for (std::size_t i = first + 1; i < first + groups_in_step; ++i) sum = sum_with(i, sum);
        d = spec.c_last ? added_last(spec, d, sum) : sum;
    }
    return d;
}

std::uint64_t mma_dot(const MmaSpec& spec, const MmaOperands& operands) {
    const MmaVector a(spec, MmaVector::Side::A, operands.a, operands.a_scales),
        b(spec, MmaVector::Side::B, operands.b, operands.b_scales);
    return mma_dot(spec, a, b, operands.c);
}

std::uint64_t mma_dot(const MmaSpec& spec, std::span<const std::uint64_t> a, std::span<const std::uint64_t> b,
                      std::uint64_t c) {
    return mma_dot(spec, {.a = a, .b = b, .c = c});
}

}  // namespace halfulp
