#include <halfulp/lib/diagnose/predict.hpp>

#include <algorithm>
#include <bit>
#include <cassert>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include <halfulp/lib/diagnose/product.h>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/arithmetic.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/decode.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>

namespace halfulp {
namespace {

using Places = std::vector<std::size_t>;

Places places(std::size_t first, std::size_t last) {
    Places all(last - first);
    std::iota(all.begin(), all.end(), first);
    return all;
}

std::size_t tile_of(const Unit& unit, const GemmPlan& plan) { return plan.tile_k > 0 ? plan.tile_k : step_of(unit); }

/// Elements along k that share a scale in the unit.
std::size_t scale_block(const Unit& unit) {
    const auto* spec = std::get_if<MmaSpec>(&unit);
    return spec != nullptr && spec->scaling ? static_cast<std::size_t>(spec->scaling->block) : 1;
}

/// The tiles, by number, that each slice takes.
std::vector<Places> tiles_of_slices(const GemmPlan& plan, std::size_t tiles) {
    std::vector<Places> slices(plan.split_k);
    const std::size_t most = ceiling_of_ratio(tiles, plan.split_k);
    for (std::size_t tile = 0; tile < tiles; ++tile)
        slices[plan.order == TileOrder::Interleaved ? tile % plan.split_k : tile / most].push_back(tile);
    if (plan.order == TileOrder::Descending)
        for (Places& slice : slices) std::reverse(slice.begin(), slice.end());
    return slices;
}

/// Tiles that the unit takes in one go: each alone where it ends within a block, else all.
std::vector<Places> pieces_of(const Places& tiles, bool whole_blocks) {
    if (whole_blocks) return {tiles};
    std::vector<Places> pieces;
    for (const std::size_t tile : tiles) pieces.push_back({tile});
    return pieces;
}

/// The places in tiles of that length, of `end` along k.
Places along_k(const Places& tiles, std::size_t length, std::size_t end) {
    Places all;
    for (const std::size_t tile : tiles) {
        const Places more = places(tile * length, std::min(end, (tile + 1) * length));
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

/// A and B of some tiles.
Gemm part_of(const Unit& unit, const Gemm& gemm, const Places& tiles, std::size_t length) {
    const Places rows = places(0, gemm.a.rows), columns = places(0, gemm.b.columns);
    const Places k = along_k(tiles, length, gemm.a.columns);
    Gemm chosen{part(gemm.a, rows, k), part(gemm.b, k, columns)};
    if (!gemm.a_scales) return chosen;
    const Places blocks = along_k(tiles, length / scale_block(unit), gemm.a_scales->columns);
    chosen.a_scales = part(*gemm.a_scales, rows, blocks);
    chosen.b_scales = part(*gemm.b_scales, blocks, columns);
    return chosen;
}

/// With zeros up to the end of the unit's last block.
Gemm filled_up(const Unit& unit, const GemmPlan& plan, Gemm gemm) {
    const std::size_t block = std::min(tile_of(unit, plan), step_of(unit));
    const std::size_t k = ceiling_of_ratio(gemm.a.columns, block) * block;
    if (k == gemm.a.columns) return gemm;
    if (gemm.a_scales) {
        const std::size_t scales = ceiling_of_ratio(k, scale_block(unit));
        gemm.a_scales = enlarged(*gemm.a_scales, gemm.a.rows, scales);
        gemm.b_scales = enlarged(*gemm.b_scales, scales, gemm.b.columns);
    }
    gemm.a = enlarged(gemm.a, gemm.a.rows, k);
    gemm.b = enlarged(gemm.b, k, gemm.b.columns);
    return gemm;
}

Matrix slice_sum(const Unit& unit, const GemmPlan& plan, const Gemm& operands, const Places& tiles,
                 std::optional<Matrix> start, unsigned threads) {
    const std::size_t length = tile_of(unit, plan);
    const Element accumulator = accumulator_of(unit, plan);
    for (const Places& piece : pieces_of(tiles, length % step_of(unit) == 0)) {
        // All in their order, as plans mostly have them, are not copied.
        const bool is_all = piece == places(0, ceiling_of_ratio(operands.a.columns, length));
        start = is_all ? product(unit, operands, std::move(start), accumulator, plan.env, threads)
                       : product(unit, part_of(unit, operands, piece, length), std::move(start), accumulator, plan.env,
                                 threads);
    }
    return *std::move(start);
}

std::uint64_t added(const Element& element, std::uint64_t x, std::uint64_t y, const Env& env) {
    if (element.integer) return (x + y) & element.code_mask();
    return compute(Operation::Add, element.format, Operands{x, y}, env).code;
}

Matrix merged(const GemmPlan& plan, std::span<Matrix> sums) {
    if (sums.size() == 1) return std::move(sums.front());
    const std::size_t half = plan.merge == Merge::Forward ? sums.size() - 1 : (sums.size() + 1) / 2;
    Matrix total = merged(plan, sums.first(half));
    const Matrix other = merged(plan, sums.subspan(half));
    for (std::size_t i = 0; i < total.codes.size(); ++i)
        total.codes[i] = added(total.element, total.codes[i], other.codes[i], plan.env);
    return total;
}

/// What alpha and beta, the numbers of the plan, make of a sum.
Matrix scaled_sum(const GemmPlan& plan, Matrix sum, const std::optional<Matrix>& c) {
    const Format& f = sum.element.format;
    const auto factor = [&](double x) { return convert(f, binary64, std::bit_cast<std::uint64_t>(x)).code; };
    const Operand alpha{f, factor(plan.alpha)}, beta{f, factor(plan.beta)};
    for (std::size_t i = 0; i < sum.codes.size(); ++i) {
        const Operand acc{f, sum.codes[i]};
        if (c) {
            const Operand old{c->element.format, c->codes[i]};
            const Operand product{f, compute(Operation::Mul, f, std::array{beta, old}, plan.env).code};
            sum.codes[i] = compute(Operation::Fma, f, std::array{alpha, acc, product}, plan.env).code;
        } else {
            sum.codes[i] = compute(Operation::Mul, f, std::array{alpha, acc}, plan.env).code;
        }
    }
    return sum;
}

/// Numbers as integers of at most 8 bits.
Matrix requantised(const GemmPlan& plan, Matrix sum, const IntegerType& to) {
    const Env env{.rounding = plan.requantised};
    for (std::uint64_t& code : sum.codes) {
        const Rounded whole = to_integer(s32, decode(sum.element.format, code), env, OutOfRange::Saturate);
        code = to_integer(to, add(exact(s32, whole.code), exact(plan.zero_point)).value, {}, OutOfRange::Saturate).code;
    }
    sum.element = to;
    return sum;
}

Matrix epilogue(const GemmPlan& plan, Matrix sum, const std::optional<Matrix>& c) {
    if (sum.element.integer) {
        for (std::size_t i = 0; c && i < sum.codes.size(); ++i)
            sum.codes[i] = added(sum.element, sum.codes[i], c->codes[i], plan.env);
    } else if (c || plan.alpha != 1) {
        sum = scaled_sum(plan, std::move(sum), c);
    }
    const Element output = plan.output.value_or(sum.element);
    if (output == sum.element && output.integer) return sum;
    if (output.integer) return requantised(plan, std::move(sum), *output.integer);
    return converted(std::move(sum), output.format, plan.env);
}

/// What merges and the epilogue add.
Element summed_in(const Unit& unit, const GemmPlan& plan) {
    return plan.accumulator ? Element(*plan.accumulator) : accumulator_of(unit, plan);
}

std::string operands_text(const Unit& unit) {
    const auto* spec = std::get_if<MmaSpec>(&unit);
    return spec == nullptr ? "numbers" : text_of(OperandKinds{spec->a, spec->b, spec->scaling});
}

std::string shape(const Matrix& matrix) { return fmt::format("{} x {}", matrix.rows, matrix.columns); }

void check_scales(const Gemm& gemm) {
    const auto& [a, b, c, a_scales, b_scales] = gemm;
    if (!a_scales && !b_scales) return;
    if (!a_scales || !b_scales) throw InputError("expected scales of both A and B, or none, found those of one");
    const std::size_t blocks = a_scales->columns;
    if (a_scales->element != b_scales->element || a.element.integer || b.element.integer || a_scales->element.integer)
        throw InputError("expected scales of one format for A and B of numbers, found others");
    if (a_scales->rows != a.rows || b_scales->rows != blocks || b_scales->columns != b.columns)
        throw InputError(fmt::format("expected scales of {} x blocks and blocks x {}, found {} and {}", a.rows,
                                     b.columns, shape(*a_scales), shape(*b_scales)));
    if (blocks == 0 || ceiling_of_ratio(a.columns, block_length(a.columns, blocks)) != blocks)
        throw InputError(
            fmt::format("expected a scale for every 2^i elements of {}, found {} scales", a.columns, blocks));
}

/// D has the integers that the sums are, or numbers requantised.
void check_integer_output(const GemmPlan& plan, const Element& sum) {
    const Element& d = *plan.output;
    if (d == sum) return;
    if (sum.integer || d.integer->width > 8)
        throw InputError(
            fmt::format("expected D of {}, as sums are, found {}", sum.integer ? name_of(sum) : "numbers", name_of(d)));
    if (to_integer(*d.integer, exact(plan.zero_point)).status.invalid)
        throw InputError(fmt::format("expected a zero point of {}, found {}", name_of(d), plan.zero_point));
}

/// Integers are added to integers, and have no factors.
void check_integers(const Unit& unit, const GemmPlan& plan, const Gemm& gemm) {
    const Element sum = summed_in(unit, plan), held = plan.c == CPlace::Start ? accumulator_of(unit, plan) : sum;
    const auto fits = [](const Element& x, const Element& wanted) {
        return x.integer || wanted.integer ? x == wanted : true;
    };
    if (gemm.c && !fits(gemm.c->element, held))
        throw InputError(fmt::format("expected C of {}, as sums are, found {}",
                                     held.integer ? name_of(held) : "numbers", name_of(gemm.c->element)));
    if (plan.output && plan.output->integer) check_integer_output(plan, sum);
    if (sum.integer && (plan.alpha != 1 || (plan.beta != 0 && plan.beta != 1)))
        throw InputError(fmt::format("expected alpha 1 and beta 0 or 1, as sums are integers, found {} and {}",
                                     plan.alpha, plan.beta));
}

}  // namespace

void check_shapes(const Gemm& gemm) {
    const auto& [a, b, c, a_scales, b_scales] = gemm;
    if (a.columns != b.rows)
        throw InputError(fmt::format("expected B with {} rows, as A is {}, found {}", a.columns, shape(a), shape(b)));
    if (c && (c->rows != a.rows || c->columns != b.columns))
        throw InputError(fmt::format("expected C of {} x {}, found {}", a.rows, b.columns, shape(*c)));
    check_scales(gemm);
}

OperandKinds operands_of(const Gemm& gemm) {
    OperandKinds kinds{gemm.a.element, gemm.b.element, {}, gemm.a.columns};
    if (gemm.a_scales)
        kinds.scaling = {gemm.a_scales->element.format,
                         static_cast<int>(block_length(gemm.a.columns, gemm.a_scales->columns))};
    return kinds;
}

bool fills_slices(const Unit& unit, const GemmPlan& plan, std::size_t k) {
    const std::size_t tiles = ceiling_of_ratio(k, tile_of(unit, plan));
    if (plan.split_k == 0 || tiles < plan.split_k) return false;
    const std::size_t each = ceiling_of_ratio(tiles, plan.split_k);
    return plan.order == TileOrder::Interleaved || each * (plan.split_k - 1) < tiles;
}

void check(const Unit& unit, const GemmPlan& plan, const Gemm& gemm) {
    check_shapes(gemm);
    if (!takes(unit, operands_of(gemm)))
        throw InputError(fmt::format("expected operands of {}, as the unit takes, found {}", operands_text(unit),
                                     text_of(operands_of(gemm))));
    if (!fills_slices(unit, plan, gemm.a.columns))
        throw InputError(fmt::format("expected a K with tiles of {} for each of {} slices, found {}",
                                     tile_of(unit, plan), plan.split_k, gemm.a.columns));
    if (tile_of(unit, plan) % scale_block(unit) != 0)
        throw InputError(fmt::format("expected tiles of whole blocks of {}, as scales are for, found tiles of {}",
                                     scale_block(unit), plan.tile_k));
    if (plan.c == CPlace::Start && gemm.c && plan.beta != 1)
        throw InputError(fmt::format("expected beta 1, as C starts the accumulator, found {}", plan.beta));
    check_integers(unit, plan, gemm);
}

Matrix predict(const Unit& unit, const GemmPlan& plan, Gemm gemm, unsigned threads) {
    check(unit, plan, gemm);
    const Element accumulator = accumulator_of(unit, plan), merges = summed_in(unit, plan);
    const auto in = [&](const Element& to, Matrix matrix) {
        return to.integer ? matrix : converted(std::move(matrix), to.format, plan.env);
    };
    std::optional<Matrix> c = std::exchange(gemm.c, std::nullopt), start;
    if (c && plan.c == CPlace::Start) start = in(accumulator, *std::exchange(c, std::nullopt));
    if (plan.beta == 0) c.reset();
    const std::size_t tiles = ceiling_of_ratio(gemm.a.columns, tile_of(unit, plan));
    const Env to_operand{.rounding = plan.operands, .flush_inputs = plan.env.flush_inputs};
    const Gemm operands = filled_up(unit, plan, operands_for(unit, std::move(gemm), to_operand));
    std::vector<Matrix> sums;
    for (const Places& slice : tiles_of_slices(plan, tiles)) {
        Matrix sum = slice_sum(unit, plan, operands, slice, std::exchange(start, std::nullopt), threads);
        sums.push_back(in(merges, std::move(sum)));
    }
    return epilogue(plan, merged(plan, sums), c);
}

}  // namespace halfulp
