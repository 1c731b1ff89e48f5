#pragma once

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/quantize/distribution.hpp>
#include <halfulp/lib/quantize/grouping.hpp>
#include <halfulp/lib/quantize/scheme.hpp>

// Which numbers are to be clipped. No method is best for all data: candidates() measures each, best() takes one.

namespace halfulp::quantize {

/// How limits are chosen; the rows say what each does.
enum class Calibration : std::uint8_t { MinMax, MovingAverage, Percentile, Mse, Entropy, HistogramL2 };

/// A row of the table of calibrations.
struct CalibrationRow {
    std::string_view name;                ///< as the program takes it
    Calibration value;                    ///< which one
    Aliases aliases;                      ///< other names
    std::string_view definition, source;  ///< what it does, and who says so
};

/// A row for each enumerator, in their order.
inline constexpr std::array calibrations = {
    CalibrationRow{
        "minmax", Calibration::MinMax, {"min_max", "max"}, "the least and the greatest number", "all frameworks"},
    CalibrationRow{"moving_average",
                   Calibration::MovingAverage,
                   {"ema"},
                   "those of the first batch, then m += 0.01 (m of a batch - m); batches are the first axis",
                   "PyTorch MovingAverageMinMaxObserver"},
    CalibrationRow{
        "percentile",
        Calibration::Percentile,
        {},
        "symmetric: the first edge of 2048 with at least that share of the magnitudes below; else half the rest is cut "
        "off on each side",
        "NVIDIA Model Optimizer; onnxruntime"},
    CalibrationRow{
        "mse",
        Calibration::Mse,
        {},
        "symmetric: the centre of 2048 bins of magnitudes, from the 129th on, which clips with the least mean square error; "
        "else the limits in turn become the centres with the least error of their quantiser, integrated, until neither gains",
        "NVIDIA Model Optimizer; ours"},
    CalibrationRow{
        "entropy",
        Calibration::Entropy,
        {"kl"},
        "the edge with the least KL divergence of the levels; guarded: the data's own limits where it would cut off "
        "more than a thousandth of the numbers, or a bin, at a loss",
        "TensorRT, as NVIDIA Model Optimizer has it"},
    CalibrationRow{"histogram_l2",
                   Calibration::HistogramL2,
                   {"l2", "histogram"},
                   "quantiles move inwards by 1e-5 while the error of the levels, integrated over 2048 bins, falls",
                   "PyTorch HistogramObserver"},
};

/// The row of a method.
constexpr const CalibrationRow& row_of(Calibration method) { return calibrations[static_cast<std::size_t>(method)]; }

/// What calibrations are told.
struct CalibrationOptions {
    Scheme scheme;           ///< that makes quantisers of limits
    double percent = 99.99;  ///< of the magnitudes, for Percentile
};

/// The limits by a method, within those of the numbers, which are a tensor or many batches. Throws InputError as affine_of does.
Limits calibrated(Calibration method, const CalibrationOptions& options, const Distribution& of);

/// A tensor that is to be calibrated.
struct CalibrationData {
    std::span<const float> numbers;  ///< row-major
    std::size_t batches = 1;         ///< equal parts, for the moving average: the size of the first axis
};

/// What a method came to.
struct Candidate {
    Calibration method;              ///< which one
    std::vector<Affine> quantisers;  ///< one a group
    double sqnr;      ///< measured, in decibels; infinite without an error, and -infinity without quantisers
    double clipped;   ///< share of the numbers beyond the least and the greatest level by more than half a step
    std::string why;  ///< there are no quantisers: what a group without a scale has; else empty

    bool possible() const { return why.empty(); }  ///< Are there quantisers?
};

/// Each method on the groups of a tensor, measured on all its numbers. A group whose numbers are all alike has its own limits,
/// and one of zeros those of -1 to 1. Throws InputError as limits_of does, and as affine_of does for the first method if none is
/// possible.
std::vector<Candidate> candidates(const CalibrationOptions& options, const Grouping& grouping,
                                  const CalibrationData& tensor, std::span<const Calibration> methods);

/// The one with the greatest signal-to-noise ratio, the first of equals. Pre: one is possible.
const Candidate& best(const std::vector<Candidate>& candidates);

}  // namespace halfulp::quantize
