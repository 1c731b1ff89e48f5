#pragma once

#include <span>

#include <halfulp/lib/quantize/histogram.hpp>

// Where to clip: the methods of calibration.hpp, on histograms. As the frameworks have them, but for counts, which are whole
// here and cannot saturate.

namespace halfulp::quantize {

/// The limits after all batches: those of the first one, then m += constant * (m of a batch - m), in binary32. Pre: some batches.
Limits moving_average(std::span<const Limits> batches, float constant = 0.01F);

/// The first edge e of a bin so that at least percent of the magnitudes are in it or below.
double percentile_reach(const Histogram& magnitudes, double percent);

/// The same on both sides, with half of what is left below and above.
Limits percentile_limits(const Histogram& numbers, double percent);

/// The magnitude, a centre from bin `first` on, that codes up to greatest_code stand for with the least mean square error of
/// all the bins' centres; the first of equals.
double mse_reach(const Histogram& magnitudes, std::int32_t greatest_code, std::size_t first = 128);

/// The limits whose quantiser by the scheme has the least error, levels being the nearest, of numbers that fill each bin evenly:
/// from the numbers' own limits on, the greatest becomes the centre between 0 and it that has the least error, then the least one
/// likewise, and so in turn until neither gains. The first of equals, seen from the own limits.
Limits mse_limits(const Histogram& numbers, const Limits& own, const Scheme& scheme);

/// Of the first i bins, i from `levels` on, the edge where the KL divergence of the distribution, all that is beyond counted in
/// its last bin, from that of `levels` levels, is least; the last one of equals. Counts of bins that share a level are spread
/// over those that are not empty; bin 0 counts as bin 1 does. The last edge if there are not that many bins.
double entropy_reach(const Histogram& magnitudes, std::size_t levels);

/// Limits that move inwards, from quantile to quantile in steps of 1e-5, where more bins are left out, as long as the squared
/// error of `levels` levels, integrated over the bins, falls.
Limits l2_limits(const Histogram& numbers, std::size_t levels);

}  // namespace halfulp::quantize
