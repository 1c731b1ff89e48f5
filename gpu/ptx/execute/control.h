#pragma once

#include <string>
#include <vector>

#include <halfulp/gpu/ptx/warp.h>

namespace halfulp::ptx {

/// call (results), callee, (arguments): lists may be left out.
struct CallOperands {
    std::vector<Operand> results, arguments;
    std::string callee;
};

/// Throws InputError for operands that are not these.
CallOperands parse_call(const Instruction& x);

/// Around a call: its values, within the parameter memory of each lane.
void copy_frames(Warp& warp, const Step& step, Mask mask);

}  // namespace halfulp::ptx
