#include <algorithm>

#include <halfulp/gpu/kernel/expected/parts.h>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/mma_matrix.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp::gpu {
namespace {

/// Columns [first, first + count) of rows that are `pitch` apart and have `k` elements; zeros beyond them.
Codes columns_of(const Codes& rows, std::size_t count_of_rows, std::size_t pitch, std::size_t k, std::size_t first,
                 std::size_t count) {
    Codes part;
    for (std::size_t row = 0; row < count_of_rows; ++row)
        for (std::size_t i = first; i < first + count; ++i) part.push_back(i < k ? rows[row * pitch + i] : 0);
    return part;
}

Codes transposed(const Codes& matrix, std::size_t rows, std::size_t columns) {
    Codes turned;
    for (std::size_t column = 0; column < columns; ++column)
        for (std::size_t row = 0; row < rows; ++row) turned.push_back(matrix[row * columns + column]);
    return turned;
}

/// A chain of the instruction over ascending k.
Codes by_instruction(const MmaInstruction& instruction, const Call& call) {
    const auto& [m, n, k] = call.sizes;
    const auto depth = static_cast<std::size_t>(instruction.k);
    Codes d(std::size_t{m} * n, 0);
    for (std::size_t first = 0; first < k; first += depth) {
        const Codes a = columns_of(call.arrays.at("a"), m, padded(k), k, first, depth);
        const Codes b = transposed(columns_of(call.arrays.at("b"), n, padded(k), k, first, depth), n, depth);
        mma_matrix(*instruction.spec, {m, n, depth}, a, b, d, d);
    }
    return d;
}

/// Chains of fused multiply-adds; rows are not padded.
Codes by_fma(const Format& f, const Call& call) {
    const auto& [m, n, k] = call.sizes;
    const Codes &a = call.arrays.at("a"), &b = call.arrays.at("b");
    Codes d;
    for (std::size_t row = 0; row < m; ++row)
        for (std::size_t column = 0; column < n; ++column) {
            std::uint64_t sum = 0;
            for (std::size_t i = 0; i < k; ++i)
                sum = cuda_result(Operation::Fma, f, a[row * k + i], b[column * k + i], sum);
            d.push_back(sum);
        }
    return d;
}

}  // namespace

Codes matrix_product(const MatrixProduct& what, std::string_view processor, const Call& call) {
    if (what.instruction.empty()) return by_fma(what.sum.format, call);
    return by_instruction(find_instruction(processor, what.instruction), call);
}

Codes tiles(std::string_view instruction, std::string_view processor, const Call& call) {
    const MmaInstruction one = find_instruction(processor, instruction);
    const auto m = static_cast<std::size_t>(one.m), n = static_cast<std::size_t>(one.n),
               k = static_cast<std::size_t>(one.k);
    const auto tile_of = [&](std::string_view array, std::size_t tile, std::size_t size) {
        return std::span(call.arrays.find(array)->second).subspan(tile * size, size);
    };
    Codes all;
    for (std::size_t tile = 0; tile < call.arrays.at("c").size() / (m * n); ++tile) {
        const auto a = tile_of("a", tile, m * k), columns = tile_of("b", tile, n * k), c = tile_of("c", tile, m * n);
        Codes d(m * n);
        mma_matrix(*one.spec, {m, n, k}, a, transposed({columns.begin(), columns.end()}, n, k), c, d);
        all.insert(all.end(), d.begin(), d.end());
    }
    return all;
}

Codes chain(const OperationChain& what, std::string_view processor, Call call) {
    const Codes &a = call.arrays.at("a"), &b = call.arrays.at("b");
    Codes& d = call.arrays.at("c");
    for (std::size_t i = 0; i < std::size_t{call.sizes.k} * what.each; ++i)
        if (what.instruction.empty())
            for (std::size_t j = 0; j < d.size(); ++j) d[j] = cuda_result(Operation::Fma, binary32, a[j], b[j], d[j]);
        else
            d = tiles(what.instruction, processor, call);
    return d;
}

}  // namespace halfulp::gpu
