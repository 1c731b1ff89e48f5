#include <halfulp/lib/truth/cpu.hpp>

#include <halfulp/softfloat/formats.hpp>

#include <bit>
#include <cassert>
#include <optional>

namespace halfulp::truth {

#if defined(__x86_64__)

namespace {

/// MXCSR's rounding control.
std::optional<std::uint32_t> rounding_control(Rounding rounding) {
    switch (rounding) {
        case Rounding::NearestEven: return 0;
        case Rounding::Down: return 1;
        case Rounding::Up: return 2;
        case Rounding::TowardZero: return 3;
        case Rounding::NearestAway:
        case Rounding::AwayFromZero:
        case Rounding::ToOdd:
        case Rounding::Stochastic: return std::nullopt;
    }
    __builtin_unreachable();
}

/// For its lifetime: this rounding, FTZ and DAZ as asked for, no flag raised, all exceptions masked. Here and below, what
/// depends on MXCSR is volatile asm that clobbers memory: compilers keep such in order.
class ScopedMxcsr {
  public:
    explicit ScopedMxcsr(const Env& env) {
        const std::uint32_t all_masked = 0x1f80, daz = env.flush_inputs ? 0x0040 : 0,
                            ftz = env.flush_outputs == Flush::AfterRounding ? 0x8000 : 0;
        const std::uint32_t wanted = all_masked | daz | ftz | *rounding_control(env.rounding) << 13;
        asm volatile("stmxcsr %0" : "=m"(saved_) : : "memory");
        asm volatile("ldmxcsr %0" : : "m"(wanted) : "memory");
    }
    ~ScopedMxcsr() { asm volatile("ldmxcsr %0" : : "m"(saved_) : "memory"); }
    ScopedMxcsr(const ScopedMxcsr&) = delete;
    ScopedMxcsr& operator=(const ScopedMxcsr&) = delete;

    Status raised() const {
        std::uint32_t mxcsr;
        asm volatile("stmxcsr %0" : "=m"(mxcsr) : : "memory");
        return {.invalid = (mxcsr & 0x01) != 0,
                .divide_by_zero = (mxcsr & 0x04) != 0,
                .overflow = (mxcsr & 0x08) != 0,
                .underflow = (mxcsr & 0x10) != 0,
                .inexact = (mxcsr & 0x20) != 0};
    }

