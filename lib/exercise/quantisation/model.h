#pragma once

#include <halfulp/lib/exercise/quantiser.hpp>

// Quantisation noise of continuous inputs, for display beside the exact values of finite signals: closed forms in
// binary64. Lengths are in steps, errors in squared steps.

namespace halfulp {

/// 10 log10(ratio of powers).
double decibels(double ratio);

/// Mean square error for a sine of that amplitude, all phases alike: what a sampled sine tends to as its points grow.
double sine_error(const Quantiser& quantiser, double amplitude);

/// Mean square error for a Gaussian input of mean 0.
double gaussian_error(const Quantiser& quantiser, double deviation);

/// Mean square error for a Gaussian input and a quantiser with a level at 0 and no ends, as a share of 1/12 (Sripad and
/// Snyder 1977): 1 + 12 / pi^2 sum over k > 0 of (-1)^k / k^2 exp(-2 pi^2 k^2 deviation^2).
double gaussian_share(double deviation);

/// Where to clip Gaussian data.
struct Clip {
    double deviations;  ///< the greatest level, in standard deviations
    double sqnr;        ///< signal power by mean square error
};

/// The clip with the highest SQNR. Pre: the quantiser has a level at 0.
Clip best_gaussian_clip(const Quantiser& quantiser);

}  // namespace halfulp
