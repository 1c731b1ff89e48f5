#include <halfulp/lib/matrix_unit/mma_matrix.hpp>

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/codes.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/twin/aligned.hpp>
#include <halfulp/lib/matrix_unit/twin/integers.hpp>
#include <halfulp/lib/matrix_unit/twin/threads.hpp>

namespace halfulp {
namespace {

void expect_matrix(std::string_view name, std::span<const std::uint64_t> codes, std::size_t rows, std::size_t columns) {
    std::size_t count = 0;
    if (__builtin_mul_overflow(rows, columns, &count) || codes.size() != count)
        throw InputError(fmt::format("{}: expected {} x {} elements, found {}", name, rows, columns, codes.size()));
}

/// The rows of D, each element by mma_dot.
void one_by_one(const twin::Matrices& x, unsigned threads) {
    const auto [m, n, k] = x.shape;
    std::vector<std::uint64_t> columns(x.b.size());
    for (std::size_t i = 0; i < k; ++i)
        for (std::size_t j = 0; j < n; ++j) columns[j * k + i] = x.b[i * n + j];
    twin::share(m, threads, [&, n = n, k = k](std::size_t i) {
        for (std::size_t j = 0; j < n; ++j)
            x.d[i * n + j] = mma_dot(x.spec, x.row_of_a(i), std::span(columns).subspan(j * k, k), x.c[i * n + j]);
    });
}

template <class Twin>
void in_tiles(const twin::Matrices& x, unsigned threads) {
    const Twin twin(x, threads);
    twin::share(twin::tiles(x.shape), threads, [&](std::size_t i) { twin.compute(twin::Tile(x.shape, i)); });
}

}  // namespace

bool has_twin(const MmaSpec& spec) { return twin::Aligned::serves(spec) || twin::Integers::serves(spec); }

void mma_matrix(const MmaSpec& spec, const MatrixShape& shape, std::span<const std::uint64_t> a,
                std::span<const std::uint64_t> b, std::span<const std::uint64_t> c, std::span<std::uint64_t> d,
                unsigned threads) {
    expect_matrix("A", a, shape.m, shape.k);
    expect_matrix("B", b, shape.k, shape.n);
    expect_matrix("C", c, shape.m, shape.n);
    expect_matrix("D", d, shape.m, shape.n);
    if (spec.scaling) throw InputError("mma_matrix: expected a unit that takes no scales");
    expect_codes("A", a, spec.a.width());
    expect_codes("B", b, spec.b.width());
    expect_codes("C", c, spec.accumulator.width());
    if (d.empty()) return;  // k may be anything then, and is no size to allocate by
    const twin::Matrices x{spec, shape, a, b, c, d};
    if (twin::Aligned::serves(spec)) return in_tiles<twin::Aligned>(x, threads);
    if (twin::Integers::serves(spec)) return in_tiles<twin::Integers>(x, threads);
    one_by_one(x, threads);
}

}  // namespace halfulp
