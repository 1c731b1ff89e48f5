#include <halfulp/lib/matrix_unit/rows/rows.h>

// Sources: SDM is Intel's Software Developer's Manual; Bochs implements it and compares with Intel's emulator.

namespace halfulp {
namespace {

constexpr std::string_view executed = "SDM; tests run it where the CPU does (Zen 4)";
constexpr std::string_view not_executed = "SDM; Bochs; tests run it where the CPU does (none yet)";

/// Into binary32: to nearest, subnormal numbers flushed, MXCSR neither read nor written.
MmaSpec into_fp32(std::string_view instruction, Family family, const Format& input, int group,
                  const Evidence& evidence) {
    MmaSpec spec{"x86", instruction, input, input, binary32, family, group, Rounding::NearestEven, evidence};
    spec.subnormals = Subnormals::Flushed;
    spec.nan = NanPolicy::X86Sse;
    return spec;
}

/// The upper element of each pair first.
MmaSpec vdpbf16ps() {
    MmaSpec spec = into_fp32("VDPBF16PS", Family::ExactSum, bfloat16, 1, {'A', 'B', 'D', 'A', executed});
    spec.order = KOrder::OddFirst;
    return spec;
}

/// AMX: fp16's and fp8's own subnormal numbers are numbers of binary32, and kept.
MmaSpec widened(MmaSpec spec) {
    spec.multiplied = binary32;
    return spec;
}

/// The whole row of a tile exactly, rounded once, then added to c.
MmaSpec amx_fp8(std::string_view instruction, const Format& a, const Format& b) {
    MmaSpec spec = widened(
        into_fp32(instruction, Family::ExactSum, a, 64, {'B', 'B', 'D', 'B', "SDM; Bochs; NaN bits not modelled"}));
    spec.b = b;
    spec.c_last = true;
    return spec;
}

MmaSpec bytes(std::string_view instruction, const IntegerType& a, const IntegerType& b,
              const Evidence& evidence = {'B', 'B', 'B', 'B', not_executed}) {
    return {"x86", instruction, a, b, s32, Family::Integers, 4, Rounding::TowardZero, evidence};
}

}  // namespace

void add_x86_rows(Rows& rows) {
    rows.push_back(vdpbf16ps());
    rows.push_back(bytes("VPDPBUSD", u8, s8, {'B', 'B', 'B', 'A', executed}));
    rows.push_back(bytes("VPDPBUSDS", u8, s8, {'A', 'B', 'B', 'A', executed}));
    rows.back().saturates = true;
    const Evidence amx{'B', 'B', 'D', 'B', not_executed};
    rows.push_back(into_fp32("TDPBF16PS", Family::TwoChains, bfloat16, 32, amx));
    rows.push_back(widened(into_fp32("TDPFP16PS", Family::TwoChains, binary16, 32, amx)));
    rows.push_back(amx_fp8("TDPBF8PS", e5m2, e5m2));
    rows.push_back(amx_fp8("TDPBHF8PS", e5m2, e4m3fn));
    rows.push_back(amx_fp8("TDPHBF8PS", e4m3fn, e5m2));
    rows.push_back(amx_fp8("TDPHF8PS", e4m3fn, e4m3fn));
    rows.push_back(bytes("TDPBSSD", s8, s8));
    rows.push_back(bytes("TDPBSUD", s8, u8));
    rows.push_back(bytes("TDPBUSD", u8, s8));
    rows.push_back(bytes("TDPBUUD", u8, u8));
}

}  // namespace halfulp
