#include <halfulp/gpu/ptx/warp.h>

// mma.sync: the matrices are gathered from the lanes, multiplied by the exact model of the architecture's unit, and
// scattered; PTX ISA, "Warp Level Matrix Multiply-Accumulate Instructions".

namespace halfulp::ptx {
namespace {

constexpr std::uint64_t low_bits(int bits) { return ~std::uint64_t{0} >> (64 - bits); }

/// The codes of a matrix, row after row, from the registers `first`, `first + 1`, ... of the step.
std::vector<std::uint64_t> gather(Warp& warp, const Step& step, std::size_t first, const Fragment& f) {
    std::vector<std::uint64_t> codes(f.places.size());
    std::size_t place = 0;
    for (int lane = 0; lane < 32; ++lane)
        for (int r = 0; r < f.registers; ++r) {
            std::uint64_t word = warp.value(step.slots[first + static_cast<std::size_t>(r)], lane);
            for (int e = 0; e < f.per_register; ++e, word >>= f.bits % 64)
                codes[f.places[place++]] = (word & low_bits(f.bits)) >> f.shift;
        }
    return codes;
}

void scatter(Warp& warp, const Step& step, const Fragment& f, const std::vector<std::uint64_t>& codes) {
    std::size_t place = 0;
    for (int lane = 0; lane < 32; ++lane)
        for (int r = 0; r < f.registers; ++r) {
            std::uint64_t word = 0;
            for (int e = 0; e < f.per_register; ++e) word |= codes[f.places[place++]] << e * f.bits;
            warp.set(step.slots[r], lane, word);
        }
}

void multiply(Warp& warp, const Step& step, Mask mask) {
    const MatrixForm& form = *step.matrix;
    if (mask != all_lanes) throw Fault{std::countr_zero(mask), "expected a warp of 32 threads, this one has fewer"};
    const auto d = static_cast<std::size_t>(form.c.registers), a = static_cast<std::size_t>(form.a.registers),
               b = static_cast<std::size_t>(form.b.registers);
    const auto left = gather(warp, step, d, form.a), right = gather(warp, step, d + a, form.b),
               addend = gather(warp, step, d + a + b, form.c);
    scatter(warp, step, form.c, mma_tile(form.instruction, {.a = left, .b = right, .c = addend}));
}

Execute multiply_of(const Instruction& /*x*/) { return multiply; }

constexpr Opcode row(std::string_view pattern, std::string_view operands, int target, int version = 70) {
    return {pattern, operands, multiply_of, Flow::Aligned, target, version};
}

constexpr Opcode rows[] = {
    row("mma.sync.aligned.m16n8k8.row.col.f32.f16.f16.f32", "=f32*4 b32*2 b32*1 f32*4", 75, 65),
    row("mma.sync.aligned.m16n8k8.row.col.f16.f16.f16.f16", "=b32*2 b32*2 b32*1 b32*2", 75, 65),
    row("mma.sync.aligned.m16n8k16.row.col.f32.f16.f16.f32", "=f32*4 b32*4 b32*2 f32*4", 80),
    row("mma.sync.aligned.m16n8k16.row.col.f16.f16.f16.f16", "=b32*2 b32*4 b32*2 b32*2", 80),
    row("mma.sync.aligned.m16n8k8.row.col.f32.bf16.bf16.f32", "=f32*4 b32*2 b32*1 f32*4", 80),
    row("mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32", "=f32*4 b32*4 b32*2 f32*4", 80),
    row("mma.sync.aligned.m16n8k4.row.col.f32.tf32.tf32.f32", "=f32*4 b32*2 b32*1 f32*4", 80),
    row("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32", "=f32*4 b32*4 b32*2 f32*4", 80),
    row("mma.sync.aligned.m8n8k4.row.col.f64.f64.f64.f64", "=f64*2 f64*1 f64*1 f64*2", 80),
    row("mma.sync.aligned.m16n8k32.row.col.f32.e4m3|e5m2.e4m3|e5m2.f32", "=f32*4 b32*4 b32*2 f32*4", 89, 84),
    row("mma.sync.aligned.m16n8k32.row.col.f16.e4m3|e5m2.e4m3|e5m2.f16", "=b32*2 b32*4 b32*2 b32*2", 89, 87),
    row("mma.sync.aligned.m16n8k16.row.col.f32.e4m3|e5m2.e4m3|e5m2.f32", "=f32*4 b32*2 b32*1 f32*4", 89, 87),
    row("mma.sync.aligned.m16n8k16.row.col.f16.e4m3|e5m2.e4m3|e5m2.f16", "=b32*2 b32*2 b32*1 b32*2", 89, 87),
    row("mma.sync.aligned.m8n8k16.row.col.satfinite?.s32.s8|u8.s8|u8.s32", "=s32*2 b32*1 b32*1 s32*2", 75, 65),
    row("mma.sync.aligned.m16n8k16.row.col.satfinite?.s32.s8|u8.s8|u8.s32", "=s32*4 b32*2 b32*1 s32*4", 80),
    row("mma.sync.aligned.m16n8k32.row.col.satfinite?.s32.s8|u8.s8|u8.s32", "=s32*4 b32*4 b32*2 s32*4", 80),
    row("mma.sync.aligned.m8n8k32.row.col.satfinite?.s32.s4|u4.s4|u4.s32", "=s32*2 b32*1 b32*1 s32*2", 75, 65),
    row("mma.sync.aligned.m16n8k32.row.col.satfinite?.s32.s4|u4.s4|u4.s32", "=s32*4 b32*2 b32*1 s32*4", 80),
    row("mma.sync.aligned.m16n8k64.row.col.satfinite?.s32.s4|u4.s4|u4.s32", "=s32*4 b32*4 b32*2 s32*4", 80),
};

}  // namespace

OpcodeTable matrix_opcodes() { return rows; }

}  // namespace halfulp::ptx
