#pragma once

// The instruction sets that kernels are compiled for, to be included before Highway: the portable one and, on x86-64,
// AVX2 and AVX-512. Not in between, because a CPU without AVX2 has neither F16C nor shifts by a varying number of bits;
// and not those whose vectors have no size known to the compiler, because the kernels keep vectors in structs.

#define HALFULP_UNSUITED_TARGETS (HWY_SSSE3 | HWY_SSE4 | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV)
#if defined(__has_feature)
#if __has_feature(address_sanitizer)
// AVX-512 is the same source once more, and the longest part of a build with sanitizers.
#define HWY_DISABLED_TARGETS (HALFULP_UNSUITED_TARGETS | HWY_AVX3 | HWY_AVX3_DL)
#endif
#endif
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS HALFULP_UNSUITED_TARGETS
#endif
// The portable one has one lane, with every compiler: loops over lanes that stand for a vector take minutes to compile
// with sanitizers.
#define HWY_BROKEN_EMU128 1
