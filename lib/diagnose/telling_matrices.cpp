#include <halfulp/lib/diagnose/telling_matrices.hpp>

#include <halfulp/lib/matrix_unit/mma_matrix.hpp>

namespace halfulp {

std::vector<std::uint64_t> product_of(const MmaSpec& row, const Hostile& x) {
    std::vector<std::uint64_t> d(x.c.size());
    mma_matrix(row, x.shape, x.a, x.b, x.c, d, 1, {x.a_scales, x.b_scales});
    return d;
}

std::vector<Hostile> telling_matrices(const MmaSpec& row, std::span<const RowChange> changes, const MatrixShape& shape,
                                      std::uint64_t seed) {
    std::vector<const RowChange*> untold;
    for (const RowChange& change : changes)
        if (change.moot.empty()) untold.push_back(&change);
    constexpr std::uint64_t rounds = 16;
    std::vector<Hostile> telling;
    for (std::uint64_t round = 0; round < rounds && !untold.empty(); ++round)
        for (const HostileKind& kind : hostile_kinds) {
            const Hostile x(row, kind, shape, seed + round);
            const auto d = product_of(row, x);
            if (std::erase_if(untold, [&](const RowChange* change) { return product_of(change->row, x) != d; }) != 0)
                telling.push_back(x);
        }
    return telling;
}

}  // namespace halfulp
