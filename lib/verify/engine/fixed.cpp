#include <halfulp/lib/verify/engine/rows.h>
#include <halfulp/lib/truth/fixed_point.hpp>

// The integers of lib/truth.

namespace halfulp {

std::string fixed_lacks(const Subject& s, const Env& env) {
    if (!s.is(OperationKind::Arithmetic)) return "fixed is asked for add, sub, mul, div, sqrt and fma";
    if (s.from != s.to || !truth::has_fixed_point(s.from))
        return "fixed is asked in signed formats of at most 32 bits, and for results in the operands' format";
    const Env asked{.rounding = env.rounding, .overflow = env.overflow, .tininess = env.tininess};
    if (env != asked || env.rounding == Rounding::Stochastic)
        return "fixed does not flush, has one NaN, and rounds by no random bits";
    return {};
}

void run_fixed(const Questions& q, std::span<Rounded> results) {
    const Subject& s = q.subject;
    answer_at_once(q, results, [&](const Operands& codes, std::span<const Env> envs, std::span<Rounded> of_one) {
        truth::fixed_point_results(s.operation(), s.from, codes, envs, of_one);
    });
}

}  // namespace halfulp
