#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/lib/quantize/scheme.hpp>

// Counts of numbers in bins of one width. Counts are whole and of 64 bits, so that a histogram is the same in whatever batches
// its numbers came.

namespace halfulp::quantize {

/// Bin i counts the numbers from edge(i) on and below edge(i + 1); the last bin has its upper edge too.
struct Histogram {
    double least = 0, width = 0;        ///< the lower edge of the first bin; of each bin
    std::vector<std::uint64_t> counts;  ///< of numbers in each bin

    double edge(std::size_t i) const { return least + static_cast<double>(i) * width; }  ///< the lower one of bin i
    /// the middle of bin i
    double centre(std::size_t i) const { return least + (static_cast<double>(i) + 0.5) * width; }
    std::uint64_t total() const;  ///< of all bins
    /// Counts one more. Pre: it is between the first edge and the last.
    void add(double number);

    friend bool operator==(const Histogram&, const Histogram&) = default;
};

/// Of a histogram, unless it is told otherwise.
inline constexpr std::size_t default_bins = 2048;

/// Of the numbers, from the least to the greatest. Throws InputError as limits_of does, and unless they differ.
Histogram histogram_of(std::span<const float> numbers, std::size_t bins = default_bins);

/// Of the magnitudes, from 0 to the greatest. Throws likewise.
Histogram magnitudes_of(std::span<const float> numbers, std::size_t bins = default_bins);

/// A histogram of numbers that come in batches, when nobody knows how large they will be: on [-2^e, 2^e), where 2^e is the
/// least power of two beyond all magnitudes so far. When that grows, two bins become one, exactly: how the numbers were cut
/// into batches, and their order, change nothing.
class GrowingHistogram {
  public:
    /// Pre: an even number of bins.
    explicit GrowingHistogram(std::size_t bins = 2 * default_bins) : bins_(bins) {}

    /// Throws InputError for numbers that are not finite, before it counts any.
    void add(std::span<const float> batch);

    /// Empty if there were zeros alone.
    Histogram histogram() const;
    /// The magnitudes, on [0, 2^e); a negative number on an edge counts below it.
    Histogram magnitudes() const;

  private:
    void grow_to(int exponent);

    std::size_t bins_;
    int exponent_ = 0;         ///< of the range, once there are counts
    std::uint64_t zeros_ = 0;  ///< counted before that
    std::vector<std::uint64_t> counts_;
};

}  // namespace halfulp::quantize
