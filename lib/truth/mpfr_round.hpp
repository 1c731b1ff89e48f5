#pragma once

#include <halfulp/lib/truth/mpfr_code.hpp>
#include <halfulp/lib/truth/mpfr_number.hpp>
#include <halfulp/softfloat/env.hpp>
#include <halfulp/softfloat/format.hpp>

// The way from an operation of MPFR to a code: part of mpfr.cpp.

namespace halfulp::truth {

/// What MPFR rounds to at first: by `rounding`, to so many bits more than the format's precision.
struct FirstRounding {
    mpfr_rnd_t rounding;
    int more_bits;
};
FirstRounding first_rounding(const Format& f, Rounding rounding);

/// Is it below the smallest normal number?
bool is_below_normal(const Format& f, mpfr_srcptr x);

/// NaN, infinity or zero as a code; the exceptions of the operation are not seen here.
Rounded delivered_special(const Format& f, mpfr_srcptr x, const Env& env);

/// The number that FirstRounding left, with MPFR's ternary value, as a code. `tiny_before`: the exact value is below
/// the smallest normal number. Changes x.
Rounded delivered_number(const Format& f, mpfr_ptr x, int ternary, bool tiny_before, const Env& env);

/// `compute(x, rounding)` delivers the operation's result in x's precision and returns the ternary value. Signals all
/// but invalid operations.
template <class Compute>
Rounded mpfr_delivered(const Format& f, const Compute& compute, const Env& env) {
    const FirstRounding step = first_rounding(f, env.rounding);
    MpfrNumber first{f.precision + step.more_bits};
    mpfr_clear_flags();
    const int ternary = compute(first, step.rounding);
    if (!mpfr_regular_p(first)) {
        const bool by_zero = mpfr_divby0_p() != 0;
        const Rounded r = delivered_special(f, first, env);
        return {r.code, r.status | Status{.divide_by_zero = by_zero}};
    }
    bool tiny_before = false;
    if (env.tininess == Tininess::BeforeRounding || env.flush_outputs == Flush::BeforeRounding || !f.has_subnormals) {
        MpfrNumber truncated{f.precision};
        compute(truncated, MPFR_RNDZ);
        tiny_before = is_below_normal(f, truncated);
    }
    return delivered_number(f, first, ternary, tiny_before, env);
}

}  // namespace halfulp::truth
