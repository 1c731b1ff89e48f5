#include <halfulp/lib/diagnose/predict.hpp>

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>

#include <fmt/format.h>

#include <halfulp/lib/diagnose/product.hpp>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using Places = std::vector<std::size_t>;

Places places(std::size_t first, std::size_t last) {
    Places all(last - first);
    std::iota(all.begin(), all.end(), first);
    return all;
}

std::size_t tile_of(const Unit& unit, const GemmPlan& plan) { return plan.tile_k > 0 ? plan.tile_k : step_of(unit); }

constexpr std::size_t tiles_in(std::size_t k, std::size_t tile) { return (k + tile - 1) / tile; }

/// The tiles, by number, that each slice takes.
std::vector<Places> tiles_of_slices(const GemmPlan& plan, std::size_t tiles) {
    std::vector<Places> slices(plan.split_k);
    const std::size_t most = tiles_in(tiles, plan.split_k);
    for (std::size_t tile = 0; tile < tiles; ++tile)
        slices[plan.order == TileOrder::Interleaved ? tile % plan.split_k : tile / most].push_back(tile);
    if (plan.order == TileOrder::Descending)
        for (Places& slice : slices) std::reverse(slice.begin(), slice.end());
    return slices;
}

/// The same numbers in another format. In the same one nothing happens unless subnormal numbers are flushed.
Matrix converted(Matrix matrix, const Format& to, const Env& env) {
    const bool flushes = env.flush_inputs || env.flush_outputs != Flush::Never;
    if (to == matrix.format && !flushes) return matrix;
    // A unit of tf32 does not read the last bits of a binary32: of a NaN they may be all that make it one.
    const bool cut_off = to == tf32 && matrix.format == binary32 && env.rounding == Rounding::TowardZero && !flushes;
    const int unread = binary32.width - tf32.width;
    for (std::uint64_t& code : matrix.codes)
        code = cut_off ? code >> unread : convert(to, matrix.format, code, env).code;
    matrix.format = to;
    return matrix;
}

/// One slice: tile by tile where the unit has more at once than a tile has, else in one go.
Matrix slice_sum(const Unit& unit, const GemmPlan& plan, const Gemm& operands, const Places& tiles,
                 std::optional<Matrix> start, unsigned threads) {
    const std::size_t k = operands.a.columns, tile = tile_of(unit, plan);
    const Places rows = places(0, operands.a.rows), columns = places(0, operands.b.columns);
    std::vector<Places> pieces(1);
    for (const std::size_t t : tiles) {
        const bool whole = tile % step_of(unit) == 0;
        if (!whole && !pieces.back().empty()) pieces.emplace_back();
        const Places more = places(t * tile, std::min(k, (t + 1) * tile));
        pieces.back().insert(pieces.back().end(), more.begin(), more.end());
    }
    for (const Places& piece : pieces)
        start = product(unit, {part(operands.a, rows, piece), part(operands.b, piece, columns), std::move(start)},
                        accumulator_of(unit, plan), plan.env, threads);
    return *std::move(start);
}

Matrix merged(const GemmPlan& plan, std::span<const Matrix> sums) {
    if (sums.size() == 1) return sums.front();
    const std::size_t half = plan.merge == Merge::Forward ? sums.size() - 1 : (sums.size() + 1) / 2;
    Matrix total = merged(plan, sums.first(half));
    const Matrix other = merged(plan, sums.subspan(half));
    for (std::size_t i = 0; i < total.codes.size(); ++i)
        total.codes[i] = compute(Operation::Add, total.format, Operands{total.codes[i], other.codes[i]}, plan.env).code;
    return total;
}

