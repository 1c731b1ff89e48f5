#include <halfulp/lib/kernel/constants.hpp>

#include <bit>

#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::kernel {

namespace {

constexpr std::uint32_t everything = ~std::uint32_t{0};

/// What a number just below the smallest normal one needs to reach it when rounded to full precision: there the kept
/// bits are all ones, so the last one is odd. With Stochastic it needs that where the random bits carry.
std::uint32_t carry_after_rounding(Rounding rounding, bool negative, int drop) {
    const std::uint32_t half = std::uint32_t{1} << (drop - 1);
    if (rounding == Rounding::Stochastic) return 2 * half;
    if (!rounds_away(rounding, negative, true, Tail::AboveHalf)) return 0;
    const bool any_tail = rounds_away(rounding, negative, true, Tail::BelowHalf);
    return any_tail ? 2 * half - 1 : half;
}

BySign carry(bool after_rounding, Rounding rounding, int drop) {
    if (!after_rounding) return {0, 0};
    return {carry_after_rounding(rounding, false, drop), carry_after_rounding(rounding, true, drop)};
}

std::uint32_t overflow(const Format& to, const Env& env, bool negative) {
    const Exact beyond = Exact::finite(negative, to.emax() + 2, 1);
    return static_cast<std::uint32_t>(round_pack(to, beyond, env).code);
}

BySign away(Rounding rounding) {
    const auto ones = [&](bool negative) {
        return rounds_away(rounding, negative, false, Tail::BelowHalf) ? everything : 0;
    };
    return {ones(false), ones(true)};
}

Addend addend_of(Rounding rounding) {
    switch (rounding) {
        case Rounding::NearestEven:
        case Rounding::NearestAway: return Addend::Nearest;
        case Rounding::TowardZero:
        case Rounding::Down:
        case Rounding::Up:
        case Rounding::AwayFromZero: return Addend::Directed;
        case Rounding::ToOdd: return Addend::ToOdd;
        case Rounding::Stochastic: return Addend::Stochastic;
    }
    __builtin_unreachable();
}

Shape shape_of(const Format& f, const Layout& layout) {
    if (!f.has_subnormals) return Shape::NoZero;
    return f.emin() == 1 - layout.bias ? Shape::Same : Shape::Gradual;
}

/// Whether numbers are rounded by an addition of the CPU: what is added has a last bit that is `drop` binades above that of
/// its number, and must be finite. Only where all is as it is by default, so that this way has no other questions.
bool is_summed(const Format& to, const Layout& from, const Env& env, std::uint32_t max_number) {
    const auto drop = static_cast<std::uint32_t>(from.fraction_bits - to.fraction_bits());
    const std::uint32_t beyond = (max_number >> from.fraction_bits) + 1;  // its exponent field
    const bool flushes = env.flush_inputs || env.flush_outputs != Flush::Never;
    return from == binary32_layout && shape_of(to, from) == Shape::Gradual && to.is_signed && !flushes &&
           env.rounding == Rounding::NearestEven && (beyond + drop) << from.fraction_bits < from.infinity();
}

}  // namespace

std::uint32_t bits_of(const Status& status) {
    static_assert(sizeof(Status) == 1, "a batch stores the flags of an element as a byte");
    constexpr std::uint8_t fields = 0x3F;  // the other two bits are no field's, and may be anything
    return std::bit_cast<std::uint8_t>(status) & fields;
}

Status status_of(std::uint32_t bits) { return std::bit_cast<Status>(static_cast<std::uint8_t>(bits)); }

StatusBits status_bits() {
    return {.invalid = bits_of({.invalid = true}),
            .divide_by_zero = bits_of({.divide_by_zero = true}),
            .overflow = bits_of({.overflow = true}),
            .underflow = bits_of({.underflow = true}),
            .inexact = bits_of({.inexact = true}),
            .input_denormal = bits_of({.input_denormal = true})};
}

