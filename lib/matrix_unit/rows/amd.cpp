#include <halfulp/lib/matrix_unit/rows/rows.h>

// Sources: MMA-Sim is arXiv:2511.10909, tables 6 and 7, and its code; KM is arXiv:2512.07004. No NaN's bits are published.

namespace halfulp {
namespace {

MmaSpec mfma(std::string_view processor, std::string_view instruction, Family family, const Format& input, int group,
             std::string_view source = "MMA-Sim table 6; KM") {
    MmaSpec spec{processor,
                 instruction,
                 input,
                 input,
                 binary32,
                 family,
                 group,
                 Rounding::NearestEven,
                 {'B', 'B', 'D', 'B', source}};
    spec.nan = NanPolicy::IeeeDefault;
    return spec;
}

/// IEEE fused multiply-adds in ascending k.
MmaSpec fma_chain(std::string_view processor, const Format& format) {
    MmaSpec spec = mfma(processor, "mfma", Family::ExactSum, format, 1);
    spec.accumulator = format;
    spec.kept = format;
    return spec;
}

MmaSpec cdna1(const Format& input, int group) {
    MmaSpec spec = mfma("MI100", "mfma", Family::ExactSum, input, group);
    spec.zero_sign = ZeroSign::PositiveSum;
    return spec;
}

MmaSpec cdna2(std::string_view instruction, const Format& input, int group) {
    MmaSpec spec = mfma("MI250X", instruction, Family::RoundedTree, input, group);
    spec.subnormals = Subnormals::FlushedPositive;
    return spec;
}

/// The sign of a zero sum is not published; +0 as on CDNA1.
MmaSpec cdna3(Family family, const Format& input, int group) {
    MmaSpec spec = mfma("MI300X", "mfma", family, input, group, "MMA-Sim table 7; KM");
    spec.fraction_bits = 24;
    spec.zero_sign = ZeroSign::PositiveSum;
    return spec;
}

/// The ISA guides have bytes exact and sums of 32 bits; that these wrap is inferred, for the encoding has no clamp.
MmaSpec bytes(std::string_view processor) {
    return {processor,
            "mfma",
            s8,
            s8,
            s32,
            Family::Integers,
            4,
            Rounding::TowardZero,
            {'B', 'B', 'B', 'C', "AMD's ISA guides; that it wraps is inferred"}};
}

}  // namespace

void add_amd_rows(Rows& rows) {
    rows.push_back(fma_chain("MI100", binary32));
    rows.push_back(cdna1(binary16, 4));
    rows.push_back(cdna1(bfloat16, 2));
    rows.push_back(bytes("MI100"));

    rows.push_back(fma_chain("MI250X", binary64));
    rows.push_back(fma_chain("MI250X", binary32));
    rows.push_back(cdna2("mfma", binary16, 4));
    rows.push_back(cdna2("mfma", bfloat16, 2));
    rows.push_back(cdna2("mfma_1k", bfloat16, 4));
    rows.push_back(bytes("MI250X"));

    rows.push_back(fma_chain("MI300X", binary64));
    rows.push_back(fma_chain("MI300X", binary32));
    rows.push_back(cdna3(Family::FlooredSum, tf32, 4));
    rows.push_back(cdna3(Family::FlooredSum, binary16, 8));
    rows.push_back(cdna3(Family::FlooredSum, bfloat16, 8));
    add_any(rows, cdna3(Family::FlooredHalves, e4m3fnuz, 16), {e4m3fnuz, e5m2fnuz});
    rows.push_back(bytes("MI300X"));
}

}  // namespace halfulp
