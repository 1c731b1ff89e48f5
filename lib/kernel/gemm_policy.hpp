#pragma once

#include <array>
#include <optional>
#include <string_view>

#include <halfulp/softfloat/formats.hpp>

namespace halfulp::kernel {

/// In which formats a product of matrices is stored and summed, as data. Its meaning is gemm_definition.hpp; tests,
/// benchmarks and programs walk the table.
struct GemmPolicy {
    std::string_view name;         ///< as find_gemm_policy takes it
    Format storage;                ///< of A and B
    Format accumulate;             ///< of the running sum
    Format result;                 ///< of C
    bool fused;                    ///< a * b + c is rounded once; else the product is, and then the sum
    std::string_view description;  ///< a phrase
    Aliases aliases = {};          ///< other names
};

/// Those that gemm has: it refuses other formats.
inline constexpr std::array gemm_policies = {
    GemmPolicy{"fp32", binary32, binary32, binary32, true, "binary32 throughout, fused"},
    GemmPolicy{"fp16/fp32", binary16, binary32, binary32, true, "binary16 operands, summed and stored in binary32"},
    GemmPolicy{"fp16/fp32/fp16", binary16, binary32, binary16, true, "binary16 matrices, summed in binary32"},
    GemmPolicy{"bf16/fp32", bfloat16, binary32, binary32, true, "bfloat16 operands, summed and stored in binary32"},
    GemmPolicy{"bf16/fp32/bf16", bfloat16, binary32, bfloat16, true, "bfloat16 matrices, summed in binary32"},
    GemmPolicy{"fp16", binary16, binary16, binary16, false, "binary16 throughout: product and sum rounded"},
    GemmPolicy{"fp16 fused", binary16, binary16, binary16, true, "binary16 throughout: a * b + c rounded once"},
    GemmPolicy{"bf16", bfloat16, bfloat16, bfloat16, false, "bfloat16 throughout: product and sum rounded"},
    GemmPolicy{"bf16 fused", bfloat16, bfloat16, bfloat16, true, "bfloat16 throughout: a * b + c rounded once"},
};

/// The row of that name.
constexpr std::optional<GemmPolicy> find_gemm_policy(std::string_view name) {
    return find_by_name(gemm_policies, name);
}

}  // namespace halfulp::kernel
