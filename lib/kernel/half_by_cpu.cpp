#include <halfulp/lib/kernel/half_by_cpu.h>

#include <halfulp/lib/kernel/default_environment.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/half_by_cpu.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/half-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

#if HALFULP_KERNEL_F16C

HWY_INLINE Floats load(const float* from) { return hn::LoadU(FloatTag(), from); }
HWY_INLINE Floats load(const std::uint16_t* from) { return load_halves(from); }

template <int control>
HWY_INLINE void store(Floats x, float* to) {
    hn::StoreU(canonical(x), FloatTag(), to);
}
template <int control>
HWY_INLINE void store(Floats x, std::uint16_t* to) {
    store_halves<control>(canonical(x), to);
}

struct Convert {
    static constexpr bool binary = false;
    HWY_INLINE Floats operator()(Floats a, Floats) const { return a; }
};
struct Root {
    static constexpr bool binary = false;
    HWY_INLINE Floats operator()(Floats a, Floats) const { return hn::Sqrt(a); }
};
struct Sum {
    static constexpr bool binary = true;
    HWY_INLINE Floats operator()(Floats a, Floats b) const { return hn::Add(a, b); }
};
struct Difference {
    static constexpr bool binary = true;
    HWY_INLINE Floats operator()(Floats a, Floats b) const { return hn::Sub(a, b); }
};
struct Product {
    static constexpr bool binary = true;
    HWY_INLINE Floats operator()(Floats a, Floats b) const { return hn::Mul(a, b); }
};
struct Quotient {
    static constexpr bool binary = true;
    HWY_INLINE Floats operator()(Floats a, Floats b) const { return hn::Div(a, b); }
};

template <int control, class Function, class In, class Out>
HWY_INLINE void step(Function function, const In* a, const In* b, Out* to) {
    const Floats x = load(a);
    if constexpr (Function::binary) store<control>(function(x, load(b)), to);
    if constexpr (!Function::binary) store<control>(function(x, x), to);
}

/// Whole vectors, then the rest in one more, which its last element fills.
template <int control, class Function, class In, class Out>
bool each(Function function, const In* a, const In* b, Out* to, std::size_t count) {
    constexpr std::size_t lanes = hn::MaxLanes(FloatTag());
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) step<control>(function, a + i, b + i, to + i);
    if (i == count) return true;
    In a_end[lanes], b_end[lanes];
    Out end[lanes];
    for (std::size_t k = 0; k < lanes; ++k) {
        const std::size_t source = i + k < count ? i + k : count - 1;
        a_end[k] = a[source];
        b_end[k] = b[source];
    }
    step<control>(function, a_end, b_end, end);
    std::memcpy(to + i, end, (count - i) * sizeof(Out));
    return true;
}

/// By the instruction's rounding control.
template <class Function, class In>
bool each_rounded(Function function, const In* a, const In* b, std::uint16_t* to, std::size_t count,
                  Rounding rounding) {
    switch (rounding) {
        case Rounding::NearestEven: return each<0>(function, a, b, to, count);
        case Rounding::Down: return each<1>(function, a, b, to, count);
        case Rounding::Up: return each<2>(function, a, b, to, count);
        case Rounding::TowardZero: return each<3>(function, a, b, to, count);
        default: return false;
    }
}

bool narrow_halves(const float* from, std::uint16_t* codes, std::size_t count, Rounding rounding) {
    return each_rounded(Convert(), from, from, codes, count, rounding);
}

bool widen_halves(const std::uint16_t* codes, float* to, std::size_t count) {
    return each<0>(Convert(), codes, codes, to, count);
}

bool compute_halves(Operation operation, const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* to,
                    std::size_t count, Rounding rounding) {
    const bool nearest = rounding == Rounding::NearestEven;
    switch (operation) {
        case Operation::Add: return nearest && each<0>(Sum(), a, b, to, count);
        case Operation::Sub: return nearest && each<0>(Difference(), a, b, to, count);
        case Operation::Mul: return each_rounded(Product(), a, b, to, count, rounding);
        case Operation::Div: return each_rounded(Quotient(), a, b, to, count, rounding);
        case Operation::Sqrt: return each_rounded(Root(), a, a, to, count, rounding);
        default: return false;
    }
}

#else

bool narrow_halves(const float*, std::uint16_t*, std::size_t, Rounding) { return false; }
bool widen_halves(const std::uint16_t*, float*, std::size_t) { return false; }
bool compute_halves(Operation, const std::uint16_t*, const std::uint16_t*, std::uint16_t*, std::size_t, Rounding) {
    return false;
}

#endif

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(narrow_halves);
HWY_EXPORT(widen_halves);
HWY_EXPORT(compute_halves);

bool cpu_serves_half(const Env& env, bool flags_of_each) {
    return !flags_of_each && env.overflow == Overflow::ByRounding && env.tininess == Tininess::AfterRounding &&
           !env.flush_inputs && env.flush_outputs == Flush::Never;
}

std::optional<Status> narrow_by_cpu(const float* from, std::uint16_t* codes, std::size_t count, Rounding rounding) {
    const DefaultEnvironment environment;
    if (!HWY_DYNAMIC_DISPATCH(narrow_halves)(from, codes, count, rounding)) return std::nullopt;
    return environment.raised();
}

std::optional<Status> widen_by_cpu(const std::uint16_t* codes, float* to, std::size_t count) {
    const DefaultEnvironment environment;
    if (!HWY_DYNAMIC_DISPATCH(widen_halves)(codes, to, count)) return std::nullopt;
    return environment.raised();
}

std::optional<Status> compute_by_cpu(Operation operation, const std::uint16_t* a, const std::uint16_t* b,
                                     std::uint16_t* results, std::size_t count, Rounding rounding) {
    const DefaultEnvironment environment;
    if (!HWY_DYNAMIC_DISPATCH(compute_halves)(operation, a, b, results, count, rounding)) return std::nullopt;
    return environment.raised();
}

}  // namespace halfulp::kernel
#endif
