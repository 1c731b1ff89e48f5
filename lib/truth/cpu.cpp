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

/// For its lifetime: this rounding, no flag raised, all exceptions masked, subnormal numbers neither flushed nor taken
/// for zero. Here and below, what depends on MXCSR is volatile asm that clobbers memory: compilers keep such in order.
class ScopedMxcsr {
  public:
    explicit ScopedMxcsr(Rounding rounding) {
        const std::uint32_t all_masked = 0x1f80, wanted = all_masked | *rounding_control(rounding) << 13;
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

float apply(Operation operation, float a, float b, float c) {
    switch (operation) {
        case Operation::Add: asm volatile("addss %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Sub: asm volatile("subss %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Mul: asm volatile("mulss %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Div: asm volatile("divss %1, %0" : "+x"(a) : "x"(b) : "memory"); break;
        case Operation::Sqrt: asm volatile("sqrtss %0, %0" : "+x"(a) : : "memory"); break;
        case Operation::Fma: asm volatile("vfmadd213ss %2, %1, %0" : "+x"(a) : "x"(b), "x"(c) : "memory"); break;
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
        case Operation::Fma: asm volatile("vfmadd213sd %2, %1, %0" : "+x"(a) : "x"(b), "x"(c) : "memory"); break;
        default: __builtin_unreachable();
    }
    return a;
}

template <class Number, class Code>
Rounded result(Operation operation, const Operands& operands, Rounding rounding) {
    const auto operand = [&](std::size_t i) { return std::bit_cast<Number>(static_cast<Code>(operands[i])); };
    const ScopedMxcsr mxcsr{rounding};
    const Number r = apply(operation, operand(0), operand(1), operand(2));
    return {std::bit_cast<Code>(r), mxcsr.raised()};
}

}  // namespace

bool cpu_has(Rounding rounding) { return rounding_control(rounding).has_value(); }

std::string_view cpu_lacks(Operation operation) {
    return operation == Operation::Fma && !__builtin_cpu_supports("fma") ? "this CPU has no FMA instructions" : "";
}

/// AVX stands for the operating system's part: it keeps the registers.
std::string_view cpu_lacks_binary16() {
    std::uint32_t leaf = 1, ebx, ecx = 0, edx;  // clang 14 has no __builtin_cpu_supports("f16c")
    asm("cpuid" : "+a"(leaf), "=b"(ebx), "+c"(ecx), "=d"(edx));
    const bool f16c = (ecx >> 29 & 1) == 1;
    return f16c && __builtin_cpu_supports("avx") ? "" : "this CPU has no F16C instructions";
}

Rounded cpu_result(Operation operation, const Format& f, const Operands& operands, Rounding rounding) {
    assert(f == binary32 || f == binary64);
    return f == binary32 ? result<float, std::uint32_t>(operation, operands, rounding)
                         : result<double, std::uint64_t>(operation, operands, rounding);
}

// Both convert four numbers: VMOVD makes the other three 0, which raise nothing.

Rounded cpu_binary32_to_binary16(std::uint64_t code, Rounding rounding) {
    auto bits = static_cast<std::uint32_t>(code);
    const ScopedMxcsr mxcsr{rounding};
    asm volatile(  // the 4 selects MXCSR's rounding
        "vmovd %0, %%xmm0\n\tvcvtps2ph $4, %%xmm0, %%xmm0\n\tvmovd %%xmm0, %0"
        : "+r"(bits)
        :
        : "xmm0", "memory");
    return {bits, mxcsr.raised()};
}

Rounded cpu_binary16_to_binary32(std::uint64_t code) {
    auto bits = static_cast<std::uint32_t>(code);
    const ScopedMxcsr mxcsr{Rounding::NearestEven};
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
Rounded cpu_result(Operation, const Format&, const Operands&, Rounding) { __builtin_trap(); }
Rounded cpu_binary32_to_binary16(std::uint64_t, Rounding) { __builtin_trap(); }
Rounded cpu_binary16_to_binary32(std::uint64_t) { __builtin_trap(); }

#endif

}  // namespace halfulp::truth
