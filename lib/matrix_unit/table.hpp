#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

/// Processors with matrix units, NVIDIA's GPUs first.
inline constexpr std::array processors = {
    Processor{"V100", "Volta sm_70", {}},
    Processor{"T4", "Turing sm_75", {}},
    Processor{"A100", "Ampere sm_80 sm_86 sm_87", {"A2", "A10", "A30", "RTX3080", "Orin"}},
    Processor{"Ada", "Ada sm_89", {"L40S", "RTX4090"}},
    Processor{"H100", "Hopper sm_90", {"H200"}},
    Processor{"B200", "Blackwell sm_100", {}},
    Processor{"RTX5090", "RTX Blackwell sm_120", {"RTXPRO6000"}},
    Processor{"MI100", "CDNA1 gfx908", {}},
    Processor{"MI250X", "CDNA2 gfx90a", {"MI210", "MI250"}},
    Processor{"MI300X", "CDNA3 gfx942", {"MI300A"}},
    Processor{"x86", "AVX-512 and AMX", {}},
    Processor{"Arm", "Armv8.6-A", {}},
    Processor{"Arm-EBF", "Armv8.6-A with FPCR.EBF = 1", {}},
};

/// Those whose mma.sync the exercises ask.
inline constexpr auto gpus = first_rows<6>(processors);

/// Is it one of the words, which blanks separate?
bool lists(std::string_view words, std::string_view word);

/// The processor of that name or number (sm_80), or the one that computes as it does.
std::optional<Processor> find_processor(std::string_view name);

/// "V100, T4, A100 (also A2, A10, A30), ...": every name that find_processor takes, or those of NVIDIA's GPUs.
std::string known_processors(bool nvidia_only = false);

/// Every matrix unit that can be predicted. Rows that differ in a and b alone are neighbours.
std::span<const MmaSpec> mma_specs();

/// The row of a processor (its name in `processors`) for an instruction, or nullptr.
const MmaSpec* find_mma(std::string_view processor, std::string_view instruction, const Element& a, const Element& b,
                        const Element& accumulator);

/// The same where a and b are of one format.
const MmaSpec* find_mma(std::string_view processor, std::string_view instruction, const Element& input,
                        const Element& accumulator);

/// The row of that name, PROCESSOR INSTRUCTION FORMATS, such as "sm_86 mma.sync fp16->fp32" or "Ada mma.sync
/// e4m3*e5m2->fp32". Throws InputError, which lists the processors, or the units of the one.
const MmaSpec& mma_unit(std::string_view name);

/// "A100 mma.sync wmma fp16->fp32": processor, each instruction, formats.
std::string name_of(const MmaSpec& spec);

/// "fp16->fp32", or "e4m3*e5m2->fp32": a row's elements as people write them.
std::string formats_of(const MmaSpec& spec);

}  // namespace halfulp
