#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include <halfulp/lib/quantize/histogram.hpp>

// The noise of quantisation: measured, and predicted before. The textbooks' model takes it for uniform on half a step to each
// side, whatever the signal: mean 0, variance scale^2 / 12, uncorrelated with it.

namespace halfulp::quantize {

/// 10 log10(power / error); infinite without an error.
double decibels(double power, double error);

/// Of y - x over numbers x and their levels y.
struct Noise {
    double power;        ///< mean of x^2
    double mean;         ///< of y - x
    double mean_square;  ///< of y - x
    double correlation;  ///< of y - x with x; 0 where either is constant
    std::size_t count;   ///< of the numbers

    double variance() const { return mean_square - mean * mean; }  ///< of y - x
    double sqnr() const { return decibels(power, mean_square); }   ///< in decibels
};

/// In binary64. Pre: as many levels as numbers, and some.
Noise noise_of(std::span<const float> numbers, std::span<const float> levels);

/// How far noise is from the model's, in standard deviations of what the model gives for so many numbers.
struct Departure {
    double mean, variance, correlation;  ///< of each statistic

    /// Not refuted: within four of each.
    bool holds() const;
};
/// From a uniform error of that scale, independent of the numbers.
Departure departure(const Noise& noise, float scale);

/// The mean square error for numbers that fill each bin of their histogram evenly: the exact integral, clipping included.
/// Pre: quotients are rounded to nearest.
double predicted_error(const Affine& by, const Histogram& numbers);

/// A row: codes of so many bits, from the least number to the greatest. SQNR in decibels.
struct NoiseRow {
    int bits;             ///< of a code
    Affine by;            ///< the quantiser
    double model;         ///< by the model: power / (scale^2 / 12)
    double distribution;  ///< by predicted_error of the histogram
    Noise noise;          ///< measured
    std::string why;      ///< these bits have no scale: no numbers above; else empty

    bool possible() const { return why.empty(); }     ///< Is there a scale?
    double measured() const { return noise.sqnr(); }  ///< in decibels
};

/// For 2 to 16 bits, signed, by the scheme's rule. Throws InputError for numbers that are not finite, or all alike.
std::vector<NoiseRow> noise_by_bits(const Scheme& scheme, std::span<const float> numbers);

}  // namespace halfulp::quantize
