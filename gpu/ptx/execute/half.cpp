#include <array>
#include <cstdint>

#include <halfulp/gpu/ptx/execute/elementwise.h>
#include <halfulp/softfloat/extremum.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>

// f16 and bf16, alone and in pairs; PTX ISA, "Half Precision Floating Point Instructions". Computed by softfloat's
// narrow engine, which equals the exact one.

namespace halfulp::ptx {
namespace {

constexpr Env env{.nan = NanPolicy::Cuda};

using Code = std::uint16_t;

template <Format F>
struct Arithmetic {
    static constexpr Code nan = static_cast<Code>(default_nan(F, NanPolicy::Cuda));

    static Code add(Code a, Code b) { return static_cast<Code>(narrow::add<F>(a, b, env).code); }
    static Code sub(Code a, Code b) { return static_cast<Code>(narrow::sub<F>(a, b, env).code); }
    static Code mul(Code a, Code b) { return static_cast<Code>(narrow::mul<F>(a, b, env).code); }
    static Code fma(Code a, Code b, Code c) { return static_cast<Code>(narrow::fma<F>(a, b, c, env).code); }
    // These look at bits alone.
    static Code abs(Code a) { return static_cast<Code>(a & ~F.sign_bit()); }
    static Code neg(Code a) { return static_cast<Code>(a ^ F.sign_bit()); }

