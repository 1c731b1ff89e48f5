#include <halfulp/lib/diagnose/product.hpp>

#include <utility>

#include <halfulp/lib/matrix_unit/mma_matrix.hpp>
#include <halfulp/softfloat/contains.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

Matrix by_matrix_unit(const MmaSpec& spec, Gemm gemm, unsigned threads) {
    const MatrixShape shape{gemm.a.rows, gemm.b.columns, gemm.a.columns};
    Matrix d{spec.accumulator.format, shape.m, shape.n, {}};
    d.codes = gemm.c ? std::move(gemm.c->codes) : std::vector<std::uint64_t>(shape.m * shape.n);
    mma_matrix(spec, shape, gemm.a.codes, gemm.b.codes, d.codes, d.codes, threads);
    return d;
}

Matrix by_plain_sum(const PlainSum& sum, const Gemm& gemm, const Format& accumulator, const Env& env) {
    const Matrix columns = transposed(gemm.b);
    Matrix d{accumulator, gemm.a.rows, gemm.b.columns, {}};
    for (std::size_t i = 0; i < d.rows; ++i)
        for (std::size_t j = 0; j < d.columns; ++j) {
            const auto c = gemm.c ? std::optional(gemm.c->at(i, j)) : std::nullopt;
            d.codes.push_back(
                plain_dot(sum, accumulator, {gemm.a.format, gemm.b.format, gemm.a.row(i), columns.row(j)}, c, env));
        }
    return d;
}

}  // namespace

OperandFormats operand_formats(const Unit& unit, const Gemm& gemm) {
    if (const auto* spec = std::get_if<MmaSpec>(&unit)) return {spec->a.format, spec->b.format};
    const std::optional<Format>& accumulator = std::get<PlainSum>(unit).accumulator;
    const auto taken = [&](const Format& f) { return accumulator && contains(*accumulator, f) ? *accumulator : f; };
    return {taken(gemm.a.format), taken(gemm.b.format)};
}

Format accumulator_of(const Unit& unit, const GemmPlan& plan) {
    if (const auto* spec = std::get_if<MmaSpec>(&unit)) return spec->accumulator.format;
    return std::get<PlainSum>(unit).accumulator.value_or(plan.output.value_or(binary32));
}

Matrix product(const Unit& unit, const Gemm& gemm, const Format& accumulator, const Env& env, unsigned threads) {
    if (const auto* spec = std::get_if<MmaSpec>(&unit)) return by_matrix_unit(*spec, gemm, threads);
    return by_plain_sum(std::get<PlainSum>(unit), gemm, accumulator, env);
}

}  // namespace halfulp
