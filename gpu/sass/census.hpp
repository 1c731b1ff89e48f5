#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/gpu/sass/cubin.hpp>

namespace halfulp::gpu {

/// How often an instruction is there, by the name that nvdisasm gives it: "HMMA.16816.F32.BF16", "FFMA".
using Census = std::map<std::string, std::size_t, std::less<>>;

/// The name of an instruction that a census counts: those of matrices with shape and elements, and FADD, FMUL and FFMA
/// of f32, whatever their operands; empty for all others.
std::string counted_name(const SassInstruction& instruction);

/// Of a kernel.
Census census_of(const std::vector<SassInstruction>& code);

/// What ptxas makes of one matrix instruction of PTX.
struct Lowering {
    std::string sass;           ///< the name that a census counts
    std::size_t count;          ///< of them
    std::size_t additions = 0;  ///< FADDs a lane
};

/// What ptxas 13.0 makes of `mma.sync...` for a target such as 89: one instruction of the same shape and elements, but
/// that m8n8k16 is one of 16 rows from sm_100 on, and that fp8 is two of f16 on sm_90 and sm_100, whose result is then
/// added to c, in f32 by FADD. A text that is no such instruction gives the empty name.
Lowering lowering_of(std::string_view instruction, int target);

}  // namespace halfulp::gpu
