#include <halfulp/lib/verify/engine/rows.h>
#include <halfulp/lib/truth/mpfr.hpp>

// The oracle of lib/truth.

namespace halfulp {

std::string mpfr_lacks(const Subject& s, const Env& env) {
    if (s.is_elementary() ? s.from.width > elementary_width : !truth::mpfr_has(s.operation()))
        return "mpfr is asked for add, sub, mul, div, sqrt, fma, remainder, fmod, round_to_integral, "
               "round_to_integral_exact and convert, and for elementary functions of at most 16 bits";
    return env.nan == NanPolicy::IeeeDefault ? "" : "mpfr has one NaN";
}

void run_mpfr(const Questions& q, std::span<Rounded> results) {
    const Subject& s = q.subject;
    if (s.is_elementary())
        answer_at_once(q, results, [&](const Operands& codes, std::span<const Env> envs, std::span<Rounded> of_one) {
            truth::mpfr_results(s.elementary(), s.to, s.from, codes[0], envs, of_one);
        });
    else
        answer_each(q, results, [&](const Operands& codes, const Env& env) {
            return truth::mpfr_result(s.operation(), s.to, s.from, codes, env);
        });
}

}  // namespace halfulp
