#include <algorithm>
#include <limits>

#include <halfulp/gpu/ptx/execute/elementwise.h>

// Integer arithmetic of two widths, by carries and on parts of words; PTX ISA, "Integer Arithmetic Instructions" and
// "Extended-Precision Integer Arithmetic Instructions".

namespace halfulp::ptx {
namespace {

template <class W, class T>
W multiply_wide(T a, T b) {
    return static_cast<W>(static_cast<W>(a) * static_cast<W>(b));
}

template <class W, class T>
W multiply_add_wide(T a, T b, W c) {
    using Unsigned = std::make_unsigned_t<W>;
    return static_cast<W>(static_cast<Unsigned>(multiply_wide<W, T>(a, b)) + static_cast<Unsigned>(c));
}

Execute multiply_wide_of(const Instruction& x) {
    const Type& type = x.types.back();
    if (type.kind == Kind::Signed)
        return type.bits == 16 ? elementwise<&multiply_wide<std::int32_t, std::int16_t>>
                               : elementwise<&multiply_wide<std::int64_t, std::int32_t>>;
    return type.bits == 16 ? elementwise<&multiply_wide<std::uint32_t, std::uint16_t>>
                           : elementwise<&multiply_wide<std::uint64_t, std::uint32_t>>;
}

Execute multiply_add_wide_of(const Instruction& x) {
    const Type& type = x.types.back();
    if (type.kind == Kind::Signed)
        return type.bits == 16 ? elementwise<&multiply_add_wide<std::int32_t, std::int16_t>>
                               : elementwise<&multiply_add_wide<std::int64_t, std::int32_t>>;
    return type.bits == 16 ? elementwise<&multiply_add_wide<std::uint32_t, std::uint16_t>>
                           : elementwise<&multiply_add_wide<std::uint64_t, std::uint32_t>>;
}

// mul24: the low 24 bits of each factor.
template <class T>
std::int64_t product24(T a, T b) {
    const auto low = [](T x) { return std::int64_t{static_cast<T>(static_cast<std::uint32_t>(x) << 8) >> 8}; };
    return low(a) * low(b);
}

template <class T>
T multiply24_low(T a, T b) {
    return static_cast<T>(product24(a, b));
}
template <class T>
T multiply24_high(T a, T b) {
    return static_cast<T>(product24(a, b) >> 16);
}
template <class T>
T multiply_add24_low(T a, T b, T c) {
    return static_cast<T>(product24(a, b) + c);
}

template <class T>
T multiply_add24_high(T a, T b, T c) {
    return static_cast<T>((product24(a, b) >> 16) + c);
}
std::int32_t multiply_add24_high_saturated(std::int32_t a, std::int32_t b, std::int32_t c) {
    using Limits = std::numeric_limits<std::int32_t>;
    return static_cast<std::int32_t>(
        std::clamp<std::int64_t>((product24(a, b) >> 16) + c, Limits::min(), Limits::max()));
}

template <auto of_signed, auto of_unsigned>
Execute by_sign(const Instruction& x) {
    return x.types.back().kind == Kind::Signed ? elementwise<of_signed> : elementwise<of_unsigned>;
}

/// The carry of each lane is an argument of its own, behind the others.
struct Carry {
    Mask& of;
    bool in(int lane) const { return (of >> lane & 1) != 0; }
    void set(int lane, bool x) { of = (of & ~lane_bit(lane)) | (x ? lane_bit(lane) : 0); }
};

__extension__ typedef __int128 i128;
__extension__ typedef unsigned __int128 u128;

/// What an instruction adds, where subtraction adds the complement and 1 without borrow.
enum class Chain : std::uint8_t { Add, Subtract, MultiplyAddLow, MultiplyAddHigh };

/// Two integers of a word's bits. T is signed where a product is.
template <class T, Chain chain>
u128 augend_and_addend(Warp& warp, const Step& step, int lane, std::make_unsigned_t<T>& augend) {
    using Word = std::make_unsigned_t<T>;
    using Product = std::conditional_t<std::is_signed_v<T>, i128, u128>;
    const auto argument = [&](std::size_t i) { return Column<T>(warp, step.slots[i])[lane]; };
    if constexpr (chain == Chain::Add || chain == Chain::Subtract) {
        augend = static_cast<Word>(argument(1));
        return static_cast<Word>(chain == Chain::Add ? argument(2) : ~argument(2));
    } else {
        const Product product = Product{argument(1)} * Product{argument(2)};
        augend = static_cast<Word>(chain == Chain::MultiplyAddLow ? product : product >> 8 * sizeof(T));
        return static_cast<Word>(argument(3));
    }
}

/// x.cc writes the carry, xc reads it: the last of `Step::slots`. Of subtractions it is the borrow (PTX ISA, sub.cc).
template <class T, Chain chain, bool reads, bool writes>
void add_with_carry(Warp& warp, const Step& step, Mask mask) {
    using Word = std::make_unsigned_t<T>;
    Carry carry{warp.predicate(step.slots[step.slot_count - 1])};
    Column<Word> results(warp, step.slots[0]);
    for_lanes(mask, [&](int lane) {
        Word augend = 0;
        const u128 addend = augend_and_addend<T, chain>(warp, step, lane, augend);
        const bool starts_with_one = (reads && carry.in(lane)) != (chain == Chain::Subtract);
        const u128 sum = augend + addend + (starts_with_one ? 1 : 0);
        results.set(lane, static_cast<Word>(sum));
        if (writes) carry.set(lane, (sum >> 8 * sizeof(T) != 0) != (chain == Chain::Subtract));
    });
}

template <class T, Chain chain, bool reads>
Execute carries_of(const Instruction& x) {
    return x.has("cc") ? add_with_carry<T, chain, reads, true> : add_with_carry<T, chain, reads, false>;
}

template <Chain chain, bool reads>
Execute carries(const Instruction& x) {
    const Type& type = x.types.back();
    if constexpr (chain == Chain::MultiplyAddHigh)  // of the others the sign changes nothing
        if (type.kind == Kind::Signed)
            return type.bits == 64 ? carries_of<std::int64_t, chain, reads>(x)
                                   : carries_of<std::int32_t, chain, reads>(x);
    return type.bits == 64 ? carries_of<std::uint64_t, chain, reads>(x) : carries_of<std::uint32_t, chain, reads>(x);
}

template <Chain low, Chain high, bool reads>
Execute carries_of_half(const Instruction& x) {
    return x.has("lo") ? carries<low, reads>(x) : carries<high, reads>(x);
}

constexpr Chain mad_low = Chain::MultiplyAddLow, mad_high = Chain::MultiplyAddHigh;

// Four products of bytes, or two of a half and a byte, and c.

template <class A, class B>
std::uint32_t dot4(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    for (int i = 0; i < 32; i += 8)
        c += static_cast<std::uint32_t>(std::int32_t{static_cast<A>(a >> i)} * std::int32_t{static_cast<B>(b >> i)});
    return c;
}

template <class A, class B, int first>
std::uint32_t dot2(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    for (int i = 0; i < 2; ++i)
        c += static_cast<std::uint32_t>(std::int32_t{static_cast<A>(a >> 16 * i)} *
                                        std::int32_t{static_cast<B>(b >> (first + 8 * i))});
    return c;
}

Execute dot4_of(const Instruction& x) {
    const bool a = x.types[0].kind == Kind::Signed, b = x.types[1].kind == Kind::Signed;
    if (a) return b ? elementwise<&dot4<std::int8_t, std::int8_t>> : elementwise<&dot4<std::int8_t, std::uint8_t>>;
    return b ? elementwise<&dot4<std::uint8_t, std::int8_t>> : elementwise<&dot4<std::uint8_t, std::uint8_t>>;
}

template <class A, class B>
Execute dot2_half(const Instruction& x) {
    return x.has("lo") ? elementwise<&dot2<A, B, 0>> : elementwise<&dot2<A, B, 16>>;
}

Execute dot2_of(const Instruction& x) {
    const bool a = x.types[0].kind == Kind::Signed, b = x.types[1].kind == Kind::Signed;
    if (a) return b ? dot2_half<std::int16_t, std::int8_t>(x) : dot2_half<std::int16_t, std::uint8_t>(x);
    return b ? dot2_half<std::uint16_t, std::int8_t>(x) : dot2_half<std::uint16_t, std::uint8_t>(x);
}

constexpr Opcode rows[] = {
    {"mul.wide.u16|u32|s16|s32", "=w t t", multiply_wide_of},
    {"mad.wide.u16|u32|s16|s32", "=w t t w", multiply_add_wide_of},
    {"mul24.lo.u32|s32", "=t t t", by_sign<&multiply24_low<std::int32_t>, &multiply24_low<std::uint32_t>>},
    {"mul24.hi.u32|s32", "=t t t", by_sign<&multiply24_high<std::int32_t>, &multiply24_high<std::uint32_t>>},
    {"mad24.lo.u32|s32", "=t t t t", by_sign<&multiply_add24_low<std::int32_t>, &multiply_add24_low<std::uint32_t>>},
    {"mad24.hi.u32|s32", "=t t t t", by_sign<&multiply_add24_high<std::int32_t>, &multiply_add24_high<std::uint32_t>>},
    {"mad24.hi.sat.s32", "=t t t t", always<&multiply_add24_high_saturated>},
    {"add.cc.u32|s32|u64|s64", "=t t t =carry", carries<Chain::Add, false>},
    {"addc.cc?.u32|s32|u64|s64", "=t t t carry", carries<Chain::Add, true>},
    {"sub.cc.u32|s32|u64|s64", "=t t t =carry", carries<Chain::Subtract, false>},
    {"subc.cc?.u32|s32|u64|s64", "=t t t carry", carries<Chain::Subtract, true>},
    {"mad.lo|hi.cc.u32|s32|u64|s64", "=t t t t =carry", carries_of_half<mad_low, mad_high, false>},
    {"madc.lo|hi.cc?.u32|s32|u64|s64", "=t t t t carry", carries_of_half<mad_low, mad_high, true>},
    {"dp4a.u32|s32.u32|s32", "=b32 b32 b32 b32", dot4_of, Flow::Next, 61},
    {"dp2a.lo|hi.u32|s32.u32|s32", "=b32 b32 b32 b32", dot2_of, Flow::Next, 61},
};

}  // namespace

OpcodeTable wide_integer_opcodes() { return rows; }

}  // namespace halfulp::ptx
