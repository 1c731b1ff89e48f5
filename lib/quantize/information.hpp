#pragma once

#include <span>

#include <halfulp/lib/quantize/histogram.hpp>

// What quantisation keeps, in bits of information rather than of noise.

namespace halfulp::quantize {

/// In bits. Distributions are those of the tensor itself: how often each number occurs.
struct Information {
    double numbers;  ///< entropy of the numbers: how many bits an ideal code needs for one
    double kept;     ///< entropy of their codes: as a code follows from its number, that is their mutual information
    double
        divergence;  ///< KL divergence of the numbers, in bins, from the codes, each spread over the bins that it stands for
};

/// -sum p log2 p over the different values, NaNs aside.
double entropy(std::span<const float> numbers);
/// The same of codes, in bits.
double entropy(std::span<const std::int32_t> codes);

/// sum p log2(p / q) over the bins, where q shares what bins of one code have evenly among those that are not empty. 0 where
/// every bin has a code of its own.
double divergence(const Affine& by, const Histogram& numbers);

/// Of the numbers and their codes. Throws InputError as histogram_of does. Pre: as many codes.
Information information(const Affine& by, std::span<const float> numbers, std::span<const std::int32_t> codes);

}  // namespace halfulp::quantize
