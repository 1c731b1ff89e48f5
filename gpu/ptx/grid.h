#pragma once

#include <halfulp/gpu/ptx/cta.h>
#include <halfulp/gpu/ptx/machine.hpp>

namespace halfulp::ptx {

/// Executes the CTAs of a launch, in an order that its seed shuffles, on so many threads of this computer. Throws what
/// the first CTA in that order throws that does: Error, or bad_alloc for want of memory. None begins after that.
Statistics run_grid(Launch& launch, unsigned threads);

}  // namespace halfulp::ptx
