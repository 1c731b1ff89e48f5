#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <halfulp/lib/matrix_unit/directed.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <string>
#include <vector>

// What publications print of single results.

namespace halfulp::test {

inline std::uint32_t word(float x) { return std::bit_cast<std::uint32_t>(x); }

inline std::vector<std::uint64_t> codes(const Format& f, const std::vector<float>& numbers) {
    std::vector<std::uint64_t> all(numbers.size());
    std::transform(numbers.begin(), numbers.end(), all.begin(),
                   [&](float x) { return convert(f, binary32, word(x)).code; });
    return all;
}

/// 2^23 - 2^23 - 0.5 - 0.25 - 0.125, the first term being c (arXiv:2511.10909, equation 10), as table 8 has it: results of
/// models that were compared with the GPUs.
inline std::vector<DirectedVector> equation10() {
    struct Row {
        const char* unit;
        float d;
    };
    constexpr std::array rows = {
        Row{"V100 mma.sync fp16->fp32", 0},       Row{"T4 mma.sync fp16->fp32", -0.5F},
        Row{"A100 mma.sync fp16->fp32", -0.5F},   Row{"H100 wgmma fp16->fp32", -0.75F},
        Row{"B200 tcgen05 fp16->fp32", -0.75F},   Row{"H100 wgmma e5m2->fp32", 0},
        Row{"B200 tcgen05 e5m2->fp32", -0.75F},   Row{"MI100 mfma fp16->fp32", -0.875F},
        Row{"MI100 mfma bf16->fp32", -0.875F},    Row{"MI250X mfma bf16->fp32", -0.375F},
        Row{"MI250X mfma_1k bf16->fp32", 0},      Row{"MI250X mfma fp16->fp32", 0},
        Row{"MI300X mfma fp16->fp32", -0.5F},     Row{"MI300X mfma bf16->fp32", -0.5F},
        Row{"MI300X mfma e5m2fnuz->fp32", -1.0F},
    };
    std::vector<DirectedVector> all;
    for (const auto& [unit, d] : rows) {
        const MmaSpec& row = mma_unit(unit);
        all.push_back({.id = "equation 10",
                       .gpu = std::string(row.processor),
                       .formats = formats_of(row),
                       .source = "MMA-Sim, table 8: model output",
                       .note = {},
                       .spec = &row,
                       .a = codes(row.a.format, {-0x1p13F, -0.5F, -0.25F, -0.125F}),
                       .b = codes(row.b.format, {0x1p10F, 1, 1, 1}),
                       .c = word(0x1p23F),
                       .d = word(d)});
    }
    return all;
}

}  // namespace halfulp::test
