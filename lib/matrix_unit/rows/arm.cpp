#include <halfulp/lib/matrix_unit/rows/rows.h>

// Source: the pseudocode of Arm's A64 instructions, which QEMU follows.

namespace halfulp {
namespace {

constexpr std::string_view source = "Arm A64 pseudocode; QEMU";
constexpr std::string_view unchosen = "Arm A64 pseudocode; QEMU; choice among NaNs not modelled";

/// BFDotAdd, rounding to odd, whatever FPCR says.
MmaSpec bfdot() {
    MmaSpec spec{"Arm",    "BFDOT BFMMLA",  bfloat16,
                 bfloat16, binary32,        Family::RoundedTree,
                 2,        Rounding::ToOdd, {'B', 'B', 'D', 'B', source}};
    spec.subnormals = Subnormals::Flushed;
    spec.nan = NanPolicy::ArmDefaultNan;
    return spec;
}

/// FPCR = 0 but for EBF, which this instruction does not read: binary32's fused multiply-add.
MmaSpec bfmlal(std::string_view processor) {
    MmaSpec spec{processor,
                 "BFMLALB BFMLALT",
                 bfloat16,
                 bfloat16,
                 binary32,
                 Family::ExactSum,
                 1,
                 Rounding::NearestEven,
                 {'B', 'B', 'D', 'B', unchosen}};
    spec.nan = NanPolicy::Arm;
    return spec;
}

/// FPCR.EBF = 1 and otherwise 0: a pair of products rounded once, then added.
MmaSpec bfdot_extended() {
    MmaSpec spec{"Arm-EBF",
                 "BFDOT BFMMLA",
                 bfloat16,
                 bfloat16,
                 binary32,
                 Family::ExactSum,
                 2,
                 Rounding::NearestEven,
                 {'B', 'B', 'D', 'B', unchosen}};
    spec.c_last = true;
    spec.nan = NanPolicy::Arm;
    return spec;
}

MmaSpec bytes(std::string_view processor, std::string_view instruction, const IntegerType& a, const IntegerType& b) {
    return {processor, instruction, a, b, s32, Family::Integers, 4, Rounding::TowardZero, {'B', 'B', 'B', 'B', source}};
}

}  // namespace

void add_arm_rows(Rows& rows) {
    rows.push_back(bfdot());
    rows.push_back(bfmlal("Arm"));
    rows.push_back(bytes("Arm", "SDOT SMMLA", s8, s8));
    rows.push_back(bytes("Arm", "UDOT UMMLA", u8, u8));
    rows.push_back(bytes("Arm", "USDOT USMMLA", u8, s8));
    rows.push_back(bfdot_extended());
    rows.push_back(bfmlal("Arm-EBF"));
}

}  // namespace halfulp
