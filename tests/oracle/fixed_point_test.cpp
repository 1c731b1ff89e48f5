// Claim: the arithmetic of binary16, bfloat16 and the signed formats of at most 8 bits, by the exact engine and by the
// narrow one, is that in fixed point: bits and flags, in the seven deterministic roundings with every rule of overflow and
// tininess. Every pair of codes of at most 8 bits, every root, and 16-bit pairs and triples as far as they are drawn.
// Oracle: lib/truth/fixed_point.hpp, __int128 and cpp_int. Shared: the rows of formats.hpp.
#include <halfulp/lib/truth/fixed_point.hpp>
#include <string>
#include <vector>

#include "support/narrow_engine.hpp"

namespace halfulp::test {
namespace {

std::vector<Env> deterministic_environments() {
    std::vector<Env> all;
    for (const NamedRounding& row : deterministic_roundings)
        for (const Overflow overflow : {Overflow::ByRounding, Overflow::Saturate, Overflow::ToInfinity})
            for (const Tininess tininess : {Tininess::AfterRounding, Tininess::BeforeRounding})
                all.push_back({row.rounding, overflow, tininess});
    return all;
}

std::vector<NarrowEngine> fixed_point_engines() {
    std::vector<NarrowEngine> some;
    for (const NarrowEngine& engine : narrow_engines)
        if (truth::has_fixed_point(engine.format) && row_of(engine.format)) some.push_back(engine);
    return some;
}

class FixedPoint : public testing::TestWithParam<NarrowEngine> {
  protected:
    void expect_result(Operation operation, const Operands& operands) {
        truth::fixed_point_results(operation, f, operands, envs, wanted);
        const std::span shown{operands.data(), row_of(operation).operands};
        for (std::size_t i = 0; i < envs.size(); ++i) {
            exact.expect(wanted[i], compute(operation, f, operands, envs[i]), f, f, shown, envs[i]);
            narrow.expect(wanted[i], engine.compute(operation, operands, envs[i]), f, f, shown, envs[i]);
        }
    }

    const NarrowEngine engine = GetParam();
    const Format f = engine.format;
    const std::vector<Env> envs = deterministic_environments();
    std::vector<Rounded> wanted = std::vector<Rounded>(envs.size());
    Comparison exact{std::string{name_of(f)} + " exact"}, narrow{std::string{name_of(f)} + " narrow"};
};
INSTANTIATE_TEST_SUITE_P(Formats, FixedPoint, testing::ValuesIn(fixed_point_engines()),
                         [](const auto& row) { return std::string{name_of(row.param.format)}; });

TEST_P(FixedPoint, EveryRoot) {
    for (std::uint64_t code = 0; code <= f.code_mask(); ++code) expect_result(Operation::Sqrt, {code, 0, 0});
}

TEST_P(FixedPoint, EveryPairOf8BitsOrEdges) {
    SplitMix bits{5};
    const std::uint64_t pairs = f.width <= 8 ? std::uint64_t{1} << 2 * f.width : 20'000;
    for (std::uint64_t pair = 0; pair < pairs; ++pair) {
        const Operands all{pair >> f.width, pair & f.code_mask(), 0};
        const Operands operands = f.width <= 8 ? all : edge_operands(f, bits);
        for (const NamedOperation& op : arithmetic_operations)
            if (op.operands == 2) expect_result(op.operation, operands);
    }
}

TEST_P(FixedPoint, EdgesOfFma) {
    SplitMix bits{6};
    for (int i = 0; i < 40'000; ++i) expect_result(Operation::Fma, edge_operands(f, bits));
}

}  // namespace
}  // namespace halfulp::test
