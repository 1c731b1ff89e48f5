#include <algorithm>
#include <limits>

#include <halfulp/gpu/ptx/execute/elementwise.h>

// Integer arithmetic of one width; PTX ISA, "Integer Arithmetic Instructions".

namespace halfulp::ptx {
namespace {

// Sums and products wrap: computed without a sign, in a type that int's promotion does not reach.
template <class T>
using Wrapping = std::conditional_t<sizeof(T) == 8, std::uint64_t, std::uint32_t>;

__extension__ typedef __int128 i128;
__extension__ typedef unsigned __int128 u128;

/// Twice as wide, of the same sign.
template <class T>
using Wide = std::conditional_t<
    sizeof(T) == 8, std::conditional_t<std::is_signed_v<T>, i128, u128>,
    std::conditional_t<sizeof(T) == 4, std::conditional_t<std::is_signed_v<T>, std::int64_t, std::uint64_t>,
                       std::conditional_t<std::is_signed_v<T>, std::int32_t, std::uint32_t>>>;

template <class T>
constexpr Wide<T> product(T a, T b) {
    return static_cast<Wide<T>>(static_cast<Wide<T>>(a) * static_cast<Wide<T>>(b));
}

template <class T>
constexpr T saturated(std::int64_t x) {
    return static_cast<T>(std::clamp<std::int64_t>(x, std::numeric_limits<T>::min(), std::numeric_limits<T>::max()));
}

struct Add {
    template <class T>
    static T of(T a, T b) {
        return static_cast<T>(static_cast<Wrapping<T>>(a) + static_cast<Wrapping<T>>(b));
    }
};

struct Subtract {
    template <class T>
    static T of(T a, T b) {
        return static_cast<T>(static_cast<Wrapping<T>>(a) - static_cast<Wrapping<T>>(b));
    }
};

struct MultiplyLow {
    template <class T>
    static T of(T a, T b) {
        return static_cast<T>(static_cast<Wrapping<T>>(a) * static_cast<Wrapping<T>>(b));
    }
};

struct MultiplyHigh {
    template <class T>
    static T of(T a, T b) {
        return static_cast<T>(product(a, b) >> std::numeric_limits<std::make_unsigned_t<T>>::digits);
    }
};

struct MultiplyAddLow {
    template <class T>
    static T of(T a, T b, T c) {
        return Add::of<T>(MultiplyLow::of<T>(a, b), c);
    }
};

struct MultiplyAddHigh {
    template <class T>
    static T of(T a, T b, T c) {
        return Add::of<T>(MultiplyHigh::of<T>(a, b), c);
    }
};

struct Divide {
    template <class T>
    static T of(T a, T b) {
        if (std::is_signed_v<T> && b == static_cast<T>(-1)) return Subtract::of<T>(0, a);
        return static_cast<T>(a / b);
    }
};

struct Remainder {
    template <class T>
    static T of(T a, T b) {
        if (std::is_signed_v<T> && b == static_cast<T>(-1)) return 0;
        return static_cast<T>(a % b);
    }
};

struct Minimum {
    template <class T>
    static T of(T a, T b) {
        return std::min(a, b);
    }
};

struct Maximum {
    template <class T>
    static T of(T a, T b) {
        return std::max(a, b);
    }
};

/// With .relu: 0 in the place of a negative result.
template <class F>
struct NotNegative {
    template <class T>
    static T of(T a, T b) {
        return std::max(F::template of<T>(a, b), T{0});
    }
};

struct Negate {
    template <class T>
    static T of(T a) {
        return Subtract::of<T>(0, a);
    }
};

struct Absolute {
    template <class T>
    static T of(T a) {
        return a < 0 ? Subtract::of<T>(0, a) : a;
    }
};

/// |a - b| + c.
struct AddAbsoluteDifference {
    template <class T>
    static T of(T a, T b, T c) {
        return Add::of<T>(Subtract::of<T>(std::max(a, b), std::min(a, b)), c);
    }
};

std::int32_t add_saturated(std::int32_t a, std::int32_t b) { return saturated<std::int32_t>(std::int64_t{a} + b); }
std::int32_t subtract_saturated(std::int32_t a, std::int32_t b) { return saturated<std::int32_t>(std::int64_t{a} - b); }
std::int32_t multiply_add_saturated(std::int32_t a, std::int32_t b, std::int32_t c) {
    return saturated<std::int32_t>(std::int64_t{MultiplyHigh::of<std::int32_t>(a, b)} + c);
}

// The halves of a 32-bit word apart.
template <auto f>
std::uint32_t halves(std::uint32_t a, std::uint32_t b) {
    using Half = decltype(f(0, 0));
    const auto half = [&](int shift) {
        const Half x = f(static_cast<Half>(a >> shift), static_cast<Half>(b >> shift));
        return std::uint32_t{static_cast<std::uint16_t>(x)} << shift;
    };
    return half(0) | half(16);
}

template <class F>
Execute by_halves(const Instruction& x) {
    return x.types.back().name == "s16x2" ? elementwise<&halves<&F::template of<std::int16_t>>>
                                          : elementwise<&halves<&F::template of<std::uint16_t>>>;
}

/// PTX ISA leaves open what a division by zero yields. Compilers do not divide ahead of a test for zero, as it is
/// undefined in C++, too: so a thread that comes here uses the result.
template <class F>
void divide(Warp& warp, const Step& step, Mask mask) {
    for_lanes(mask, [&](int lane) {
        if (warp.value(step.slots[2], lane) == 0) throw Fault{lane, "divides by 0, whose result PTX leaves open"};
    });
    for_integer<F>(step.instruction->types.back())(warp, step, mask);
}

template <class F>
Execute by_divisor(const Instruction& /*x*/) {
    return divide<F>;
}

constexpr Opcode rows[] = {
    {"add.u16|u32|u64|s16|s32|s64", "=t t t", by_integer<Add>},
    {"add.u16x2|s16x2", "=t t t", by_halves<Add>, Flow::Next, 90, 80},
    {"add.sat.s32", "=t t t", always<&add_saturated>},
    {"sub.u16|u32|u64|s16|s32|s64", "=t t t", by_integer<Subtract>},
    {"sub.sat.s32", "=t t t", always<&subtract_saturated>},
    {"mul.lo.u16|u32|u64|s16|s32|s64", "=t t t", by_integer<MultiplyLow>},
    {"mul.hi.u16|u32|u64|s16|s32|s64", "=t t t", by_integer<MultiplyHigh>},
    {"mad.lo.u16|u32|u64|s16|s32|s64", "=t t t t", by_integer<MultiplyAddLow>},
    {"mad.hi.u16|u32|u64|s16|s32|s64", "=t t t t", by_integer<MultiplyAddHigh>},
    {"mad.hi.sat.s32", "=t t t t", always<&multiply_add_saturated>},
    {"div.u16|u32|u64|s16|s32|s64", "=t t t", by_divisor<Divide>},
    {"rem.u16|u32|u64|s16|s32|s64", "=t t t", by_divisor<Remainder>},
    {"min.u16|u32|u64|s16|s32|s64", "=t t t", by_integer<Minimum>},
    {"max.u16|u32|u64|s16|s32|s64", "=t t t", by_integer<Maximum>},
    {"min.u16x2|s16x2", "=t t t", by_halves<Minimum>, Flow::Next, 90, 80},
    {"max.u16x2|s16x2", "=t t t", by_halves<Maximum>, Flow::Next, 90, 80},
    {"min.relu.s32", "=t t t", by_integer<NotNegative<Minimum>>, Flow::Next, 90, 80},
    {"min.s32.relu", "=t t t", by_integer<NotNegative<Minimum>>, Flow::Next, 90, 80},
    {"max.relu.s32", "=t t t", by_integer<NotNegative<Maximum>>, Flow::Next, 90, 80},
    {"max.s32.relu", "=t t t", by_integer<NotNegative<Maximum>>, Flow::Next, 90, 80},
    {"min.relu.s16x2", "=t t t", by_halves<NotNegative<Minimum>>, Flow::Next, 90, 80},
    {"min.s16x2.relu", "=t t t", by_halves<NotNegative<Minimum>>, Flow::Next, 90, 80},
    {"max.relu.s16x2", "=t t t", by_halves<NotNegative<Maximum>>, Flow::Next, 90, 80},
    {"max.s16x2.relu", "=t t t", by_halves<NotNegative<Maximum>>, Flow::Next, 90, 80},
    {"neg.s16|s32|s64", "=t t", by_integer<Negate>},
    {"abs.s16|s32|s64", "=t t", by_integer<Absolute>},
    {"sad.u16|u32|u64|s16|s32|s64", "=t t t t", by_integer<AddAbsoluteDifference>},
};

}  // namespace

OpcodeTable integer_opcodes() { return rows; }

}  // namespace halfulp::ptx
