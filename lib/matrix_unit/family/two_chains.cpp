#include <halfulp/lib/matrix_unit/family/family.h>
#include <halfulp/softfloat/compute.hpp>

namespace halfulp {

// Intel AMX: TDPBF16PS and TDPFP16PS as the SDM defines them, which is not the order of the Intrinsics Guide.
std::uint64_t two_chains(const MmaSpec& spec, const Group& group, const Running& d) {
    const Format& accumulator = spec.accumulator.format;
    const Env env = env_of(spec);
    std::array<std::uint64_t, 2> chains{};
    for (std::size_t i = 0; i < group.a.codes.size(); ++i) {
        const std::array<Operand, 3> operands{{{operand_format(spec, spec.a), group.a.codes[i]},
                                               {operand_format(spec, spec.b), group.b.codes[i]},
                                               {accumulator, chains[i % 2]}}};
        chains[i % 2] = compute(Operation::Fma, accumulator, operands, env).code;
    }
    const std::uint64_t sum = compute(Operation::Add, accumulator, Operands{chains[0], chains[1]}, env).code;
    const Rounded total = compute(Operation::Add, accumulator, Operands{d.value_or(0), sum}, env);
    return with_zero_sign(spec, total.code, !total.status.inexact);
}

}  // namespace halfulp
