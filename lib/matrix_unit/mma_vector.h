#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <halfulp/lib/matrix_unit/family/family.h>
#include <halfulp/lib/matrix_unit/spec.hpp>

namespace halfulp {

/// A row of A or a column of B as a unit's multipliers meet it: in the unit's order, converted and flushed where the unit
/// does that, decoded where its family is one of numbers. That is done once for all outputs of a tile.
class MmaVector {
  public:
    /// Which factor of a product.
    enum class Side : std::uint8_t { A, B };

    /// Row and scales live as long as the vector. Throws InputError as mma_dot does.
    MmaVector(const MmaSpec& spec, Side side, std::span<const std::uint64_t> codes,
              std::span<const std::uint64_t> scales = {});

    std::size_t size() const { return size_; }  ///< elements
    /// Those of whole steps: the last ones may have fewer elements than the row's groups, or none.
    std::size_t groups() const { return ends_.size(); }
    Factors group(std::size_t index) const;  ///< The elements of that group, counting from 0.

  private:
    const MmaSpec* spec_;
    std::size_t size_;
    std::vector<std::uint64_t> codes_ = {};
    std::vector<Factor> numbers_ = {};    ///< the same, or none
    std::vector<std::size_t> ends_ = {};  ///< of the groups, in codes_
    std::span<const std::uint64_t> scales_;
};

/// mma_dot of vectors of one row. Throws InputError if they differ in length.
std::uint64_t mma_dot(const MmaSpec& spec, const MmaVector& a, const MmaVector& b, std::uint64_t c);

}  // namespace halfulp
