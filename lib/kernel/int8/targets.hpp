#pragma once

// The targets of kernels, and AVX-512 with VNNI (Highway's AVX3_DL), to be included before Highway. Only here: it would be
// one more copy of every other kernel, with nothing to gain.

#define HWY_WANT_AVX3_DL
#include <halfulp/lib/kernel/targets.hpp>
