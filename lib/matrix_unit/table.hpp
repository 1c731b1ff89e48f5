#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

inline constexpr std::array gpus = {
    Gpu{"V100", "Volta sm_70", {}},
    Gpu{"T4", "Turing sm_75", {}},
    Gpu{"A100", "Ampere sm_80", {"A2", "A10", "A30"}},
    Gpu{"Ada", "Ada sm_89", {"L40S"}},
    Gpu{"H100", "Hopper sm_90", {"H200"}},
    Gpu{"B200", "Blackwell sm_100", {}},
};

/// The GPU of that name, or the one that computes as it does.
constexpr std::optional<Gpu> find_gpu(std::string_view name) { return find_by_name(gpus, name); }

/// "V100, T4, A100 (also A2, A10, A30), ...": every name that find_gpu takes.
std::string known_gpus();

/// Every matrix unit that can be predicted.
std::span<const MmaSpec> mma_specs();

/// The row of a GPU (its name in `gpus`) for an instruction, or nullptr.
const MmaSpec* find_mma(std::string_view gpu, std::string_view instruction, const Format& input,
                        const Format& accumulator);

/// "fp16->fp32": a row's formats as people write them.
std::string formats_of(const MmaSpec& spec);

}  // namespace halfulp