  private:
    std::uint32_t saved_;
};

// The form of FMA whose NaNs are a's first, then b's, then c's.
float fused(float a, float b, float c) {
    asm volatile("vfmadd231ss %2, %1, %0" : "+x"(c) : "x"(a), "x"(b) : "memory");
    return c;
}
double fused(double a, double b, double c) {
    asm volatile("vfmadd231sd %2, %1, %0" : "+x"(c) : "x"(a), "x"(b) : "memory");
    return c;
}

// ROUNDSS's immediate: 4 is MXCSR's rounding, 8 keeps inexact quiet.
float apply(Operation operation, float a, float b, float c) {
    switch (operation) {
        case Operation::Add: asm volatile("addss %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Sub: asm volatile("subss %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Mul: asm volatile("mulss %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Div: asm volatile("divss %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Sqrt: asm volatile("sqrtss %0, %0" : "+x"(a) : : "memory"); break;
        case Operation::RoundToIntegral: asm volatile("roundss $12, %0, %0" : "+x"(a) : : "memory"); break;
        case Operation::RoundToIntegralExact: asm volatile("roundss $4, %0, %0" : "+x"(a) : : "memory"); break;
        case Operation::Fma: return fused(a, b, c);
        default: __builtin_unreachable();
    }
    return a;
}

double apply(Operation operation, double a, double b, double c) {
    switch (operation) {
        case Operation::Add: asm volatile("addsd %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Sub: asm volatile("subsd %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Mul: asm volatile("mulsd %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Div: asm volatile("divsd %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Sqrt: asm volatile("sqrtsd %0, %0" : "+x"(a) : : "memory"); break;
        case Operation::RoundToIntegral: asm volatile("roundsd $12, %0, %0" : "+x"(a) : : "memory"); break;
        case Operation::RoundToIntegralExact: asm volatile("roundsd $4, %0, %0" : "+x"(a) : : "memory"); break;
        case Operation::Fma: return fused(a, b, c);
        default: __builtin_unreachable();
    }
    return a;
}

template <class Number, class Code>
Rounded result(Operation operation, const Operands& operands, const Env& env) {
    const auto operand = [&](std::size_t i) { return std::bit_cast<Number>(static_cast<Code>(operands[i])); };
    const ScopedMxcsr mxcsr{env};
    const Number r = apply(operation, operand(0), operand(1), operand(2));
    return {std::bit_cast<Code>(r), mxcsr.raised()};
}

std::int64_t to_integer(float x, bool wide) {
    std::int64_t r = 0;
    if (wide)
        asm volatile("cvtss2siq %1, %0" : "=r"(r) : "x"(x) : "memory");
    else
        asm volatile("cvtss2sil %1, %k0" : "=r"(r) : "x"(x) : "memory");
    return r;
}
std::int64_t to_integer(double x, bool wide) {
    std::int64_t r = 0;
    if (wide)
        asm volatile("cvtsd2siq %1, %0" : "=r"(r) : "x"(x) : "memory");
    else
        asm volatile("cvtsd2sil %1, %k0" : "=r"(r) : "x"(x) : "memory");
    return r;
}

/// What UCOMIS or COMIS leave in ZF and CF; both are set where the operands are unordered.
struct Relation {
    bool equal_or_unordered, below_or_unordered;
};

Relation relation(float a, float b, bool signaling) {
    Relation r;
    if (signaling)
        asm volatile("comiss %3, %2"
                     : "=@ccz"(r.equal_or_unordered), "=@ccc"(r.below_or_unordered)
                     : "x"(a), "x"(b)
                     : "memory");
    else
        asm volatile("ucomiss %3, %2"
                     : "=@ccz"(r.equal_or_unordered), "=@ccc"(r.below_or_unordered)
                     : "x"(a), "x"(b)
                     : "memory");
    return r;
}
Relation relation(double a, double b, bool signaling) {
    Relation r;
    if (signaling)
        asm volatile("comisd %3, %2"
                     : "=@ccz"(r.equal_or_unordered), "=@ccc"(r.below_or_unordered)
                     : "x"(a), "x"(b)
                     : "memory");
    else
        asm volatile("ucomisd %3, %2"
                     : "=@ccz"(r.equal_or_unordered), "=@ccc"(r.below_or_unordered)
                     : "x"(a), "x"(b)
                     : "memory");
    return r;
}

template <class Number, class Code>
Rounded answer(Operation operation, const Operands& operands, const Env& env) {
    const auto operand = [&](std::size_t i) { return std::bit_cast<Number>(static_cast<Code>(operands[i])); };
    const bool signaling =
        operation == Operation::EqualSignaling || operation == Operation::Less || operation == Operation::LessEqual;
    const ScopedMxcsr mxcsr{env};
    const auto [zero, carry] = relation(operand(0), operand(1), signaling);
    const Status status = mxcsr.raised();
    const auto truth = [&](bool t) { return Rounded{t ? 1U : 0U, status}; };
    switch (operation) {
        case Operation::Equal:
        case Operation::EqualSignaling: return truth(zero && !carry);
        case Operation::Less:
        case Operation::LessQuiet: return truth(carry && !zero);
        case Operation::LessEqual:
        case Operation::LessEqualQuiet: return truth(carry != zero);
        case Operation::Unordered: return truth(carry && zero);
        default: __builtin_unreachable();
    }
}

}  // namespace

bool cpu_has(Rounding rounding) { return rounding_control(rounding).has_value(); }

std::string_view cpu_lacks(Operation operation) {
    if (operation == Operation::Fma) return __builtin_cpu_supports("fma") ? "" : "this CPU has no FMA instructions";
    if (operation == Operation::RoundToIntegral || operation == Operation::RoundToIntegralExact)
        return __builtin_cpu_supports("sse4.1") ? "" : "this CPU has no SSE4.1 instructions";
    const OperationKind kind = kind_of(operation);
    return kind == OperationKind::Arithmetic || kind == OperationKind::Comparison ? "" : "x86 has no such instruction";
}

/// AVX stands for the operating system's part: it keeps the registers.
std::string_view cpu_lacks_binary16() {
    std::uint32_t leaf = 1, ebx, ecx = 0, edx;  // clang 14 has no __builtin_cpu_supports("f16c")
    asm("cpuid" : "+a"(leaf), "=b"(ebx), "+c"(ecx), "=d"(edx));
    const bool f16c = (ecx >> 29 & 1) == 1;
    return f16c && __builtin_cpu_supports("avx") ? "" : "this CPU has no F16C instructions";
}

Rounded cpu_result(Operation operation, const Format& f, const Operands& operands, const Env& env) {
    assert(f == binary32 || f == binary64);
    if (kind_of(operation) == OperationKind::Comparison)
        return f == binary32 ? answer<float, std::uint32_t>(operation, operands, env)
                             : answer<double, std::uint64_t>(operation, operands, env);
    return f == binary32 ? result<float, std::uint32_t>(operation, operands, env)
                         : result<double, std::uint64_t>(operation, operands, env);
}

Rounded cpu_binary32_to_binary64(std::uint64_t code, const Env& env) {
    const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(code));
    const ScopedMxcsr mxcsr{env};
    double r;
    asm volatile("cvtss2sd %1, %0" : "=x"(r) : "x"(x) : "memory");
    return {std::bit_cast<std::uint64_t>(r), mxcsr.raised()};
}

Rounded cpu_binary64_to_binary32(std::uint64_t code, const Env& env) {
    const auto x = std::bit_cast<double>(code);
    const ScopedMxcsr mxcsr{env};
    float r;
    asm volatile("cvtsd2ss %1, %0" : "=x"(r) : "x"(x) : "memory");
    return {std::bit_cast<std::uint32_t>(r), mxcsr.raised()};
}

Rounded cpu_to_integer(int width, const Format& f, std::uint64_t code, const Env& env) {
    assert((width == 32 || width == 64) && (f == binary32 || f == binary64));
    const ScopedMxcsr mxcsr{env};
    const std::int64_t r = f == binary32
                               ? to_integer(std::bit_cast<float>(static_cast<std::uint32_t>(code)), width == 64)
                               : to_integer(std::bit_cast<double>(code), width == 64);
    const auto bits = static_cast<std::uint64_t>(r);
    return {width == 64 ? bits : bits & 0xFFFFFFFF, mxcsr.raised()};
}

// Both convert four numbers: VMOVD makes the other three 0, which raise nothing.

Rounded cpu_binary32_to_binary16(std::uint64_t code, Rounding rounding) {
    auto bits = static_cast<std::uint32_t>(code);
    const ScopedMxcsr mxcsr{{.rounding = rounding}};
    asm volatile(  // the 4 selects MXCSR's rounding
        "vmovd %0, %%xmm0\n\tvcvtps2ph $4, %%xmm0, %%xmm0\n\tvmovd %%xmm0, %0"
        : "+r"(bits)
        :
        : "xmm0", "memory");
    return {bits, mxcsr.raised()};
}

Rounded cpu_binary16_to_binary32(std::uint64_t code) {
    auto bits = static_cast<std::uint32_t>(code);
    const ScopedMxcsr mxcsr{Env{}};
    asm volatile("vmovd %0, %%xmm0\n\tvcvtph2ps %%xmm0, %%xmm0\n\tvmovd %%xmm0, %0" : "+r"(bits) : : "xmm0", "memory");
    return {bits, mxcsr.raised()};
}

#else

namespace {
constexpr std::string_view not_x86 = "this CPU is not an x86-64 one";
}

bool cpu_has(Rounding) { return false; }
std::string_view cpu_lacks(Operation) { return not_x86; }
std::string_view cpu_lacks_binary16() { return not_x86; }
Rounded cpu_result(Operation, const Format&, const Operands&, const Env&) { __builtin_trap(); }
Rounded cpu_binary32_to_binary64(std::uint64_t, const Env&) { __builtin_trap(); }
Rounded cpu_binary64_to_binary32(std::uint64_t, const Env&) { __builtin_trap(); }
Rounded cpu_to_integer(int, const Format&, std::uint64_t, const Env&) { __builtin_trap(); }
Rounded cpu_binary32_to_binary16(std::uint64_t, Rounding) { __builtin_trap(); }
Rounded cpu_binary16_to_binary32(std::uint64_t) { __builtin_trap(); }

#endif

}  // namespace halfulp::truth
