#include <array>
#include <cstring>

#include <halfulp/gpu/ptx/warp.h>

// Matrices of 8 by 8 elements of 16 bits between shared memory and registers; PTX ISA: ldmatrix, stmatrix, movmatrix.
// Lane l holds the elements 2 (l % 4) and 2 (l % 4) + 1 of row l / 4, or of column l / 4 where the matrix is
// transposed.

namespace halfulp::ptx {
namespace {

using Matrix = std::array<std::array<std::uint16_t, 8>, 8>;

std::size_t count_of(const Instruction& x) { return x.has("x4") ? 4 : x.has("x2") ? 2 : 1; }

std::uint32_t elements(const Matrix& matrix, int lane, bool transposed) {
    const auto i = static_cast<std::size_t>(lane / 4), j = static_cast<std::size_t>(2 * (lane % 4));
    const std::uint32_t low = transposed ? matrix[j][i] : matrix[i][j],
                        high = transposed ? matrix[j + 1][i] : matrix[i][j + 1];
    return high << 16 | low;
}

void put(Matrix& matrix, int lane, bool transposed, std::uint32_t pair) {
    const auto i = static_cast<std::size_t>(lane / 4), j = static_cast<std::size_t>(2 * (lane % 4));
    (transposed ? matrix[j][i] : matrix[i][j]) = static_cast<std::uint16_t>(pair);
    (transposed ? matrix[j + 1][i] : matrix[i][j + 1]) = static_cast<std::uint16_t>(pair >> 16);
}

void expect_all(Mask mask) {
    if (mask != all_lanes) throw Fault{std::countr_zero(mask), "expected a warp of 32 threads, this one has fewer"};
}

/// Lane 8 m + i names the address of row i of matrix m.
int lane_of_row(std::size_t matrix, std::size_t row) { return static_cast<int>(8 * matrix + row); }

void load(Warp& warp, const Step& step, Mask mask) {
    expect_all(mask);
    const std::size_t count = count_of(*step.instruction);
    std::array<Matrix, 4> matrices;
    for (std::size_t m = 0; m < count; ++m)
        for (std::size_t row = 0; row < 8; ++row) {
            const int lane = lane_of_row(m, row);
            warp.read(step.access, warp.address(step.slots[count], step.offset, lane),
                      std::as_writable_bytes(std::span(matrices[m][row])), lane);
        }
    const bool transposed = step.instruction->has("trans");
    for (std::size_t m = 0; m < count; ++m)
        for (int lane = 0; lane < 32; ++lane) warp.set(step.slots[m], lane, elements(matrices[m], lane, transposed));
}

void store(Warp& warp, const Step& step, Mask mask) {
    expect_all(mask);
    const std::size_t count = count_of(*step.instruction);
    const bool transposed = step.instruction->has("trans");
    for (std::size_t m = 0; m < count; ++m) {
        Matrix matrix;
        for (int lane = 0; lane < 32; ++lane)
            put(matrix, lane, transposed, static_cast<std::uint32_t>(warp.value(step.slots[1 + m], lane)));
        for (std::size_t row = 0; row < 8; ++row) {
            const int lane = lane_of_row(m, row);
            warp.write(step.access, warp.address(step.slots[0], step.offset, lane),
                       std::as_bytes(std::span(matrix[row])), lane);
        }
    }
}

void transpose(Warp& warp, const Step& step, Mask mask) {
    expect_all(mask);
    Matrix matrix;
    for (int lane = 0; lane < 32; ++lane)
        put(matrix, lane, false, static_cast<std::uint32_t>(warp.value(step.slots[1], lane)));
    for (int lane = 0; lane < 32; ++lane) warp.set(step.slots[0], lane, elements(matrix, lane, true));
}

Execute load_of(const Instruction& /*x*/) { return load; }
Execute store_of(const Instruction& /*x*/) { return store; }
Execute transpose_of(const Instruction& /*x*/) { return transpose; }

constexpr Opcode rows[] = {
    {"ldmatrix.sync.aligned.m8n8.x1.trans?.shared|shared::cta?.b16", "=b32*1 @", load_of, Flow::Aligned, 75, 65},
    {"ldmatrix.sync.aligned.m8n8.x2.trans?.shared|shared::cta?.b16", "=b32*2 @", load_of, Flow::Aligned, 75, 65},
    {"ldmatrix.sync.aligned.m8n8.x4.trans?.shared|shared::cta?.b16", "=b32*4 @", load_of, Flow::Aligned, 75, 65},
    {"stmatrix.sync.aligned.m8n8.x1.trans?.shared|shared::cta?.b16", "@ b32*1", store_of, Flow::Aligned, 90, 78},
    {"stmatrix.sync.aligned.m8n8.x2.trans?.shared|shared::cta?.b16", "@ b32*2", store_of, Flow::Aligned, 90, 78},
    {"stmatrix.sync.aligned.m8n8.x4.trans?.shared|shared::cta?.b16", "@ b32*4", store_of, Flow::Aligned, 90, 78},
    {"movmatrix.sync.aligned.m8n8.trans.b16", "=b32 b32", transpose_of, Flow::Aligned, 75, 78},
};

}  // namespace

OpcodeTable fragment_opcodes() { return rows; }

}  // namespace halfulp::ptx