    /// -0 is below +0, NaN loses to a number.
    template <bool largest>
    static Code extremum(Code a, Code b) {
        if (F.is_nan(a) || F.is_nan(b)) return F.is_nan(a) && F.is_nan(b) ? nan : F.is_nan(a) ? b : a;
        const bool a_below = is_below(decode(F, a), decode(F, b));
        return a_below != largest ? a : b;
    }
    static Code min(Code a, Code b) { return extremum<false>(a, b); }
    static Code max(Code a, Code b) { return extremum<true>(a, b); }
};

/// .NaN: it wins.
template <Format F, auto f>
Code or_nan(Code a, Code b) {
    return F.is_nan(a) || F.is_nan(b) ? Arithmetic<F>::nan : f(a, b);
}

/// .xorsign.abs: of the magnitudes, with the product of the signs.
template <Format F, auto f>
Code of_magnitudes(Code a, Code b) {
    const Code magnitude = f(Arithmetic<F>::abs(a), Arithmetic<F>::abs(b));
    return F.is_nan(magnitude) ? magnitude : static_cast<Code>(magnitude | ((a ^ b) & F.sign_bit()));
}

/// .sat: to [0, 1], NaN to +0.
template <Format F, auto f, class... A>
Code saturated(A... a) {
    constexpr auto one = static_cast<Code>(F.bias << F.fraction_bits());
    const Code x = f(a...);
    if (F.is_nan(x) || (x & F.sign_bit()) != 0) return 0;
    return x > one ? one : x;
}

/// .relu: negative numbers, -0 too, to +0, NaN to the one NaN.
template <Format F, auto f, class... A>
Code rectified(A... a) {
    const Code x = f(a...);
    if (F.is_nan(x)) return Arithmetic<F>::nan;
    return (x & F.sign_bit()) != 0 ? Code{0} : x;
}

/// The same for each half of a word.
template <auto f, class... A>
std::uint32_t pair(A... a) {
    const std::uint32_t low = f(static_cast<Code>(a)...), high = f(static_cast<Code>(a >> 16)...);
    return high << 16 | low;
}

template <auto f, class... A>
Execute alone_or_pair(const Instruction& x, Code (*)(A...)) {
    if (!x.types.back().name.ends_with("x2")) return elementwise<f>;
    if constexpr (sizeof...(A) == 1) return elementwise<&pair<f, std::uint32_t>>;
    if constexpr (sizeof...(A) == 2) return elementwise<&pair<f, std::uint32_t, std::uint32_t>>;
    if constexpr (sizeof...(A) == 3) return elementwise<&pair<f, std::uint32_t, std::uint32_t, std::uint32_t>>;
}

template <Format F, auto f, class... A>
Execute clamped(const Instruction& x, Code (*)(A...)) {
    if (x.has("sat")) return alone_or_pair<&saturated<F, f, A...>>(x, &saturated<F, f, A...>);
    if (x.has("relu")) return alone_or_pair<&rectified<F, f, A...>>(x, &rectified<F, f, A...>);
    return alone_or_pair<f>(x, f);
}

template <auto of_f16, auto of_bf16>
Execute arithmetic(const Instruction& x) {
    return x.types.back().name.starts_with("bf") ? clamped<bfloat16, of_bf16>(x, of_bf16)
                                                 : clamped<binary16, of_f16>(x, of_f16);
}

template <Format F, auto f>
Execute extremum_of(const Instruction& x) {
    if (x.has("xorsign"))
        return x.has("NaN") ? alone_or_pair<&of_magnitudes<F, &or_nan<F, f>>>(x, &of_magnitudes<F, &or_nan<F, f>>)
                            : alone_or_pair<&of_magnitudes<F, f>>(x, &of_magnitudes<F, f>);
    return x.has("NaN") ? alone_or_pair<&or_nan<F, f>>(x, &or_nan<F, f>) : alone_or_pair<f>(x, f);
}

template <auto of_f16, auto of_bf16>
Execute extremum(const Instruction& x) {
    return x.types.back().name.starts_with("bf") ? extremum_of<bfloat16, of_bf16>(x) : extremum_of<binary16, of_f16>(x);
}

using Half = Arithmetic<binary16>;
using Brain = Arithmetic<bfloat16>;

/// Without .rn, which is then meant, ptxas may contract two of them.
constexpr Opcode unsuffixed(std::string_view pattern, Execute (*choose)(const Instruction&), int target, int version) {
    return {.pattern = pattern,
            .operands = "=t t t",
            .choose = choose,
            .target = target,
            .version = version,
            .unsuffixed = true};
}

constexpr auto add = arithmetic<&Half::add, &Brain::add>;
constexpr auto sub = arithmetic<&Half::sub, &Brain::sub>;
constexpr auto mul = arithmetic<&Half::mul, &Brain::mul>;
constexpr auto fma = arithmetic<&Half::fma, &Brain::fma>;
constexpr auto min = extremum<&Half::min, &Brain::min>;
constexpr auto max = extremum<&Half::max, &Brain::max>;

constexpr Opcode rows[] = {
    {"add.rn.sat?.f16|f16x2", "=t t t", add, Flow::Next, 53},
    {"add.rn.bf16|bf16x2", "=t t t", add, Flow::Next, 90, 78},
    unsuffixed("add.sat?.f16|f16x2", add, 53, 60),
    unsuffixed("add.bf16|bf16x2", add, 90, 78),
    {"sub.rn.sat?.f16|f16x2", "=t t t", sub, Flow::Next, 53},
    {"sub.rn.bf16|bf16x2", "=t t t", sub, Flow::Next, 90, 78},
    unsuffixed("sub.sat?.f16|f16x2", sub, 53, 60),
    unsuffixed("sub.bf16|bf16x2", sub, 90, 78),
    {"mul.rn.sat?.f16|f16x2", "=t t t", mul, Flow::Next, 53},
    {"mul.rn.bf16|bf16x2", "=t t t", mul, Flow::Next, 90, 78},
    unsuffixed("mul.sat?.f16|f16x2", mul, 53, 60),
    unsuffixed("mul.bf16|bf16x2", mul, 90, 78),
    {"fma.rn.sat|relu?.f16|f16x2", "=t t t t", fma, Flow::Next, 53},
    {"fma.rn.relu?.bf16|bf16x2", "=t t t t", fma, Flow::Next, 80, 70},
    {"min.NaN?.f16|f16x2|bf16|bf16x2", "=t t t", min, Flow::Next, 80, 70},
    {"min.NaN?.xorsign.abs.f16|f16x2|bf16|bf16x2", "=t t t", min, Flow::Next, 86, 72},
    {"max.NaN?.f16|f16x2|bf16|bf16x2", "=t t t", max, Flow::Next, 80, 70},
    {"max.NaN?.xorsign.abs.f16|f16x2|bf16|bf16x2", "=t t t", max, Flow::Next, 86, 72},
    {"abs.f16|f16x2", "=t t", arithmetic<&Half::abs, &Brain::abs>, Flow::Next, 53, 65},
    {"neg.f16|f16x2", "=t t", arithmetic<&Half::neg, &Brain::neg>, Flow::Next, 53},
    {"abs.bf16|bf16x2", "=t t", arithmetic<&Half::abs, &Brain::abs>, Flow::Next, 80, 70},
    {"neg.bf16|bf16x2", "=t t", arithmetic<&Half::neg, &Brain::neg>, Flow::Next, 80, 70},
};

}  // namespace

OpcodeTable half_opcodes() { return rows; }

}  // namespace halfulp::ptx
