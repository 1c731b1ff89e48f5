#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/measure/ceiling.hpp>
#include <halfulp/lib/plan/policy.hpp>
#include <halfulp/lib/workload/workload.hpp>
#include <halfulp/softfloat/name.hpp>

namespace halfulp::plan {

/// The least that a run takes.
struct Cost {
    double seconds;     ///< by the longest of its limits
    std::string limit;  ///< what takes so long
    std::size_t
        bytes;  ///< of operands and results, each read or written once: what has to be in memory at the same time
};

/// What a processor's manufacturer publishes. Rates are of dense matrices, in 10^12 operations a second; a multiply-add is
/// two; 0: the unit has no such products. Compared on 2026-12-02 with pages that quote these documents.
struct Peak {
    std::string_view name;               ///< as the program takes it
    std::string_view rows_of;            ///< the processor whose matrix unit it has: of lib/matrix_unit/table.hpp
    double fp32;                         ///< by fused multiply-adds
    double tf32, fp16, bf16, fp8, int8;  ///< by the matrix unit
    double bandwidth;                    ///< of its memory, in 10^9 bytes a second
    double memory;                       ///< 10^9 bytes
    std::string_view source;             ///< the document
    Aliases aliases;                     ///< other names
};

/// The processors that have published rates.
inline constexpr std::array peaks = {
    Peak{"V100", "V100", 15.7, 0, 125, 0, 0, 0, 900, 32, "NVIDIA Tesla V100 datasheet, SXM2 of 32 GB", {"sm_70"}},
    Peak{"T4", "T4", 8.1, 0, 65, 0, 0, 130, 320, 16, "NVIDIA T4 datasheet", {"sm_75"}},
    Peak{"A100", "A100", 19.5, 156, 312, 312, 0, 624, 2039, 80, "NVIDIA A100 datasheet, SXM of 80 GB", {"sm_80"}},
    Peak{
        "Orin",
        "A100",
        5.3,
        21.25,
        42.5,
        42.5,
        0,
        85,
        204.8,
        64,
        "NVIDIA Jetson AGX Orin technical brief: GPU of 64 GB; 170 sparse Top/s of int8, halved for density and for width",
        {"sm_87", "Jetson"}},
    Peak{"H100",
         "H100",
         66.9,
         494.7,
         989.4,
         989.4,
         1978.9,
         1978.9,
         3350,
         80,
         "NVIDIA H100 architecture whitepaper, SXM5; bandwidth of its datasheet",
         {"sm_90"}},
};

/// Operands and results of a problem as the policy stores them.
std::size_t bytes_of(const workload::Problem& problem, const Policy& policy);

/// On one core of this machine, by what it was measured to reach. An exact sum is counted as two walks of four additions a
/// term in binary64, half as many to a vector: what lib/kernel/exact_sum-inl.h does with numbers of usual exponents. Kahan's
/// sum takes four additions a term; in binary16 they are not counted, as no loop measures them.
Cost cpu_cost(const workload::Problem& problem, const Policy& policy, const std::vector<measure::Ceiling>& ceilings);

/// On a processor, by its published rates; infinite, with the reason, where it has none, or too little memory.
Cost unit_cost(const workload::Problem& problem, const Policy& policy, const Peak& peak);

}  // namespace halfulp::plan
