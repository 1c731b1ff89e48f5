#pragma once

#include <array>
#include <string_view>

#include <halfulp/lib/matrix_unit/element.hpp>
#include <halfulp/softfloat/name.hpp>

namespace halfulp::workload {

/// In which precision a workload is computed, as data: how its numbers are stored, and which rows of lib/kernel take them.
struct Policy {
    std::string_view name;         ///< as the program takes it
    std::string_view description;  ///< a phrase
    Element storage;               ///< of integers the numbers are these times a scale, the largest magnitude / 127
    Element accumulate;            ///< of the running sums
    Format result;                 ///< of what is left
    bool fused;                    ///< a * b + c is rounded once; else the product is, too
    std::string_view reduction;    ///< the order of sums and dot products (lib/accumulate/reduction.hpp); empty: none
    std::string_view gemm;  ///< the products of matrices (lib/kernel/gemm_policy.hpp); empty: none, but for integers
    std::string_view arithmetic;  ///< how the loops that it takes at least are called, or begin (lib/measure/loop.hpp)
    Aliases aliases = {};         ///< other names
};

/// The rows, in the order in which they are measured.
inline constexpr std::array policies = {
    Policy{"fp32", "binary32 throughout", binary32, binary32, binary32, true, "lanes", "fp32", "fp32 fused"},
    Policy{"fp32-kahan", "binary32 by Kahan's sums", binary32, binary32, binary32, true, "Kahan", "", "fp32 fused"},
    Policy{"fp32-exact", "binary32 summed exactly, rounded once", binary32, binary32, binary32, true, "exact", "",
           "fp32 fused"},
    Policy{"fp16-fp32", "binary16, summed in binary32", binary16, binary32, binary32, true, "lanes", "fp16/fp32",
           "fp32 fused"},
    Policy{"bf16-fp32", "bfloat16, summed in binary32", bfloat16, binary32, binary32, true, "lanes", "bf16/fp32",
           "fp32 fused"},
    Policy{"fp16", "binary16 throughout, product and sum rounded", binary16, binary16, binary16, false, "lanes", "fp16",
           "fp16 multiply"},
    Policy{"fp16-fused", "binary16 throughout, fused", binary16, binary16, binary16, true, "lanes", "fp16 fused",
           "fp16 fused"},
    Policy{"bf16", "bfloat16 throughout, product and sum rounded", bfloat16, bfloat16, bfloat16, false, "", "bf16",
           "bf16 multiply"},
    Policy{"bf16-fused", "bfloat16 throughout, fused", bfloat16, bfloat16, bfloat16, true, "", "bf16 fused",
           "bf16 fused"},
    Policy{"int8", "bytes and a scale a matrix, summed exactly in 32 bits", s8, s32, binary32, true, "", "", "int8"},
};

}  // namespace halfulp::workload
