#pragma once

#include <halfulp/gpu/ptx/cta.hpp>
#include <halfulp/gpu/ptx/machine.hpp>

namespace halfulp::ptx {

/// Executes the CTAs of a launch, in an order that its seed shuffles, on so many threads of this computer. Throws the
/// Error of the first CTA in that order that has one; none begins after that.
Statistics run_grid(Launch& launch, unsigned threads);

}  // namespace halfulp::ptx
