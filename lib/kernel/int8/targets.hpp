#pragma once

// The targets of kernels, and AVX-512 with VNNI (Highway's AVX3_DL), to be included before Highway. Only here: it would be
// one more copy of every other kernel, with nothing to gain.

#define HWY_WANT_AVX3_DL
#include <halfulp/lib/kernel/targets.hpp>

/// Whether the target that is being compiled multiplies bytes by x86's instructions; else plainly.
#define HALFULP_INT8_VECTORS (HWY_TARGET == HWY_AVX2 || HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_AVX3_DL)