Narrowing narrowing(const Format& to, const Layout& from, const Env& env) {
    const int drop = from.fraction_bits - to.fraction_bits(), first_field = to.emin() + from.bias;
    const std::uint32_t step = std::uint32_t{1} << from.fraction_bits;
    const std::uint32_t first_normal = static_cast<std::uint32_t>(first_field) * step;
    const std::uint32_t offset = first_normal - (to.has_subnormals ? step : 0);
    const Rounded infinity = round_pack(to, Exact::inf(false), env), nan = round_pack(to, Exact::nan({}), env);
    const Shape shape = shape_of(to, from);
    const int tiny_drop = shape == Shape::Same ? drop - 1 : drop;  // subnormal in the layout: one bit shorter
    const auto max_code = static_cast<std::uint32_t>(to.max_code());
    const std::uint32_t max_number = (max_code << drop) + offset, half = std::uint32_t{1} << (drop - 1);
    return {.layout = from,
            .addend = addend_of(env.rounding),
            .shape = shape,
            .drop = drop,
            .half = half,
            .first_field = first_field,
            .first_normal = first_normal,
            .offset = offset,
            .max_number = max_number,
            .is_summed = is_summed(to, from, env, max_number),
            .last_kept = max_number + half - max_code % 2,
            .max_code = max_code,
            .infinity = static_cast<std::uint32_t>(infinity.code),
            .nan = static_cast<std::uint32_t>(nan.code),
            .overflow = {overflow(to, env, false), overflow(to, env, true)},
            .sign_bit = static_cast<std::uint32_t>(to.sign_bit()),
            .sign_shift = 32 - to.width,
            .is_signed = to.is_signed,
            .has_negative_zero = to.has_negative_zero,
            .ties_to_even = env.rounding == Rounding::NearestEven ? 1U : 0U,
            .away = away(env.rounding),
            .tiny_drop = tiny_drop,
            .tiny_carry = carry(env.tininess == Tininess::AfterRounding, env.rounding, tiny_drop),
            .flush = to.has_subnormals && env.flush_outputs != Flush::Never,
            .flush_carry = carry(env.flush_outputs == Flush::AfterRounding, env.rounding, tiny_drop),
            .flush_inputs = env.flush_inputs,
            .flush_raises = bits_of({.underflow = true, .inexact = env.flush_outputs == Flush::AfterRounding}),
            .infinity_raises = bits_of(infinity.status),
            .nan_raises = bits_of(nan.status),
            .raises = status_bits()};
}

Widening widening(const Format& from, const Env& env) {
    const Rounded infinity = round_pack(binary32, Exact::inf(false), env);
    const bool flushes_tiny = env.flush_outputs != Flush::Never && from.emin() - from.fraction_bits() < binary32.emin();
    const auto code = [](std::uint64_t c) { return static_cast<std::uint32_t>(c); };
    const int lift = binary32.fraction_bits() - from.fraction_bits();
    const int shift_of_fields = from.emin() + binary32.bias - (from.has_subnormals ? 1 : 0);
    return {.shape = shape_of(from, binary32_layout),
            .magnitude_mask = code(from.magnitude_mask()),
            .sign_bit = code(from.sign_bit()),
            .sign_shift = 32 - from.width,
            .lift = lift,
            .offset = static_cast<std::uint32_t>(shift_of_fields) << binary32.fraction_bits(),
            .min_normal = code(from.min_normal_code()),
            .unit = std::bit_cast<float>(code(convert(binary32, from, 1).code)),
            .last_number = code(from.max_code()),
            .inf_code = from.has_inf ? code(from.inf_code()) : everything,
            .last_code = code(from.inf_code()),
            .quiet = code(from.has_nan() ? from.nan_code() : 0),
            .lone_nan = from.has_negative_zero ? everything : code(from.sign_bit()),
            .infinity = code(infinity.code),
            .nan = code(binary32.nan_code()),
            .infinity_raises = bits_of(infinity.status),
            .flush_inputs = env.flush_inputs,
            .flushed_sign = from.has_negative_zero ? code(from.sign_bit()) : 0,
            .tiny_raises = flushes_tiny ? bits_of(flushed_result(binary32, false, env.flush_outputs).status) : 0,
            .raises = status_bits()};
}

Calculation calculation(Operation operation, const Format& f, const Env& env) {
    const bool wide = operation == Operation::Fma && !products_within_binary32(f);
    const Layout layout = wide || env.rounding == Rounding::Stochastic ? binary64_upper_layout : binary32_layout;
    return {.operand = widening(f, env),
            .result = narrowing(f, layout, env),
            .is_binary16 = f == binary16,
            .b_sign = operation == Operation::Sub ? 0x80000000 : 0,
            .zero_sign = env.rounding == Rounding::Down ? 0x80000000 : 0};
}

}  // namespace halfulp::kernel
