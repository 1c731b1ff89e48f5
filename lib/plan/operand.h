#pragma once

#include <cstddef>
#include <vector>

#include <halfulp/lib/matrix_unit/element.hpp>

namespace halfulp::plan {

/// The numbers of one operand as they will be stored. Of integers they are multiples of a scale, the largest magnitude / 127,
/// as lib/workload/stored.hpp stores them.
struct StoredOperand {
    std::vector<double> numbers;  ///< as they are stored, in the operand's order
    /// Mean squares of what storing changes: unit^2 / 12 of a number that is not there, with the unit that its binade would have
    /// if the format had no least exponent. A number that becomes the integer 0 is lost whole.
    std::vector<double> variances;
    double largest = 0;      ///< magnitude, before it is stored
    double scale = 1;        ///< of integers
    std::size_t beyond = 0;  ///< numbers that become infinite; `numbers` has them as they were
    std::size_t lost = 0;    ///< numbers other than 0 that become 0
    double change = 0;       ///< the sum of squares of what storing changes

    /// Storing changes more than three times as much as rounding with every exponent would.
    bool underflows() const;
};

/// Pre: finite numbers.
StoredOperand stored_operand(const std::vector<float>& numbers, const Element& storage);

}  // namespace halfulp::plan
