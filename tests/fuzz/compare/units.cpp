#include "fuzz/compare/draws.hpp"

#include <halfulp/lib/diagnose/hostile_matrices.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/mma_matrix.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

namespace halfulp::fuzz {
/// The SIMD twin against the model of one element.
Problem unit(SplitMix& bits) {
    const MmaSpec* spec = nullptr;
    do spec = &mma_specs()[bits() % mma_specs().size()];
    while (!has_twin(*spec));
    const HostileKind& kind = any_of(hostile_kinds, bits);
    const std::size_t block = spec->scaling ? static_cast<std::size_t>(spec->scaling->block) : 1;
    const std::size_t k = any_size(8 * static_cast<std::size_t>(step_of(*spec)), bits);
    const Hostile x(*spec, kind, {any_size(5, bits), any_size(70, bits), (k + block - 1) / block * block}, bits());
    const auto format = [](const Element& e) { return e.integer ? std::nullopt : std::optional(e.format); };
    Problem p{
        fmt::format("{}, {}", name_of(*spec), kind.name), {x.shape.m, x.shape.n, x.shape.k}, {1, 1, block}, {}, {}};
    p.operands = {{"a", format(spec->a), {{0}, {2}}, x.a},
                  {"b", format(spec->b), {{2}, {1}}, x.b},
                  {"c", format(spec->accumulator), {{0}, {1}}, x.c}};
    if (spec->scaling) {
        p.operands.push_back({"scales of a", std::nullopt, {{0}, {2, block}}, x.a_scales});
        p.operands.push_back({"scales of b", std::nullopt, {{2, block}, {1}}, x.b_scales});
    }
    const auto threads = static_cast<unsigned>(1 + bits() % 3);
    p.difference = [spec, x, threads](const Problem& q) {
        Hostile y = x;
        y.shape = {q.sizes[0], q.sizes[1], q.sizes[2]};
        y.a = q.codes(0), y.b = q.codes(1), y.c = q.codes(2);
        if (spec->scaling) y.a_scales = q.codes(3), y.b_scales = q.codes(4);
        Codes expected(y.c.size()), held;
        for (std::size_t i = 0; i < expected.size(); ++i)
            expected[i] = mma_dot(*spec, y.operands(i / y.shape.n, i % y.shape.n, held));
        return first_difference_of_targets(expected, [&] {
            Codes d(expected.size());
            mma_matrix(*spec, y.shape, y.a, y.b, y.c, d, threads, {y.a_scales, y.b_scales});
            return d;
        });
    };
    return p;
}

}  // namespace halfulp::fuzz
