#pragma once

#include <halfulp/gpu/ptx/program.hpp>

namespace halfulp::ptx {

/// What an instruction's modifiers say about its access to memory; nothing of those that have none.
Access access_of(const Instruction& x);

}  // namespace halfulp::ptx
