#pragma once

#include <cstddef>
#include <cstdint>

#include <halfulp/gpu/kernel/device/thread.cuh>

// Conversions of two numbers at a time, the first one in the low half of a word. A thread takes a pair; of an odd
// number of elements the last one goes beside 0.

namespace halfulp::device {

template <class Half, class Word>
__device__ void store_pair(Half* y, Word both, bool last) {
    y[0] = static_cast<Half>(both);
    if (!last) y[1] = static_cast<Half>(both >> 8 * sizeof(Half));
}

/// y from pair(low, high) of two numbers x.
template <class Half, class F>
__device__ void numbers_to_pairs(const float* x, Half* y, std::uint32_t n, F pair) {
    for_each_pair(n, [=](std::size_t i, bool last) { store_pair(y + i, pair(x[i], last ? 0.0F : x[i + 1]), last); });
}

/// y from convert(word), where two codes x make a word.
template <class Word, class Code, class Half, class F>
__device__ void pairs_to_pairs(const Code* x, Half* y, std::uint32_t n, F convert) {
    for_each_pair(n, [=](std::size_t i, bool last) {
        const Word high = last ? Word{0} : Word{x[i + 1]};
        store_pair(y + i, convert(static_cast<Word>(x[i] | high << 8 * sizeof(Code))), last);
    });
}

}  // namespace halfulp::device
