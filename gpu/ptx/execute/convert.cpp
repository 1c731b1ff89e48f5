#include <algorithm>
#include <array>
#include <optional>

#include <halfulp/gpu/ptx/execute/elementwise.h>
#include <halfulp/gpu/ptx/execute/real.h>
#include <halfulp/softfloat/integer.hpp>
#include <halfulp/softfloat/integral.hpp>
#include <halfulp/softfloat/narrow.hpp>

// cvt; PTX ISA, "Data Movement and Conversion Instructions: cvt". Numbers by the emulator, integers by width.

namespace halfulp::ptx {
namespace {

/// The format of a type, or of each half of one of a pair; tf32 lies in the high bits of a word.
std::optional<Format> format_named(std::string_view name) {
    if (name.ends_with("x2")) name.remove_suffix(2);
    if (name == "f64") return binary64;
    if (name == "f32") return binary32;
    if (name == "f16") return binary16;
    if (name == "bf16") return bfloat16;
    if (name == "e4m3") return e4m3fn;
    if (name == "e5m2") return e5m2;
    return std::nullopt;
}

/// A conversion, taken apart once for each instruction in the program.
struct Conversion {
    std::optional<Format> from, to;  ///< none: an integer
    IntegerType from_integer{}, to_integer{};
    Env env{};
    bool saturates = false;    ///< .sat: to [0, 1], or to the integers of the type
    bool rectifies = false;    ///< .relu
    bool to_integral = false;  ///< .rni ...: the result is a number without a fraction
};

IntegerType integer_of(const Type& type) { return {type.bits, type.kind == Kind::Signed}; }

Conversion conversion_of(const Instruction& x) {
    const Type &to = x.types[0], &from = x.types[1];
    Conversion c{.from = format_named(from.name), .to = format_named(to.name)};
    if (!c.from) c.from_integer = integer_of(from);
    if (!c.to) c.to_integer = integer_of(to);
    c.env = {.rounding = rounding_of(x), .nan = NanPolicy::Cuda};
    if (x.has("satfinite")) c.env.overflow = Overflow::Saturate;
    c.saturates = x.has("sat");
    c.rectifies = x.has("relu");
    c.to_integral = c.from && c.to && (x.has("rni") || x.has("rzi") || x.has("rmi") || x.has("rpi"));
    return c;
}

/// .sat and .relu after rounding. PTX ISA: of NaN .sat makes +0, .relu the NaN, which is positive.
std::uint64_t clamped(const Conversion& c, std::uint64_t code) {
    const Format& f = *c.to;
    const bool negative = (code & f.sign_bit()) != 0;
    if (c.rectifies && negative) return 0;
    if (!c.saturates) return code;
    const std::uint64_t one = static_cast<std::uint64_t>(f.bias) << f.fraction_bits();
    if (f.is_nan(code) || negative) return 0;
    return std::min(code, one);
}

/// A NaN stays one where overflow saturates: of e4m3 and e5m2 the positive one with all bits set.
std::uint64_t number_to_number(const Conversion& c, std::uint64_t code) {
    const halfulp::Operand operand{*c.from, code};
    const Operation operation = c.to_integral ? Operation::RoundToIntegral : Operation::Convert;
    return clamped(c, compute(operation, *c.to, {&operand, 1}, c.env).code);
}

/// PTX ISA: NaN becomes 0, or the top bit alone where one of the two has 64 bits.
std::uint64_t number_to_integer(const Conversion& c, std::uint64_t code) {
    if (c.from->is_nan(code) && (c.from->width == 64 || c.to_integer.width == 64))
        return std::uint64_t{1} << (c.to_integer.width - 1);
    return to_integer(c.to_integer, halfulp::Operand{*c.from, code}, c.env).code;
}

/// An integer in another width: cut off or extended; .sat: the nearest that there is.
std::uint64_t integer_to_integer(const Conversion& c, std::uint64_t code) {
    const Exact value = exact(c.from_integer, code);
    return to_integer(c.to_integer, value, c.env, c.saturates ? OutOfRange::Saturate : OutOfRange::Wrap).code;
}

std::uint64_t converted(const Conversion& c, std::uint64_t code) {
    if (c.from) {
        code &= c.from->code_mask();
        return c.to ? number_to_number(c, code) : number_to_integer(c, code);
    }
    if (c.to) return clamped(c, from_integer(*c.to, c.from_integer, code, c.env).code);
    return integer_to_integer(c, code);
}

/// PTX ISA, "cvt": a register wider than the type is filled with the sign of a signed result, and else with zeros.
std::uint64_t extended(const Conversion& c, std::uint64_t code) {
    if (c.to || !c.to_integer.is_signed || code <= c.to_integer.greatest()) return code;
    return code | ~c.to_integer.code_mask();
}

void convert(Warp& warp, const Step& step, Mask mask) {
    const Conversion c = conversion_of(*step.instruction);
    for_lanes(mask, [&](int lane) {
        warp.set(step.slots[0], lane, extended(c, converted(c, warp.value(step.slots[1], lane))));
    });
}

/// d = {a, b}: a becomes the high half.
void convert_two(Warp& warp, const Step& step, Mask mask) {
    const Conversion c = conversion_of(*step.instruction);
    for_lanes(mask, [&](int lane) {
        const std::uint64_t high = converted(c, warp.value(step.slots[1], lane)),
                            low = converted(c, warp.value(step.slots[2], lane));
        warp.set(step.slots[0], lane, high << c.to->width | low);
    });
}

/// The two halves of a word.
void convert_pair(Warp& warp, const Step& step, Mask mask) {
    const Conversion c = conversion_of(*step.instruction);
    for_lanes(mask, [&](int lane) {
        const std::uint64_t pair = warp.value(step.slots[1], lane);
        warp.set(step.slots[0], lane, converted(c, pair >> c.from->width) << c.to->width | converted(c, pair));
    });
}

/// To the nearest tf32, in the high bits of a word whose others are 0.
void convert_tf32(Warp& warp, const Step& step, Mask mask) {
    const Instruction& x = *step.instruction;
    Conversion c{.from = binary32, .to = tf32, .env = {.rounding = rounding_of(x), .nan = NanPolicy::Cuda}};
    if (x.has("satfinite")) c.env.overflow = Overflow::Saturate;
    c.rectifies = x.has("relu");
    for_lanes(mask, [&](int lane) {
        const std::uint64_t code = converted(c, warp.value(step.slots[1], lane));
        // PTX ISA: of NaN comes the NaN of f32.
        warp.set(step.slots[0], lane, tf32.is_nan(code) ? 0x7FFFFFFF : code << (32 - tf32.width));
    });
}

// The most frequent ones, by the narrow engine, which equals the exact one, and by integers.

template <Format To, Format From, Rounding r>
auto narrowed(std::conditional_t<From.width == 32, std::uint32_t, std::uint16_t> a) {
    using Result = std::conditional_t<To.width == 32, std::uint32_t, std::uint16_t>;
    return static_cast<Result>(narrow::convert<To, From>(a, {.rounding = r, .nan = NanPolicy::Cuda}).code);
}

template <Format F>
std::uint32_t narrowed_two(std::uint32_t a, std::uint32_t b) {
    return std::uint32_t{narrowed<F, binary32, Rounding::NearestEven>(a)} << 16 |
           narrowed<F, binary32, Rounding::NearestEven>(b);
}

float nearest_of_signed(std::int32_t a) { return static_cast<float>(a); }
float nearest_of_unsigned(std::uint32_t a) { return static_cast<float>(a); }

template <class To, class From>
To resized(From a) {
    return static_cast<To>(a);
}

/// A form with the registers that it usually has, and its function.
struct Frequent {
    std::string_view form;
    int result_bits, operand_bits;
    Execute execute;
};

constexpr Frequent frequent[] = {
    {"cvt.f32.f16", 32, 16, elementwise<&narrowed<binary32, binary16, Rounding::NearestEven>>},
    {"cvt.f32.bf16", 32, 16, elementwise<&narrowed<binary32, bfloat16, Rounding::NearestEven>>},
    {"cvt.rn.f16.f32", 16, 32, elementwise<&narrowed<binary16, binary32, Rounding::NearestEven>>},
    {"cvt.rz.f16.f32", 16, 32, elementwise<&narrowed<binary16, binary32, Rounding::TowardZero>>},
    {"cvt.rm.f16.f32", 16, 32, elementwise<&narrowed<binary16, binary32, Rounding::Down>>},
    {"cvt.rp.f16.f32", 16, 32, elementwise<&narrowed<binary16, binary32, Rounding::Up>>},
    {"cvt.rn.bf16.f32", 16, 32, elementwise<&narrowed<bfloat16, binary32, Rounding::NearestEven>>},
    {"cvt.rz.bf16.f32", 16, 32, elementwise<&narrowed<bfloat16, binary32, Rounding::TowardZero>>},
    {"cvt.rn.f16x2.f32", 32, 32, elementwise<&narrowed_two<binary16>>},
    {"cvt.rn.bf16x2.f32", 32, 32, elementwise<&narrowed_two<bfloat16>>},
    {"cvt.rn.f32.s32", 32, 32, elementwise<&nearest_of_signed>},
    {"cvt.rn.f32.u32", 32, 32, elementwise<&nearest_of_unsigned>},
    {"cvt.s64.s32", 64, 32, elementwise<&resized<std::int64_t, std::int32_t>>},
    {"cvt.u64.u32", 64, 32, elementwise<&resized<std::uint64_t, std::uint32_t>>},
    {"cvt.u32.u64", 32, 64, elementwise<&resized<std::uint32_t, std::uint64_t>>},
    {"cvt.u16.u32", 16, 32, elementwise<&resized<std::uint16_t, std::uint32_t>>},
    {"cvt.u32.u16", 32, 16, elementwise<&resized<std::uint32_t, std::uint16_t>>},
    {"cvt.s32.s16", 32, 16, elementwise<&resized<std::int32_t, std::int16_t>>},
};

/// The bits of the slot that an argument is in.
int slot_bits(const Argument& x) {
    return x.operand.kind == Operand::Kind::Register ? std::max(x.operand.width, 16) : std::max(x.type.bits, 16);
}

Execute convert_of(const Instruction& x) {
    for (const Frequent& row : frequent)
        if (x.text == row.form && slot_bits(x.arguments[0]) == row.result_bits &&
            slot_bits(x.arguments[1]) == row.operand_bits)
            return row.execute;
    return convert;
}

Execute two_or_pair(const Instruction& x) { return x.arguments.size() == 3 ? convert_two : convert_pair; }

Execute the_tf32(const Instruction& /*x*/) { return convert_tf32; }

constexpr std::string_view scalar = "=~t0 ~t1";

constexpr Opcode rows[] = {
    {"cvt.sat?.u8|u16|u32|u64|s8|s16|s32|s64.u8|u16|u32|u64|s8|s16|s32|s64", scalar, convert_of},
    {"cvt.rn|rz|rm|rp.f16|f32|f64.u8|u16|u32|u64|s8|s16|s32|s64", scalar, convert_of},
    {"cvt.rn|rz|rm|rp.sat.f16|f32|f64.u8|u16|u32|u64|s8|s16|s32|s64", scalar, convert_of},
    {"cvt.rn|rz|rm|rp.bf16.u8|u16|u32|u64|s8|s16|s32|s64", scalar, convert_of, Flow::Next, 90, 78},
    {"cvt.rni|rzi|rmi|rpi.sat?.u8|u16|u32|u64|s8|s16|s32|s64.f16|f32|f64", scalar, convert_of},
    {"cvt.rni|rzi|rmi|rpi.sat?.u8|u16|u32|u64|s8|s16|s32|s64.bf16", scalar, convert_of, Flow::Next, 90, 78},
    {"cvt.rni|rzi|rmi|rpi.sat?.f16.f16", scalar, convert_of},
    {"cvt.rni|rzi|rmi|rpi.sat?.f32.f32", scalar, convert_of},
    {"cvt.rni|rzi|rmi|rpi.sat?.f64.f64", scalar, convert_of},
    {"cvt.rni|rzi|rmi|rpi.bf16.bf16", scalar, convert_of, Flow::Next, 90, 78},
    {"cvt.sat?.f32.f16", scalar, convert_of},
    {"cvt.sat?.f64.f16|f32", scalar, convert_of},
    {"cvt.sat.f16.f16", scalar, convert_of},
    {"cvt.sat.f32.f32", scalar, convert_of},
    {"cvt.sat.f64.f64", scalar, convert_of},
    {"cvt.f32.bf16", scalar, convert_of, Flow::Next, 80, 71},
    {"cvt.rn|rz|rm|rp.sat?.f16.f32|f64", scalar, convert_of},
    {"cvt.rn|rz|rm|rp.sat?.f32.f64", scalar, convert_of},
    {"cvt.rn|rz.relu?.f16|bf16.f32", scalar, convert_of, Flow::Next, 80, 70},
    {"cvt.rn|rz.satfinite.f16.f32", scalar, convert_of, Flow::Next, 50, 81},
    {"cvt.rn|rz.relu?.satfinite.f16|bf16.f32", scalar, convert_of, Flow::Next, 80, 81},
    {"cvt.rn|rz.satfinite.relu.f16|bf16.f32", scalar, convert_of, Flow::Next, 80, 81},
    {"cvt.rm|rp.bf16.f32", scalar, convert_of, Flow::Next, 80, 70},
    {"cvt.f64.bf16", scalar, convert_of, Flow::Next, 90, 78},
    {"cvt.rn|rz|rm|rp.f16.bf16", scalar, convert_of, Flow::Next, 90, 78},
    {"cvt.rn|rz|rm|rp.bf16.f16|f64", scalar, convert_of, Flow::Next, 90, 78},
    {"cvt.rn|rz.relu?.f16x2|bf16x2.f32", "=b32 f32 f32", two_or_pair, Flow::Next, 80, 70},
    {"cvt.rn|rz.relu?.satfinite.f16x2|bf16x2.f32", "=b32 f32 f32", two_or_pair, Flow::Next, 80, 81},
    {"cvt.rn|rz.satfinite.relu.f16x2|bf16x2.f32", "=b32 f32 f32", two_or_pair, Flow::Next, 80, 81},
    {"cvt.rna.tf32.f32", "=b32 f32", the_tf32, Flow::Next, 80, 70},
    {"cvt.rna.satfinite.tf32.f32", "=b32 f32", the_tf32, Flow::Next, 80, 81},
    {"cvt.rn|rz.relu?.tf32.f32", "=b32 f32", the_tf32, Flow::Next, 90, 78},
    {"cvt.rn|rz.relu?.satfinite.tf32.f32", "=b32 f32", the_tf32, Flow::Next, 100, 86},
    {"cvt.rn|rz.satfinite.relu.tf32.f32", "=b32 f32", the_tf32, Flow::Next, 100, 86},
    {"cvt.rn.relu?.satfinite.e4m3x2|e5m2x2.f32", "=b16 f32 f32", two_or_pair, Flow::Next, 89, 78},
    {"cvt.rn.satfinite.relu.e4m3x2|e5m2x2.f32", "=b16 f32 f32", two_or_pair, Flow::Next, 89, 78},
    {"cvt.rn.satfinite.relu?.e4m3x2|e5m2x2.f16x2", "=b16 b32", two_or_pair, Flow::Next, 89, 78},
    {"cvt.rn.relu?.f16x2.e4m3x2|e5m2x2", "=b32 b16", two_or_pair, Flow::Next, 89, 78},
};

}  // namespace

OpcodeTable convert_opcodes() { return rows; }

}  // namespace halfulp::ptx
