#pragma once

#include <cstdint>

#include <halfulp/softfloat/env.hpp>

namespace halfulp::narrow {

/// An Env that asks for neither Stochastic nor flushing, of which the compiler knows so much: where these are asked for,
/// the same code is compiled for an Env.
struct UsualEnv {
    Rounding rounding;
    Overflow overflow;
    Tininess tininess;
    NanPolicy nan;
    static constexpr std::uint64_t random = 0;
    static constexpr bool flush_inputs = false;
    static constexpr Flush flush_outputs = Flush::Never;

    constexpr operator Env() const {  // NOLINT(google-explicit-constructor): it is one
        return {.rounding = rounding, .overflow = overflow, .tininess = tininess, .nan = nan};
    }
};

constexpr bool is_stochastic(const Env& env) { return env.rounding == Rounding::Stochastic; }
constexpr bool is_stochastic(const UsualEnv& /*env*/) { return false; }

/// Apart from loops, and by a copied Env, so that they know theirs not to change.
template <auto operation>
[[gnu::cold]] constexpr Rounded unusual(Env env, auto... operands) {
    return operation(operands..., env);
}

/// An operation compiled for each of the two.
template <auto usual_operation, auto operation>
[[gnu::always_inline]] constexpr Rounded in_either(const Env& env, auto... operands) {
    if (is_stochastic(env) || env.flush_inputs || env.flush_outputs != Flush::Never)
        return unusual<operation>(env, operands...);
    return usual_operation(operands..., {env.rounding, env.overflow, env.tininess, env.nan});
}

}  // namespace halfulp::narrow
