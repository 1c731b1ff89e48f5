#include <halfulp/gpu/ptx/opcode.hpp>

// Instructions that are PTX and whose bits no public document states, so that they are named and not executed.

namespace halfulp::ptx {
namespace {

constexpr std::string_view approximate = "an approximation, whose bits PTX does not state",
                           flushes = "subnormal numbers are flushed: compile without -ftz=true",
                           unordered = "floating-point sums in an order that nothing states";

constexpr Opcode refused(std::string_view pattern, std::string_view why) {
    return {.pattern = pattern, .operands = "", .choose = nullptr, .refusal = why};
}

constexpr Opcode rows[] = {
    refused("ex2.approx.ftz?.f32|f16|f16x2|bf16|bf16x2", approximate),
    refused("lg2.approx.ftz?.f32", approximate),
    refused("sin.approx.ftz?.f32", approximate),
    refused("cos.approx.ftz?.f32", approximate),
    refused("tanh.approx.f32|f16|f16x2|bf16|bf16x2", approximate),
    refused("rcp.approx.ftz?.f32|f64", approximate),
    refused("rsqrt.approx.ftz?.f32|f64", approximate),
    refused("sqrt.approx.ftz?.f32", approximate),
    refused("div.approx|full.ftz?.f32", approximate),
    refused("add.rn|rz|rm|rp?.ftz.sat?.f32", flushes),
    refused("sub.rn|rz|rm|rp?.ftz.sat?.f32", flushes),
    refused("mul.rn|rz|rm|rp?.ftz.sat?.f32", flushes),
    refused("fma.rn|rz|rm|rp.ftz.sat?.f32", flushes),
    refused("mad.rn|rz|rm|rp?.ftz.sat?.f32", flushes),
    refused("div.rn|rz|rm|rp.ftz.f32", flushes),
    refused("rcp.rn|rz|rm|rp.ftz.f32", flushes),
    refused("sqrt.rn|rz|rm|rp.ftz.f32", flushes),
    refused("min.ftz.NaN?.xorsign?.abs?.f32|f16|f16x2", flushes),
    refused("max.ftz.NaN?.xorsign?.abs?.f32|f16|f16x2", flushes),
    refused("abs.ftz.f32|f16|f16x2", flushes),
    refused("neg.ftz.f32|f16|f16x2", flushes),
    refused("add.rn?.ftz.sat?.f16|f16x2", flushes),
    refused("sub.rn?.ftz.sat?.f16|f16x2", flushes),
    refused("mul.rn?.ftz.sat?.f16|f16x2", flushes),
    refused("fma.rn.ftz.sat|relu?.f16|f16x2", flushes),
    refused("setp.eq|ne|lt|le|gt|ge|equ|neu|ltu|leu|gtu|geu|num|nan.and|or|xor?.ftz.f16|f32", flushes),
    refused("cvt.rn|rz|rm|rp|rni|rzi|rmi|rpi?.ftz.sat?.f32|f16|f64|u8|u16|u32|u64|s8|s16|s32|s64.f32|f16|f64", flushes),
    refused(
        "atom.relaxed|acquire|release|acq_rel?.cta|gpu|sys?.global|shared|shared::cta?.add.noftz?.f32|f64|f16|f16x2|"
        "bf16|bf16x2",
        unordered),
    refused("red.relaxed|release?.cta|gpu|sys?.global|shared|shared::cta?.add.noftz?.f32|f64|f16|f16x2|bf16|bf16x2",
            unordered),
};

}  // namespace

OpcodeTable refused_opcodes() { return rows; }

}  // namespace halfulp::ptx
