#include <halfulp/gpu/ptx/execute/real.h>

#include <array>
#include <cmath>

#include <halfulp/gpu/ptx/execute/elementwise.h>

// f32 and f64; PTX ISA, "Floating Point Instructions". What is approximate or flushes is refused: refused.cpp.

namespace halfulp::ptx {
namespace {

struct Add {
    template <class T, Rounding r>
    static T of(T a, T b) {
        return rounded<Operation::Add, r>(static_cast<T>(a + b), a, b);
    }
};
struct Subtract {
    template <class T, Rounding r>
    static T of(T a, T b) {
        return rounded<Operation::Sub, r>(static_cast<T>(a - b), a, b);
    }
};
struct Multiply {
    template <class T, Rounding r>
    static T of(T a, T b) {
        return rounded<Operation::Mul, r>(static_cast<T>(a * b), a, b);
    }
};
struct Divide {
    template <class T, Rounding r>
    static T of(T a, T b) {
        return rounded<Operation::Div, r>(static_cast<T>(a / b), a, b);
    }
};
struct MultiplyAdd {
    template <class T, Rounding r>
    static T of(T a, T b, T c) {
        return rounded<Operation::Fma, r>(static_cast<T>(std::fma(a, b, c)), a, b, c);
    }
};
struct SquareRoot {
    template <class T, Rounding r>
    static T of(T a) {
        return rounded<Operation::Sqrt, r>(static_cast<T>(std::sqrt(a)), a);
    }
};
struct Reciprocal {
    template <class T, Rounding r>
    static T of(T a) {
        return Divide::of<T, r>(T{1}, a);
    }
};

/// .sat: to [0, 1], NaN to +0.
template <auto f, class T, class... A>
T saturated(A... a) {
    const T x = f(a...);
    return x > 0 ? std::fmin(x, T{1}) : T{0};
}

template <auto f, class T, class... A>
Execute perhaps_saturated(const Instruction& x, T (*)(A...)) {
    return x.has("sat") ? elementwise<&saturated<f, T, A...>> : elementwise<f>;
}

template <class F, class T>
Execute of_type_by_rounding(const Instruction& x) {
    switch (rounding_of(x)) {
        case Rounding::TowardZero:
            return perhaps_saturated<&F::template of<T, Rounding::TowardZero>>(
                x, &F::template of<T, Rounding::TowardZero>);
        case Rounding::Down:
            return perhaps_saturated<&F::template of<T, Rounding::Down>>(x, &F::template of<T, Rounding::Down>);
        case Rounding::Up:
            return perhaps_saturated<&F::template of<T, Rounding::Up>>(x, &F::template of<T, Rounding::Up>);
        default:
            return perhaps_saturated<&F::template of<T, Rounding::NearestEven>>(
                x, &F::template of<T, Rounding::NearestEven>);
    }
}

template <class F>
Execute by_rounding(const Instruction& x) {
    return x.types.back().bits == 64 ? of_type_by_rounding<F, double>(x) : of_type_by_rounding<F, float>(x);
}

template <class T>
constexpr Bits<T> sign_bit = static_cast<Bits<T>>(format_of<T>.sign_bit());

template <class T>
Bits<T> bits(T x) {
    return std::bit_cast<Bits<T>>(x);
}
template <class T>
T real(Bits<T> x) {
    return std::bit_cast<T>(x);
}

/// The lesser of two; -0 is below +0, and NaN loses to a number.
template <class T>
T minimum(T a, T b) {
    if (std::isnan(a) || std::isnan(b)) return canonical(std::isnan(a) ? b : a);
    if (a == b) return real<T>(bits(a) | bits(b));
    return a < b ? a : b;
}
template <class T>
T maximum(T a, T b) {
    if (std::isnan(a) || std::isnan(b)) return canonical(std::isnan(a) ? b : a);
    if (a == b) return real<T>(bits(a) & bits(b));
    return a > b ? a : b;
}

/// .NaN: it wins.
template <class T, auto f>
T or_nan(T a, T b) {
    return std::isnan(a) || std::isnan(b) ? real<T>(nan_bits<T>) : f(a, b);
}

/// .xorsign.abs: of the magnitudes, with the product of the signs.
template <class T, auto f>
T of_magnitudes(T a, T b) {
    const T magnitude = f(std::fabs(a), std::fabs(b));
    if (std::isnan(magnitude)) return magnitude;
    return real<T>(bits(magnitude) | ((bits(a) ^ bits(b)) & sign_bit<T>));
}

template <auto f32, auto f64>
Execute extremum(const Instruction& x) {
    if (x.types.back().bits == 64) return elementwise<f64>;
    if (x.has("xorsign"))
        return x.has("NaN") ? elementwise<&of_magnitudes<float, &or_nan<float, f32>>>
                            : elementwise<&of_magnitudes<float, f32>>;
    return x.has("NaN") ? elementwise<&or_nan<float, f32>> : elementwise<f32>;
}

// These look at bits alone, NaN's too.
template <class T>
T absolute(T a) {
    return real<T>(bits(a) & ~sign_bit<T>);
}
template <class T>
T negated(T a) {
    return real<T>(bits(a) ^ sign_bit<T>);
}
/// b with the sign of a.
template <class T>
T copy_sign(T a, T b) {
    return real<T>((bits(b) & ~sign_bit<T>) | (bits(a) & sign_bit<T>));
}

template <auto f32, auto f64>
Execute by_width(const Instruction& x) {
    return x.types.back().bits == 64 ? elementwise<f64> : elementwise<f32>;
}

template <class T>
bool is_infinite(T a) {
    return std::isinf(a);
}
template <class T>
bool is_finite(T a) {
    return std::isfinite(a);
}
template <class T>
bool is_number(T a) {
    return !std::isnan(a);
}
template <class T>
bool is_not_number(T a) {
    return std::isnan(a);
}
/// PTX ISA, testp: zeros, too.
template <class T>
bool is_normal(T a) {
    return std::isnormal(a) || a == 0;
}
template <class T>
bool is_subnormal(T a) {
    return std::fpclassify(a) == FP_SUBNORMAL;
}

template <class T>
Execute test_of(const Instruction& x) {
    if (x.has("finite")) return elementwise<&is_finite<T>>;
    if (x.has("infinite")) return elementwise<&is_infinite<T>>;
    if (x.has("number")) return elementwise<&is_number<T>>;
    if (x.has("notanumber")) return elementwise<&is_not_number<T>>;
    return x.has("normal") ? elementwise<&is_normal<T>> : elementwise<&is_subnormal<T>>;
}

Execute test(const Instruction& x) { return x.types.back().bits == 64 ? test_of<double>(x) : test_of<float>(x); }

/// An operation without a rounding.
constexpr Opcode unsuffixed(std::string_view pattern, Execute (*choose)(const Instruction&)) {
    return {.pattern = pattern, .operands = "=t t t", .choose = choose, .unsuffixed = true};
}

constexpr Opcode rows[] = {
    {"add.rn|rz|rm|rp.sat?.f32", "=t t t", by_rounding<Add>},
    {"add.rn|rz|rm|rp.f64", "=t t t", by_rounding<Add>},
    unsuffixed("add.sat?.f32", by_rounding<Add>),
    unsuffixed("add.f64", by_rounding<Add>),
    {"sub.rn|rz|rm|rp.sat?.f32", "=t t t", by_rounding<Subtract>},
    {"sub.rn|rz|rm|rp.f64", "=t t t", by_rounding<Subtract>},
    unsuffixed("sub.sat?.f32", by_rounding<Subtract>),
    unsuffixed("sub.f64", by_rounding<Subtract>),
    {"mul.rn|rz|rm|rp.sat?.f32", "=t t t", by_rounding<Multiply>},
    {"mul.rn|rz|rm|rp.f64", "=t t t", by_rounding<Multiply>},
    unsuffixed("mul.sat?.f32", by_rounding<Multiply>),
    unsuffixed("mul.f64", by_rounding<Multiply>),
    {"fma.rn|rz|rm|rp.sat?.f32", "=t t t t", by_rounding<MultiplyAdd>},
    {"fma.rn|rz|rm|rp.f64", "=t t t t", by_rounding<MultiplyAdd>},
    {"mad.rn|rz|rm|rp.sat?.f32", "=t t t t", by_rounding<MultiplyAdd>},
    {"mad.rn|rz|rm|rp.f64", "=t t t t", by_rounding<MultiplyAdd>},
    {"div.rn|rz|rm|rp.f32|f64", "=t t t", by_rounding<Divide>},
    {"rcp.rn|rz|rm|rp.f32|f64", "=t t", by_rounding<Reciprocal>},
    {"sqrt.rn|rz|rm|rp.f32|f64", "=t t", by_rounding<SquareRoot>},
    {"min.f32|f64", "=t t t", extremum<&minimum<float>, &minimum<double>>},
    {"max.f32|f64", "=t t t", extremum<&maximum<float>, &maximum<double>>},
    {"min.NaN?.f32", "=t t t", extremum<&minimum<float>, &minimum<double>>, Flow::Next, 80, 70},
    {"min.NaN?.xorsign.abs.f32", "=t t t", extremum<&minimum<float>, &minimum<double>>, Flow::Next, 86, 72},
    {"max.NaN?.f32", "=t t t", extremum<&maximum<float>, &maximum<double>>, Flow::Next, 80, 70},
    {"max.NaN?.xorsign.abs.f32", "=t t t", extremum<&maximum<float>, &maximum<double>>, Flow::Next, 86, 72},
    {"abs.f32|f64", "=t t", by_width<&absolute<float>, &absolute<double>>},
    {"neg.f32|f64", "=t t", by_width<&negated<float>, &negated<double>>},
    {"copysign.f32|f64", "=t t t", by_width<&copy_sign<float>, &copy_sign<double>>},
    {"testp.finite|infinite|number|notanumber|normal|subnormal.f32|f64", "=pred t", test},
};

}  // namespace

OpcodeTable real_opcodes() { return rows; }

}  // namespace halfulp::ptx
