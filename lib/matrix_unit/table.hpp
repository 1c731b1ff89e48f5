#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

/// Processors with matrix units; the first ones are NVIDIA's GPUs.
inline constexpr std::array processors = {
    Processor{"V100", "Volta sm_70", {}},
    Processor{"T4", "Turing sm_75", {}},
    Processor{"A100", "Ampere sm_80 sm_86 sm_87", {"A2", "A10", "A30", "RTX3080", "Orin"}},
    Processor{"Ada", "Ada sm_89", {"L40S", "RTX4090"}},
    Processor{"H100", "Hopper sm_90", {"H200"}},
    Processor{"B200", "Blackwell sm_100", {}},
};

/// Those whose mma.sync the exercises ask.
inline constexpr auto gpus = first_rows<6>(processors);

/// The processor of that name or number (sm_80), or the one that computes as it does.
std::optional<Processor> find_processor(std::string_view name);

/// "V100, T4, A100 (also A2, A10, A30), ...": every name that find_processor takes.
std::string known_processors();

/// Every matrix unit that can be predicted.
std::span<const MmaSpec> mma_specs();

/// The row of a processor (its name in `processors`) for an instruction, or nullptr.
const MmaSpec* find_mma(std::string_view processor, std::string_view instruction, const Element& a, const Element& b,
                        const Element& accumulator);

/// The same where a and b are of one format.
const MmaSpec* find_mma(std::string_view processor, std::string_view instruction, const Element& input,
                        const Element& accumulator);

/// "fp16->fp32", or "e4m3 x e5m2->fp32": a row's elements as people write them.
std::string formats_of(const MmaSpec& spec);

}  // namespace halfulp
