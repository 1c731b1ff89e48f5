#include <vector>

#include <halfulp/lib/matrix_unit/family/family.h>
#include <halfulp/softfloat/compute.hpp>

namespace halfulp {

// CDNA2 (MMA-Sim's FTZ-AddMul, algorithm 2) and, rounding to odd, Arm's BFDotAdd.
std::uint64_t rounded_tree(const MmaSpec& spec, const Group& group, const Running& d) {
    const Format& accumulator = spec.accumulator.format;
    const auto result = [&](Operation operation, const Operand& x, const Operand& y) {
        return compute(operation, accumulator, std::array{x, y}, env_of(spec));
    };
    const auto rounded = [&](Operation operation, const Operand& x, const Operand& y) {
        return Operand{accumulator, result(operation, x, y).code};
    };
    std::vector<Operand> sums;
    sums.reserve(group.a.codes.size());
    for (std::size_t i = 0; i < group.a.codes.size(); ++i)
        sums.push_back(rounded(Operation::Mul, Operand{operand_format(spec, spec.a), group.a.codes[i]},
                               Operand{operand_format(spec, spec.b), group.b.codes[i]}));
    while (sums.size() > 1) {
        const std::size_t pairs = sums.size() / 2;
        for (std::size_t i = 0; i < pairs; ++i) sums[i] = rounded(Operation::Add, sums[2 * i], sums[2 * i + 1]);
        if (sums.size() % 2 != 0) sums[pairs] = sums.back();
        sums.resize((sums.size() + 1) / 2);
    }
    const Rounded sum = result(Operation::Add, Operand{accumulator, d.value_or(0)}, sums[0]);
    return with_zero_sign(spec, sum.code, !sum.status.inexact);
}

}  // namespace halfulp
