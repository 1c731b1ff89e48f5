#include <algorithm>
#include <array>

#include <halfulp/lib/verify/engine/rows.h>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

// softfloat's normative engine.

namespace halfulp {
namespace {

/// Does the exact result depend on the operands alone?
bool is_rounded_last(const Subject& s) {
    return s.is_elementary() || s.is(OperationKind::Arithmetic) || s.is(Operation::Convert);
}

Sticky exact_result(const Subject& s, std::span<const Operand> operands) {
    return s.is_elementary() ? result_of(s.elementary(), decode(operands[0])) : result_of(s.operation(), operands);
}

Rounded result(const Subject& s, std::span<const Operand> operands, const Env& env) {
    return s.is_elementary() ? compute(s.elementary(), s.to, operands[0], env)
                             : compute(s.operation(), s.to, operands, env);
}

}  // namespace

std::string exact_lacks(const Subject& s, const Env&) {
    if (s.is_elementary() && s.from.width > elementary_width)
        return "exact is asked for elementary functions in formats of at most 16 bits";
    return s.is(OperationKind::Code) && s.from != s.to ? "such a result has its operand's format" : "";
}

/// Where the exact result is the same in every environment, it is computed once.
void run_exact(const Questions& q, std::span<Rounded> results) {
    const Subject& s = q.subject;
    const bool shared = is_rounded_last(s) &&
                        std::none_of(q.envs.begin(), q.envs.end(), [](const Env& env) { return env.flush_inputs; });
    answer_at_once(q, results, [&](const Operands& codes, std::span<const Env> envs, std::span<Rounded> of_one) {
        const std::array<Operand, 3> all{{{s.from, codes[0]}, {s.from, codes[1]}, {s.from, codes[2]}}};
        const auto operands = std::span(all).first(s.operands());
        if (shared) {
            const Sticky exact = exact_result(s, operands);
            for (std::size_t e = 0; e < envs.size(); ++e) of_one[e] = deliver(s.to, exact, operands, envs[e]);
        } else {
            for (std::size_t e = 0; e < envs.size(); ++e) of_one[e] = result(s, operands, envs[e]);
        }
    });
}

}  // namespace halfulp
