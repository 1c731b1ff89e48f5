#include <halfulp/lib/diagnose/product.h>

#include <utility>

#include <halfulp/lib/matrix_unit/mma_matrix.hpp>
#include <halfulp/softfloat/contains.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

std::span<const std::uint64_t> codes_of(const std::optional<Matrix>& matrix) {
    return matrix ? std::span<const std::uint64_t>(matrix->codes) : std::span<const std::uint64_t>();
}

Matrix by_matrix_unit(const MmaSpec& spec, const Gemm& gemm, std::optional<Matrix> c, unsigned threads) {
    const MatrixShape shape{gemm.a.rows, gemm.b.columns, gemm.a.columns};
    Matrix d{spec.accumulator, shape.m, shape.n, {}};
    d.codes = c ? std::move(c->codes) : std::vector<std::uint64_t>(shape.m * shape.n);
    mma_matrix(spec, shape, gemm.a.codes, gemm.b.codes, d.codes, d.codes, threads,
               {codes_of(gemm.a_scales), codes_of(gemm.b_scales)});
    return d;
}

Matrix by_plain_sum(const PlainSum& sum, const Gemm& gemm, const std::optional<Matrix>& start,
                    const Format& accumulator, const Env& env) {
    const Matrix columns = transposed(gemm.b);
    const Format &a = gemm.a.element.format, &b = gemm.b.element.format;
    Matrix d{accumulator, gemm.a.rows, gemm.b.columns, {}};
    for (std::size_t i = 0; i < d.rows; ++i)
        for (std::size_t j = 0; j < d.columns; ++j) {
            const auto c = start ? std::optional(start->at(i, j)) : std::nullopt;
            d.codes.push_back(plain_dot(sum, accumulator, {a, b, gemm.a.row(i), columns.row(j)}, c, env));
        }
    return d;
}

Matrix unless_integers(Matrix matrix, const Element& to, const Env& env) {
    return to.integer ? matrix : converted(std::move(matrix), to.format, env);
}

}  // namespace

Gemm operands_for(const Unit& unit, Gemm gemm, const Env& rounding) {
    if (const auto* spec = std::get_if<MmaSpec>(&unit)) {
        gemm.a = unless_integers(std::move(gemm.a), spec->a, rounding);
        gemm.b = unless_integers(std::move(gemm.b), spec->b, rounding);
        return gemm;
    }
    const std::optional<Format>& accumulator = std::get<PlainSum>(unit).accumulator;
    if (gemm.a_scales) {
        const Format to = accumulator.value_or(binary64);
        const Matrix columns = scaled(transposed(gemm.b), transposed(*gemm.b_scales), to);
        return {scaled(gemm.a, *gemm.a_scales, to), transposed(columns)};
    }
    const auto widened = [&](Matrix matrix) {
        const Format own = matrix.element.format;
        return converted(std::move(matrix), accumulator && contains(*accumulator, own) ? *accumulator : own, rounding);
    };
    return {widened(std::move(gemm.a)), widened(std::move(gemm.b))};
}

Element accumulator_of(const Unit& unit, const GemmPlan& plan) {
    if (const auto* spec = std::get_if<MmaSpec>(&unit)) return spec->accumulator;
    return std::get<PlainSum>(unit).accumulator.value_or(plan.output.value_or(binary32).format);
}

Matrix product(const Unit& unit, const Gemm& operands, std::optional<Matrix> c, const Element& accumulator,
               const Env& env, unsigned threads) {
    if (const auto* spec = std::get_if<MmaSpec>(&unit)) return by_matrix_unit(*spec, operands, std::move(c), threads);
    return by_plain_sum(std::get<PlainSum>(unit), operands, c, accumulator.format, env);
}

}  // namespace halfulp