Matrix epilogue(const GemmPlan& plan, const Matrix& sum, const std::optional<Matrix>& c) {
    const Format& f = sum.format;
    const auto factor = [&](double x) { return convert(f, binary64, std::bit_cast<std::uint64_t>(x)).code; };
    const Operand alpha{f, factor(plan.alpha)}, beta{f, factor(plan.beta)};
    Matrix d{plan.output.value_or(f), sum.rows, sum.columns, {}};
    d.codes.reserve(sum.codes.size());
    for (std::size_t i = 0; i < sum.codes.size(); ++i) {
        const Operand acc{f, sum.codes[i]};
        std::uint64_t x = 0;
        if (c) {
            const Operand old{c->format, c->codes[i]};
            const std::uint64_t scaled = compute(Operation::Mul, f, std::array{beta, old}, plan.env).code;
            x = compute(Operation::Fma, f, std::array{alpha, acc, Operand{f, scaled}}, plan.env).code;
        } else {
            x = compute(Operation::Mul, f, std::array{alpha, acc}, plan.env).code;
        }
        d.codes.push_back(convert(d.format, f, x, plan.env).code);
    }
    return d;
}

std::string shape(const Matrix& matrix) { return fmt::format("{} x {}", matrix.rows, matrix.columns); }

}  // namespace

void check_shapes(const Gemm& gemm) {
    const auto& [a, b, c] = gemm;
    if (a.columns != b.rows)
        throw InputError(fmt::format("expected B with {} rows, as A is {}, found {}", a.columns, shape(a), shape(b)));
    if (c && (c->rows != a.rows || c->columns != b.columns))
        throw InputError(fmt::format("expected C of {} x {}, found {}", a.rows, b.columns, shape(*c)));
}

bool fills_slices(const Unit& unit, const GemmPlan& plan, std::size_t k) {
    const std::size_t tiles = tiles_in(k, tile_of(unit, plan));
    if (plan.split_k == 0 || tiles < plan.split_k) return false;
    const std::size_t each = tiles_in(tiles, plan.split_k);
    return plan.order == TileOrder::Interleaved || each * (plan.split_k - 1) < tiles;
}

void check(const Unit& unit, const GemmPlan& plan, const Gemm& gemm) {
    check_shapes(gemm);
    if (const OperandFormats taken = operand_formats(unit, gemm); !takes(unit, gemm.a.format, gemm.b.format))
        throw InputError(fmt::format("expected operands of {} and {}, as the unit takes, found {} and {}",
                                     short_name(taken.a), short_name(taken.b), short_name(gemm.a.format),
                                     short_name(gemm.b.format)));
    if (!fills_slices(unit, plan, gemm.a.columns))
        throw InputError(fmt::format("expected a K with tiles of {} for each of {} slices, found {}",
                                     tile_of(unit, plan), plan.split_k, gemm.a.columns));
    if (plan.c == CPlace::Start && gemm.c && plan.beta != 1)
        throw InputError(fmt::format("expected beta 1, as C starts the accumulator, found {}", plan.beta));
}

Matrix predict(const Unit& unit, const GemmPlan& plan, const Gemm& gemm, unsigned threads) {
    check(unit, plan, gemm);
    const OperandFormats taken = operand_formats(unit, gemm);
    const Format accumulator = accumulator_of(unit, plan), merges = plan.accumulator.value_or(accumulator);
    Env to_operand{.rounding = plan.operands, .flush_inputs = plan.env.flush_inputs};
    const Gemm operands{converted(gemm.a, taken.a, to_operand), converted(gemm.b, taken.b, to_operand)};
    const bool starts = plan.c == CPlace::Start && gemm.c;
    std::vector<Matrix> sums;
    for (const Places& tiles : tiles_of_slices(plan, tiles_in(gemm.a.columns, tile_of(unit, plan)))) {
        std::optional<Matrix> start;
        if (starts && sums.empty()) start = converted(*gemm.c, accumulator, plan.env);
        const Matrix sum = slice_sum(unit, plan, operands, tiles, std::move(start), threads);
        sums.push_back(converted(sum, merges, plan.env));
    }
    const bool reads_c = gemm.c && !starts && plan.beta != 0;
    return epilogue(plan, merged(plan, sums), reads_c ? gemm.c : std::nullopt);
}

}  // namespace halfulp
