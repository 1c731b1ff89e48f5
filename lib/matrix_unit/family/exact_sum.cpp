#include <halfulp/lib/matrix_unit/family/family.h>
#include <halfulp/softfloat/dot.hpp>

namespace halfulp {

// With groups of one product IEEE 754's fused multiply-add; else MMA-Sim's E-FDPA (algorithm 6).
std::uint64_t exact_sum(const MmaSpec& spec, const Group& group, const Running& d) {
    const Format& accumulator = spec.accumulator.format;
    std::optional<Operand> c;
    if (d) c = Operand{accumulator, *d};
    const Rounded sum = dot(accumulator, {operand_format(spec, spec.a), group.a.codes},
                            {operand_format(spec, spec.b), group.b.codes}, env_of(spec), c);
    return with_zero_sign(spec, sum.code, !sum.status.inexact);
}

}  // namespace halfulp
