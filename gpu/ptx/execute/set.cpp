#include <bit>
#include <compare>

#include <halfulp/gpu/ptx/execute/elementwise.h>
#include <halfulp/gpu/ptx/execute/relation.h>
#include <halfulp/softfloat/compare.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>

// set: a comparison whose result is a number, 1 or 0 of a real type, all bits or none of an integer; of pairs in each
// half. PTX ISA, "Comparison and Selection Instructions" and "Half Precision Comparison Instructions".

namespace halfulp::ptx {
namespace {

/// How the low bits of two words compare as numbers of a type, or as the halves of a pair.
std::partial_ordering order(const Type& type, std::uint64_t a, std::uint64_t b) {
    const std::string_view name = type.name;
    const auto compared = [&](const Format& f) { return compare(decode(f, a), decode(f, b)); };
    if (name.starts_with("bf16")) return compared(bfloat16);
    if (name.starts_with("f16")) return compared(binary16);
    if (name == "f32") return compared(binary32);
    if (name == "f64") return compared(binary64);
    if (type.kind != Kind::Signed) return a <=> b;
    const int unused = 64 - type.bits;
    return static_cast<std::int64_t>(a << unused) <=> static_cast<std::int64_t>(b << unused);
}

constexpr std::uint64_t one(const Format& f) { return static_cast<std::uint64_t>(f.bias) << f.fraction_bits(); }

/// What stands for true, in `bits` bits.
std::uint64_t truth(const Type& type, int bits) {
    if (type.name.starts_with("bf16")) return one(bfloat16);
    if (type.name.starts_with("f16")) return one(binary16);
    return type.is_real() ? one(binary32) : ~std::uint64_t{0} >> (64 - bits);
}

bool combined(const Instruction& x, bool relation, bool c) {
    if (x.has("and")) return relation && c;
    if (x.has("or")) return relation || c;
    return x.has("xor") ? relation != c : relation;
}

/// d, a, b{, {!}c}
void set(Warp& warp, const Step& step, Mask mask) {
    const Instruction& x = *step.instruction;
    const Type &to = x.types[0], &from = x.types[1];
    const int halves = from.name.ends_with("x2") ? 2 : 1, width = from.bits / halves;
    const std::uint64_t yes = truth(to, to.bits / halves), all = ~std::uint64_t{0} >> (64 - width);
    const Relation relation = relation_of(x.modifiers[1]);
    const bool or_unordered = is_or_unordered(x.modifiers[1]), negated = x.arguments.back().operand.negated;
    for_lanes(mask, [&](int lane) {
        const std::uint64_t a = warp.value(step.slots[1], lane), b = warp.value(step.slots[2], lane);
        const bool c = step.slot_count > 3 && (warp.value(step.slots[3], lane) != 0) != negated;
        std::uint64_t result = 0;
        for (int at = 0; at < from.bits; at += width)
            if (combined(x, holds(relation, or_unordered, order(from, a >> at & all, b >> at & all)), c))
                result |= yes << at;
        warp.set(step.slots[0], lane, result);
    });
}

constexpr Execute choose(const Instruction& /*x*/) { return set; }

constexpr std::string_view compared = "=t0 t1 t1", combined_operands = "=t0 t1 t1 !pred";

constexpr Opcode half(std::string_view pattern, std::string_view operands, int target, int version) {
    return {pattern, operands, choose, Flow::Next, target, version};
}

constexpr Opcode rows[] = {
    {"set.eq|ne.u32|s32|f32.b16|b32|b64", compared, choose},
    {"set.eq|ne.and|or|xor.u32|s32|f32.b16|b32|b64", combined_operands, choose},
    {"set.eq|ne|lt|le|gt|ge.u32|s32|f32.s16|s32|s64|u16|u32|u64", compared, choose},
    {"set.eq|ne|lt|le|gt|ge.and|or|xor.u32|s32|f32.s16|s32|s64|u16|u32|u64", combined_operands, choose},
    {"set.lo|ls|hi|hs.u32|s32|f32.u16|u32|u64", compared, choose},
    {"set.lo|ls|hi|hs.and|or|xor.u32|s32|f32.u16|u32|u64", combined_operands, choose},
    {"set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.u32|s32|f32.f32|f64", compared, choose},
    {"set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.and|or|xor.u32|s32|f32.f32|f64", combined_operands, choose},
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.f16.f16", compared, 53, 60),
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.and|or|xor.f16.f16", combined_operands, 53, 60),
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.f16x2.f16x2", compared, 53, 60),
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.and|or|xor.f16x2.f16x2", combined_operands, 53, 60),
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.u16|s16|u32|s32.f16", compared, 53, 65),
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.and|or|xor.u16|s16|u32|s32.f16", combined_operands, 53,
         65),
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.u32|s32.f16x2", compared, 53, 65),
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.and|or|xor.u32|s32.f16x2", combined_operands, 53, 65),
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.bf16|u16|s16|u32|s32.bf16", compared, 90, 78),
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.and|or|xor.bf16|u16|s16|u32|s32.bf16",
         combined_operands, 90, 78),
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.bf16x2|u32|s32.bf16x2", compared, 90, 78),
    half("set.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.and|or|xor.bf16x2|u32|s32.bf16x2", combined_operands,
         90, 78),
};

}  // namespace

OpcodeTable set_opcodes() { return rows; }

}  // namespace halfulp::ptx
