#include <algorithm>

#include <halfulp/lib/kernel/default_environment.h>
#include <halfulp/lib/kernel/half_by_cpu.h>
#include <halfulp/lib/kernel/pieces.h>
#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/narrow.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/map-inl.h>
#include <halfulp/lib/kernel/narrow-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

template <Addend addend>
std::uint32_t narrow_by(const Narrowing& p, const Draws& draws, const Arrays<float>& at) {
    switch (p.shape) {
        case Shape::Same: return map(Narrow<addend, Shape::Same>{p, GeneratorOf<addend>(draws)}, at);
        case Shape::Gradual: return map(Narrow<addend, Shape::Gradual>{p, GeneratorOf<addend>(draws)}, at);
        case Shape::NoZero: return map(Narrow<addend, Shape::NoZero>{p, GeneratorOf<addend>(draws)}, at);
    }
    __builtin_unreachable();
}

/// How many elements lie before the next line of the cache: of arrays that do not begin at one, as numpy's do not, every
/// vector of 64 bytes would be read from two.
std::size_t up_to_a_line(const float* array) {
    constexpr std::size_t line = 64;
    return (line - reinterpret_cast<std::uintptr_t>(array) % line) % line / sizeof(float);
}

/// A block after another: once bits were lost, and tiny numbers lost some, the others' losses raise nothing more.
std::uint32_t narrow_by_addition(const Narrowing& p, const Draws& draws, const Arrays<float>& at) {
    using ByAddition = Narrow<Addend::Nearest, Shape::Gradual, true>;
    constexpr std::size_t block = 2048;
    const ByAddition kernel{p, NoGenerator(draws)};
    if (at.to.each != nullptr) return map(kernel, at);
    const std::uint32_t losses = p.raises.inexact | p.raises.underflow;
    std::uint32_t raised = 0;
    std::size_t count = at.to.count < block ? at.to.count : up_to_a_line(at.a);
    for (std::size_t i = 0; i < at.to.count; i += count, count = std::min(block, at.to.count - i)) {
        const Arrays<float> part = at.part(i, count);
        raised |= (raised & losses) == losses ? map(LossIsKnown<ByAddition>{kernel}, part) : map(kernel, part);
    }
    return raised;
}

std::uint32_t narrow_all(const Narrowing& p, const Draws& draws, const float* from, const Results& to) {
    const Arrays<float> at{from, nullptr, nullptr, to};
    if (p.is_summed) return narrow_by_addition(p, draws, at);
    switch (p.addend) {
        case Addend::Nearest: return narrow_by<Addend::Nearest>(p, draws, at);
        case Addend::Directed: return narrow_by<Addend::Directed>(p, draws, at);
        case Addend::ToOdd: return narrow_by<Addend::ToOdd>(p, draws, at);
        case Addend::Stochastic: return narrow_by<Addend::Stochastic>(p, draws, at);
    }
    __builtin_unreachable();
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(narrow_all);

namespace {

template <class Code>
Status narrowed_piece(const Format& to, const Narrowing& constants, std::span<const float> from, std::span<Code> codes,
                      const Env& env, std::span<Status> each, const Draws& draws) {
    if constexpr (sizeof(Code) == sizeof(std::uint16_t))
        if (to == binary16 && cpu_serves_half(env, !each.empty()))
            if (const auto raised = narrow_by_cpu(from.data(), codes.data(), codes.size(), env.rounding))
                return *raised;
    const DefaultEnvironment environment;
    return status_of(HWY_DYNAMIC_DISPATCH(narrow_all)(constants, draws, from.data(), results(codes, each)));
}

template <class Code>
Status narrowed(const Format& to, std::span<const float> from, std::span<Code> codes, const Env& env,
                std::span<Status> each, const Draws& draws, unsigned threads) {
    require_format(to, sizeof(Code));
    require_env(env);
    require_lengths({from.size()}, codes.size(), each.size());
    const Narrowing constants = narrowing(to, binary32_layout, env);
    return in_pieces(from.size(), threads, [&](const Piece& piece) {
        return narrowed_piece(to, constants, piece.of(from), piece.of(codes), env, piece.of(each), piece.of(draws));
    });
}

}  // namespace

Status narrow(const Format& to, std::span<const float> from, std::span<std::uint8_t> codes, const Env& env,
              std::span<Status> each, const Draws& draws, unsigned threads) {
    return narrowed(to, from, codes, env, each, draws, threads);
}
Status narrow(const Format& to, std::span<const float> from, std::span<std::uint16_t> codes, const Env& env,
              std::span<Status> each, const Draws& draws, unsigned threads) {
    return narrowed(to, from, codes, env, each, draws, threads);
}
Status narrow(const Format& to, std::span<const float> from, std::span<std::uint32_t> codes, const Env& env,
              std::span<Status> each, const Draws& draws, unsigned threads) {
    return narrowed(to, from, codes, env, each, draws, threads);
}

}  // namespace halfulp::kernel
#endif
