#include <cmath>
#include <compare>

#include <halfulp/gpu/ptx/execute/elementwise.h>
#include <halfulp/gpu/ptx/execute/relation.h>
#include <halfulp/softfloat/compare.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>

// Comparison and selection; PTX ISA, "Comparison and Selection Instructions".

namespace halfulp::ptx {
namespace {

/// Codes of a format, which compare as the numbers that they are.
template <Format F>
struct Number {
    std::uint16_t code;
    friend std::partial_ordering operator<=>(Number a, Number b) {
        return halfulp::compare(decode(F, a.code), decode(F, b.code));
    }
};

template <class T>
std::partial_ordering order(T a, T b) {
    return a <=> b;
}

template <class T, Relation relation, bool or_unordered>
bool holds(T a, T b) {
    return holds(relation, or_unordered, order(a, b));
}

using Combine = Mask (*)(Mask, Mask);
Mask alone(Mask a, Mask) { return a; }
Mask and_of(Mask a, Mask b) { return a & b; }
Mask or_of(Mask a, Mask b) { return a | b; }
Mask exclusive_or_of(Mask a, Mask b) { return a ^ b; }

void assign(Mask& to, Mask value, Mask mask) { to = (to & ~mask) | (value & mask); }

/// p|q, a, b, c: p is the relation and q its opposite, each combined with c.
template <auto holds, Combine combine>
void set_predicate(Warp& warp, const Step& step, Mask mask) {
    using T = decltype([]<class X>(bool (*)(X, X)) -> X { return X{}; }(holds));
    const Column<T> a(warp, step.slots[2]), b(warp, step.slots[3]);
    Mask relation = 0;
    for (int lane = 0; lane < 32; ++lane) relation |= holds(a[lane], b[lane]) ? lane_bit(lane) : 0;
    const bool negated = step.instruction->arguments.back().operand.negated;
    Mask c = combine == alone ? 0 : warp.predicate(step.slots[4]);
    if (negated) c = ~c;
    assign(warp.predicate(step.slots[0]), combine(relation, c), mask);
    assign(warp.predicate(step.slots[1]), combine(~relation, c), mask);
}

template <auto holds>
Execute combined(const Instruction& x) {
    if (x.has("and")) return set_predicate<holds, and_of>;
    if (x.has("or")) return set_predicate<holds, or_of>;
    return x.has("xor") ? set_predicate<holds, exclusive_or_of> : set_predicate<holds, alone>;
}

template <class T, bool or_unordered>
Execute by_relation(const Instruction& x) {
    switch (relation_of(x.modifiers[1])) {
        case Relation::Equal: return combined<&holds<T, Relation::Equal, or_unordered>>(x);
        case Relation::NotEqual: return combined<&holds<T, Relation::NotEqual, or_unordered>>(x);
        case Relation::Less: return combined<&holds<T, Relation::Less, or_unordered>>(x);
        case Relation::LessEqual: return combined<&holds<T, Relation::LessEqual, or_unordered>>(x);
        case Relation::Greater: return combined<&holds<T, Relation::Greater, or_unordered>>(x);
        case Relation::GreaterEqual: return combined<&holds<T, Relation::GreaterEqual, or_unordered>>(x);
        case Relation::Ordered: return combined<&holds<T, Relation::Ordered, false>>(x);
        case Relation::Unordered: return combined<&holds<T, Relation::Unordered, false>>(x);
    }
    __builtin_unreachable();
}

template <class T>
Execute of_real(const Instruction& x) {
    return is_or_unordered(x.modifiers[1]) ? by_relation<T, true>(x) : by_relation<T, false>(x);
}

Execute of_integer(const Instruction& x) {
    const Type& type = x.types.back();
    // lo, ls, hi and hs compare without a sign.
    const bool is_signed = type.kind == Kind::Signed;
    if (type.bits == 16) return is_signed ? by_relation<std::int16_t, false>(x) : by_relation<std::uint16_t, false>(x);
    if (type.bits == 32) return is_signed ? by_relation<std::int32_t, false>(x) : by_relation<std::uint32_t, false>(x);
    return is_signed ? by_relation<std::int64_t, false>(x) : by_relation<std::uint64_t, false>(x);
}

Execute compare_of(const Instruction& x) {
    const std::string_view type = x.types.back().name;
    if (type == "f32") return of_real<float>(x);
    if (type == "f64") return of_real<double>(x);
    if (type == "f16") return of_real<Number<binary16>>(x);
    if (type == "bf16") return of_real<Number<bfloat16>>(x);
    return of_integer(x);
}

/// d = c ? a : b. Of a lane it reads one of the two, and passes it on even where it has no value.
template <class Word>
void select(Warp& warp, const Step& step, Mask mask) {
    const Mask c = warp.predicate(step.slots[3]);
    if (const Mask unknown = mask & ~warp.defined(step.slots[3]); unknown != 0)
        throw Fault{std::countr_zero(unknown), "reads its predicate, which has no value"};
    const Column<Word> a(warp, step.slots[1]), b(warp, step.slots[2]);
    Column<Word> d(warp, step.slots[0]);
    for_lanes(mask, [&](int lane) { d.set(lane, (c >> lane & 1) != 0 ? a[lane] : b[lane]); });
    const Mask defined = (c & warp.defined(step.slots[1])) | (~c & warp.defined(step.slots[2]));
    assign(warp.defined(step.slots[0]), defined, mask);
}

Execute select_of(const Instruction& x) {
    const int bits = x.types.back().bits;
    return bits == 16 ? select<std::uint16_t> : bits == 32 ? select<std::uint32_t> : select<std::uint64_t>;
}

/// slct: d = c >= 0 ? a : b.
template <class Word, class C>
Word select_by_sign(Word a, Word b, C c) {
    return c >= 0 ? a : b;
}

Execute select_by_sign_of(const Instruction& x) {
    const bool is_wide = x.types[0].bits == 64;
    if (x.types[1].name == "f32")
        return is_wide ? elementwise<&select_by_sign<std::uint64_t, float>>
                       : elementwise<&select_by_sign<std::uint32_t, float>>;
    return is_wide ? elementwise<&select_by_sign<std::uint64_t, std::int32_t>>
                   : elementwise<&select_by_sign<std::uint32_t, std::int32_t>>;
}

constexpr std::string_view compared = "=pred|pred? t t", combined_operands = "=pred|pred? t t !pred";

constexpr Opcode rows[] = {
    {"setp.eq|ne.b16|b32|b64", compared, compare_of},
    {"setp.eq|ne.and|or|xor.b16|b32|b64", combined_operands, compare_of},
    {"setp.eq|ne|lt|le|gt|ge.s16|s32|s64|u16|u32|u64", compared, compare_of},
    {"setp.eq|ne|lt|le|gt|ge.and|or|xor.s16|s32|s64|u16|u32|u64", combined_operands, compare_of},
    {"setp.lo|ls|hi|hs.u16|u32|u64", compared, compare_of},
    {"setp.lo|ls|hi|hs.and|or|xor.u16|u32|u64", combined_operands, compare_of},
    {"setp.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.f16|f32|f64", compared, compare_of},
    {"setp.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.and|or|xor.f16|f32|f64", combined_operands, compare_of},
    {"setp.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.bf16", compared, compare_of, Flow::Next, 90, 78},
    {"setp.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.and|or|xor.bf16", combined_operands, compare_of,
     Flow::Next, 90, 78},
    {.pattern = "selp.b16|b32|b64|u16|u32|u64|s16|s32|s64|f32|f64",
     .operands = "=t t t pred",
     .choose = select_of,
     .passes_undefined = true},
    {"slct.b32|b64|u32|u64|s32|s64|f32|f64.s32|f32", "=t0 t0 t0 t1", select_by_sign_of},
};

}  // namespace

OpcodeTable compare_opcodes() { return rows; }

}  // namespace halfulp::ptx
