#include <halfulp/gpu/kernel/expected/parts.h>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/softfloat/convert.hpp>

namespace halfulp::gpu {
namespace {

/// Arithmetic of an accumulator on widened terms.
struct Sums {
    Element term, sum;

    std::uint64_t widened(std::uint64_t code) const {
        if (!sum.integer) return convert(sum.format, term.format, code, cuda).code;
        const bool negative = term.integer->is_signed && code > term.integer->greatest();
        return negative ? (code | ~term.integer->code_mask()) & sum.code_mask() : code;
    }
    std::uint64_t add(std::uint64_t a, std::uint64_t b) const {
        return sum.integer ? (a + b) & sum.code_mask() : cuda_result(Operation::Add, sum.format, a, b);
    }
    std::uint64_t fma(std::uint64_t a, std::uint64_t b, std::uint64_t c) const {
        return sum.integer ? (a * b + c) & sum.code_mask() : cuda_result(Operation::Fma, sum.format, a, b, c);
    }
};

std::uint64_t together(const Sums& sums, Tree tree, Codes lanes) {
    for (std::size_t half = lanes.size() / 2; half > 0; half /= 2) {
        for (std::size_t i = 0; i < half; ++i)
            lanes[i] =
                tree == Tree::Halves ? sums.add(lanes[2 * i], lanes[2 * i + 1]) : sums.add(lanes[i], lanes[i + half]);
        lanes.resize(half);
    }
    return lanes[0];
}

}  // namespace

Codes sums_of_rows(const LaneWalk& walk) {
    const Sums sums{walk.term, walk.sum};
    Codes all;
    for (std::size_t row = 0; row < walk.rows; ++row) {
        Codes lanes(walk.lanes, 0);
        for (std::size_t i = 0; i < walk.terms; ++i) {
            std::uint64_t& lane = lanes[i % walk.lanes];
            const std::uint64_t a = sums.widened(walk.a[row * walk.pitch + i]);
            lane = walk.b.empty()
                       ? sums.add(lane, a)
                       : sums.fma(a, sums.widened(walk.b[(walk.one_vector ? 0 : row * walk.pitch) + i]), lane);
        }
        all.push_back(together(sums, walk.tree, lanes));
    }
    return all;
}

Codes blocked_sums(const BlockedSum& what, std::string_view processor, std::span<const std::uint64_t> terms) {
    const MmaInstruction instruction = find_instruction(processor, what.instruction);
    const auto depth = static_cast<std::size_t>(instruction.k);
    const Codes ones(depth, from_integer(what.term, 1).code);
    Codes all;
    std::uint64_t before = 0;
    for (std::size_t start = 0; start < terms.size(); start += depth) {
        Codes block(depth, 0);
        for (std::size_t i = 0; i < depth && start + i < terms.size(); ++i) {
            block[i] = terms[start + i];
            all.push_back(mma_dot(*instruction.spec, block, ones, before));
        }
        before = all.back();
    }
    return all;
}

}  // namespace halfulp::gpu
