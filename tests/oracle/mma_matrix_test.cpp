// Claim: mma_matrix delivers what mma_dot says of each element, on every kind of matrix for every row of the table, with
// many seeds and every k around the steps of a row.
// Oracle: mma_dot, which is held to recorded hardware elsewhere. Shared: the rows.

#include "support/matrix_comparison.hpp"

namespace halfulp::test {
namespace {

TEST(MmaMatrixSweep, IsMmaDotOfEachElement) {
    Seen seen;
    for (const MmaSpec& spec : distinct_rows()) {
        if (!has_twin(spec)) continue;
        const auto step = static_cast<std::size_t>(step_of(spec));
        for (const HostileKind& kind : hostile_kinds)
            for (const std::size_t k : {std::size_t{1}, step - 1, step + 1, 5 * step + 3}) {
                const Hostile x(spec, kind, {5, 67, k}, 1000 * k);
                seen.count(spec, x, expect_hostile(spec, kind, x));
            }
    }
    seen.expect_each(30000);
}

}  // namespace
}  // namespace halfulp::test
