#include <algorithm>
#include <array>
#include <bit>

#include <halfulp/gpu/ptx/execute/elementwise.h>

// Logic, shifts, fields and counts of bits; PTX ISA, "Logic and Shift Instructions" and the bit instructions among the
// integer ones.

namespace halfulp::ptx {
namespace {

struct And {
    template <class T>
    static T of(T a, T b) {
        return static_cast<T>(a & b);
    }
};
struct Or {
    template <class T>
    static T of(T a, T b) {
        return static_cast<T>(a | b);
    }
};
struct ExclusiveOr {
    template <class T>
    static T of(T a, T b) {
        return static_cast<T>(a ^ b);
    }
};
struct Not {
    template <class T>
    static T of(T a) {
        return static_cast<T>(~a);
    }
};
struct LogicalNot {
    template <class T>
    static T of(T a) {
        return static_cast<T>(a == 0 ? 1 : 0);
    }
};

bool and_of(bool a, bool b) { return a && b; }
bool or_of(bool a, bool b) { return a || b; }
bool exclusive_or_of(bool a, bool b) { return a != b; }
bool not_of(bool a) { return !a; }

/// Of predicates too.
template <class F, auto of_predicates>
Execute logic(const Instruction& x) {
    return x.types.back().kind == Kind::Predicate ? elementwise<of_predicates> : by_integer<F>(x);
}

template <class T>
constexpr std::uint32_t width_of = 8 * sizeof(T);

// Shifts by more than the width shift everything out.
struct ShiftLeft {
    template <class T>
    static T of(T a, std::uint32_t n) {
        return n >= width_of<T> ? T{0} : static_cast<T>(static_cast<std::make_unsigned_t<T>>(a) << n);
    }
};
struct ShiftRight {
    template <class T>
    static T of(T a, std::uint32_t n) {
        if (n >= width_of<T>) return a < 0 ? static_cast<T>(-1) : T{0};
        return static_cast<T>(a >> n);
    }
};

template <bool wraps>
constexpr std::uint32_t funnel_count(std::uint32_t n) {
    return wraps ? n % 32 : std::min<std::uint32_t>(n, 32);
}
template <bool wraps>
std::uint32_t funnel_left(std::uint32_t low, std::uint32_t high, std::uint32_t n) {
    return static_cast<std::uint32_t>(((std::uint64_t{high} << 32 | low) << funnel_count<wraps>(n)) >> 32);
}
template <bool wraps>
std::uint32_t funnel_right(std::uint32_t low, std::uint32_t high, std::uint32_t n) {
    return static_cast<std::uint32_t>((std::uint64_t{high} << 32 | low) >> funnel_count<wraps>(n));
}

Execute funnel(const Instruction& x) {
    if (x.has("l")) return x.has("wrap") ? elementwise<&funnel_left<true>> : elementwise<&funnel_left<false>>;
    return x.has("wrap") ? elementwise<&funnel_right<true>> : elementwise<&funnel_right<false>>;
}

/// Bit i of the result is bit (a, b, c) of the table.
std::uint32_t look_up(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t table) {
    std::uint32_t result = 0;
    for (std::uint32_t entry = 0; entry < 8; ++entry)
        if ((table >> entry & 1) != 0)
            result |= ((entry & 4) != 0 ? a : ~a) & ((entry & 2) != 0 ? b : ~b) & ((entry & 1) != 0 ? c : ~c);
    return result;
}

/// Which byte, and whether its sign takes its place, from the selectors of each mode.
using Selectors = std::uint32_t (*)(std::uint32_t);

template <auto selectors>
std::uint32_t permute(std::uint32_t a, std::uint32_t b, std::uint32_t c) {
    const std::uint64_t bytes = std::uint64_t{b} << 32 | a;
    const std::uint32_t chosen = selectors(c);
    std::uint32_t result = 0;
    for (int i = 0; i < 4; ++i) {
        const std::uint32_t selector = chosen >> 4 * i & 15;
        std::uint32_t byte = static_cast<std::uint32_t>(bytes >> 8 * (selector & 7)) & 255;
        if ((selector & 8) != 0) byte = (byte & 128) != 0 ? 255 : 0;
        result |= byte << 8 * i;
    }
    return result;
}

/// One of four rows of selectors, by the low bits of c; PTX ISA, the tables of prmt.
template <std::uint32_t r0, std::uint32_t r1, std::uint32_t r2, std::uint32_t r3>
std::uint32_t one_of(std::uint32_t c) {
    constexpr std::array rows = {r0, r1, r2, r3};
    return rows[c & 3];
}
std::uint32_t as_given(std::uint32_t c) { return c; }

Execute permute_of(const Instruction& x) {
    if (x.has("f4e")) return elementwise<&permute<one_of<0x3210, 0x4321, 0x5432, 0x6543>>>;
    if (x.has("b4e")) return elementwise<&permute<one_of<0x5670, 0x6701, 0x7012, 0x0123>>>;
    if (x.has("rc8")) return elementwise<&permute<one_of<0x0000, 0x1111, 0x2222, 0x3333>>>;
    if (x.has("ecl")) return elementwise<&permute<one_of<0x3210, 0x3211, 0x3222, 0x3333>>>;
    if (x.has("ecr")) return elementwise<&permute<one_of<0x0000, 0x1110, 0x2210, 0x3210>>>;
    if (x.has("rc16")) return elementwise<&permute<one_of<0x1010, 0x3232, 0x1010, 0x3232>>>;
    return elementwise<&permute<as_given>>;
}

/// All `length` bits from `first` on that are within the word.
template <class T>
constexpr T field(std::uint32_t first, std::uint32_t length) {
    if (length == 0 || first >= width_of<T>) return 0;
    const T ones = static_cast<T>(~T{0});
    const T low = length >= width_of<T> ? ones : static_cast<T>((T{1} << length) - 1);
    return static_cast<T>(low << first);
}

/// The field's bits; of a signed type, all others are the last bit of the field that lies within the word.
struct ExtractField {
    template <class T>
    static T of(T a, std::uint32_t b, std::uint32_t c) {
        using Unsigned = std::make_unsigned_t<T>;
        const std::uint32_t first = b & 255, length = c & 255;
        const std::uint32_t there = first >= width_of<T> ? 0 : std::min(length, width_of<T> - first);
        const auto bits = static_cast<Unsigned>(a);
        auto result = there == 0 ? Unsigned{0} : static_cast<Unsigned>((bits & field<Unsigned>(first, there)) >> first);
        const bool fills = std::is_signed_v<T> && length > 0 && there < width_of<T>;
        if (fills && (bits >> std::min(first + length - 1, width_of<T> - 1) & 1) != 0)
            result |= static_cast<Unsigned>(~Unsigned{0} << there);
        return static_cast<T>(result);
    }
};

struct InsertField {
    template <class T>
    static T of(T a, T b, std::uint32_t c, std::uint32_t d) {
        const std::uint32_t first = c & 255, length = d & 255;
        const T mask = field<T>(first, length);
        return first >= width_of<T> ? b : static_cast<T>((b & ~mask) | (static_cast<T>(a << first) & mask));
    }
};

template <bool wraps>
std::uint32_t bit_mask(std::uint32_t a, std::uint32_t b) {
    if (wraps) return field<std::uint32_t>(a % 32, b % 32);
    return field<std::uint32_t>(std::min<std::uint32_t>(a, 32), std::min<std::uint32_t>(b, 32));
}

template <class T>
T reversed(T a) {
    T result = 0;
    for (std::uint32_t i = 0; i < width_of<T>; ++i) result |= static_cast<T>((a >> i & 1) << (width_of<T> - 1 - i));
    return result;
}
template <class T>
std::uint32_t count_ones(T a) {
    return static_cast<std::uint32_t>(std::popcount(a));
}
template <class T>
std::uint32_t count_leading_zeros(T a) {
    return static_cast<std::uint32_t>(std::countl_zero(a));
}
template <auto of32, auto of64>
Execute by_width(const Instruction& x) {
    return x.types.back().bits == 64 ? elementwise<of64> : elementwise<of32>;
}

/// The place of the first bit that is not the sign, or all ones; shift: how far it is from the top.
template <bool shift, class T>
std::uint32_t find_leading(T a) {
    using Unsigned = std::make_unsigned_t<T>;
    const auto bits = static_cast<Unsigned>(a < 0 ? ~a : a);
    if (bits == 0) return ~std::uint32_t{0};
    const auto zeros = static_cast<std::uint32_t>(std::countl_zero(bits));
    return shift ? zeros : width_of<T> - 1 - zeros;
}

template <bool shift>
Execute find_leading_of(const Instruction& x) {
    const Type& type = x.types.back();
    if (type.kind == Kind::Signed)
        return type.bits == 64 ? elementwise<&find_leading<shift, std::int64_t>>
                               : elementwise<&find_leading<shift, std::int32_t>>;
    return type.bits == 64 ? elementwise<&find_leading<shift, std::uint64_t>>
                           : elementwise<&find_leading<shift, std::uint32_t>>;
}

/// The place of the |n|-th one at or above (n > 0) or at or below (n < 0) bit `base`, or all ones.
std::uint32_t find_nth(std::uint32_t mask, std::uint32_t base, std::int32_t n) {
    if (n == 0) return (mask >> (base & 31) & 1) != 0 ? base & 31 : ~std::uint32_t{0};
    const int step = n > 0 ? 1 : -1;
    std::int64_t left = n > 0 ? std::int64_t{n} : -std::int64_t{n};
    for (int at = static_cast<int>(base & 31); at >= 0 && at < 32; at += step)
        if ((mask >> at & 1) != 0 && --left == 0) return static_cast<std::uint32_t>(at);
    return ~std::uint32_t{0};
}

constexpr Opcode rows[] = {
    {"and.pred|b16|b32|b64", "=t t t", logic<And, &and_of>},
    {"or.pred|b16|b32|b64", "=t t t", logic<Or, &or_of>},
    {"xor.pred|b16|b32|b64", "=t t t", logic<ExclusiveOr, &exclusive_or_of>},
    {"not.pred|b16|b32|b64", "=t t", logic<Not, &not_of>},
    {"cnot.b16|b32|b64", "=t t", by_integer<LogicalNot>},
    {"lop3.b32", "=b32 b32 b32 b32 #b32", always<&look_up>},
    {"shl.b16|b32|b64", "=t t u32", by_integer<ShiftLeft>},
    {"shr.b16|b32|b64|u16|u32|u64|s16|s32|s64", "=t t u32", by_integer<ShiftRight>},
    {"shf.l|r.clamp|wrap.b32", "=b32 b32 b32 u32", funnel},
    {"prmt.b32.f4e|b4e|rc8|ecl|ecr|rc16?", "=b32 b32 b32 b32", permute_of},
    {"bfe.u32|s32|u64|s64", "=t t u32<256 u32<256", by_integer<ExtractField>},
    {"bfi.b32|b64", "=t t t u32<256 u32<256", by_integer<InsertField>},
    {"bmsk.clamp|wrap.b32", "=b32 b32 b32",
     [](const Instruction& x) { return x.has("wrap") ? elementwise<&bit_mask<true>> : elementwise<&bit_mask<false>>; },
     Flow::Next, 70, 76},
    {"brev.b32|b64", "=t t", by_width<&reversed<std::uint32_t>, &reversed<std::uint64_t>>},
    {"popc.b32|b64", "=u32 t", by_width<&count_ones<std::uint32_t>, &count_ones<std::uint64_t>>},
    {"clz.b32|b64", "=u32 t", by_width<&count_leading_zeros<std::uint32_t>, &count_leading_zeros<std::uint64_t>>},
    {"bfind.u32|s32|u64|s64", "=u32 t", find_leading_of<false>},
    {"bfind.shiftamt.u32|s32|u64|s64", "=u32 t", find_leading_of<true>},
    {"fns.b32", "=b32 b32 b32 s32", always<&find_nth>},
};

}  // namespace

OpcodeTable bit_opcodes() { return rows; }

}  // namespace halfulp::ptx
