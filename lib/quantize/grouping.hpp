#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <halfulp/lib/quantize/affine.hpp>

// Which elements of a tensor share a quantiser. Axes as in ONNX's QuantizeLinear.

namespace halfulp::quantize {

/// Which elements share a scale.
enum class Granularity : std::uint8_t { Tensor, Channel, Block };

/// By name, as the program takes them.
inline constexpr std::array granularities = {
    Named<Granularity>{"tensor", Granularity::Tensor, {}},
    Named<Granularity>{"channel", Granularity::Channel, {"axis"}},
    Named<Granularity>{"block", Granularity::Block, {"blocked"}},
};

/// The groups of a tensor's elements, in row-major order.
class Grouping {
  public:
    /// Tensor: all elements. Channel: those of one index along the axis. Block: `block` neighbours along the axis; the last
    /// block may have fewer. An axis below 0 counts from the last one. Throws std::invalid_argument for an axis that the shape
    /// has not, a block of 0, and sizes whose product has more than 64 bits.
    Grouping(const std::vector<std::size_t>& shape, Granularity granularity, int axis = -1, std::size_t block = 32);

    std::size_t elements() const { return outer_ * length_ * inner_; }  ///< of the tensor
    std::size_t groups() const;                                         ///< how many there are
    /// Of the tensor of scales: none, the channels, or the tensor's with the axis counted in blocks.
    const std::vector<std::size_t>& shape() const { return shape_; }

    std::size_t group_of(std::size_t element) const;  ///< From 0, of an element in row-major order.

    /// run(group, first, count) for neighbours of one group, in order.
    template <class Run>
    void each_run(const Run& run) const {
        for (std::size_t first = 0; first < elements();) {
            const std::size_t group = group_of(first), count = run_from(first);
            run(group, first, count);
            first += count;
        }
    }

  private:
    std::size_t run_from(std::size_t element) const;

    Granularity granularity_;
    std::size_t outer_ = 1, length_ = 1, inner_ = 1;  ///< the axis, and the products of the sizes before and after it
    std::size_t block_;
    std::vector<std::size_t> shape_;
};

/// The elements of each group, in order. Pre: as many numbers as elements.
std::vector<std::vector<float>> grouped(const Grouping& grouping, std::span<const float> numbers);

/// quantise and dequantise with a quantiser a group, as numbers. Element i has draw(draws, i), whatever its group. Throws
/// std::invalid_argument as those do.
std::vector<std::int32_t> quantise(const Grouping& grouping, std::span<const Affine> by, std::span<const float> numbers,
                                   const kernel::Draws& draws = {});
/// Codes to numbers.
std::vector<float> dequantise(const Grouping& grouping, std::span<const Affine> by,
                              std::span<const std::int32_t> codes);
/// Numbers to the levels of their codes.
std::vector<float> fake_quantise(const Grouping& grouping, std::span<const Affine> by, std::span<const float> numbers,
                                 const kernel::Draws& draws = {});

}  // namespace halfulp::quantize
