#include <halfulp/lib/matrix_unit/mma_matrix.hpp>

#include <fmt/format.h>

#include <string_view>
#include <vector>

#include <halfulp/lib/matrix_unit/codes.h>
#include <halfulp/lib/matrix_unit/mma_vector.h>
#include <halfulp/lib/matrix_unit/twin/aligned.h>
#include <halfulp/lib/matrix_unit/twin/integers.h>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/twin/threads.hpp>

namespace halfulp {
namespace {

void expect_matrix(std::string_view name, std::span<const std::uint64_t> codes, std::size_t rows, std::size_t columns) {
    std::size_t count = 0;
    if (__builtin_mul_overflow(rows, columns, &count) || codes.size() != count)
        throw InputError(fmt::format("{}: expected {} x {} elements, found {}", name, rows, columns, codes.size()));
}

/// Scales of a row or column.
std::size_t blocks_of(const MmaSpec& spec, std::size_t k) {
    return spec.scaling ? twin::pieces(k, static_cast<std::size_t>(spec.scaling->block)) : 0;
}

/// The columns of a matrix, one after another.
std::vector<std::uint64_t> columns_of(std::span<const std::uint64_t> matrix, std::size_t rows, std::size_t columns) {
    std::vector<std::uint64_t> turned(matrix.size());
    for (std::size_t i = 0; i < rows; ++i)
        for (std::size_t j = 0; j < columns; ++j) turned[j * rows + i] = matrix[i * columns + j];
    return turned;
}

/// The rows of D, each element by mma_dot.
void one_by_one(const twin::Matrices& x, unsigned threads) {
    const auto [m, n, k] = x.shape;
    const std::size_t blocks = blocks_of(x.spec, k);
    const auto columns = columns_of(x.b, k, n), b_scales = columns_of(x.scales.b, blocks, n);
    std::vector<MmaVector> of_b;
    for (std::size_t j = 0; j < n; ++j)
        of_b.emplace_back(x.spec, MmaVector::Side::B, std::span(columns).subspan(j * k, k),
                          std::span(b_scales).subspan(j * blocks, blocks));
    twin::share(m, threads, [&, n = n](std::size_t i) {
        const MmaVector a(x.spec, MmaVector::Side::A, x.row_of_a(i), x.scales.a.subspan(i * blocks, blocks));
        for (std::size_t j = 0; j < n; ++j) x.d[i * n + j] = mma_dot(x.spec, a, of_b[j], x.c[i * n + j]);
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
                unsigned threads, const MatrixScales& scales) {
    expect_matrix("A", a, shape.m, shape.k);
    expect_matrix("B", b, shape.k, shape.n);
    expect_matrix("C", c, shape.m, shape.n);
    expect_matrix("D", d, shape.m, shape.n);
    expect_matrix("A's scales", scales.a, shape.m, blocks_of(spec, shape.k));
    expect_matrix("B's scales", scales.b, blocks_of(spec, shape.k), shape.n);
    expect_codes("A", a, spec.a.width());
    expect_codes("B", b, spec.b.width());
    expect_codes("C", c, spec.accumulator.width());
    expect_codes("A's scales", scales.a, 8);
    expect_codes("B's scales", scales.b, 8);
    if (d.empty()) return;  // k may be anything then, and is no size to allocate by
    const twin::Matrices x{spec, shape, a, b, c, d, scales};
    if (twin::Aligned::serves(spec)) return in_tiles<twin::Aligned>(x, threads);
    if (twin::Integers::serves(spec)) return in_tiles<twin::Integers>(x, threads);
    one_by_one(x, threads);
}

}  // namespace halfulp
