#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <halfulp/lib/quantize/histogram.hpp>

namespace halfulp::quantize {

/// What calibrations know of numbers: their limits, and how often they occur.
struct Distribution {
    Limits limits;                  ///< the least and the greatest number
    Limits averaged;                ///< those of the batches, averaged as they came (moving_average)
    Histogram numbers, magnitudes;  ///< of the numbers, and of their magnitudes
};

/// Of a tensor, by histogram_of and magnitudes_of. So many batches are equal parts of it, one after another; it is one batch where
/// they would not be equal. Throws InputError as histogram_of does.
Distribution distribution_of(std::span<const float> numbers, std::size_t batches = 1);

/// Of numbers that come batch by batch and are not kept. But for the average, nothing depends on how they were cut into batches.
class GrowingDistribution {
  public:
    /// Throws InputError for a batch without numbers, or with one that is not finite, before it counts any.
    void add(std::span<const float> batch);

    /// In bins of a GrowingHistogram. Throws InputError for numbers that are none, or all alike.
    Distribution distribution() const;

  private:
    std::vector<Limits> batches_;
    GrowingHistogram counts_;
};

}  // namespace halfulp::quantize
