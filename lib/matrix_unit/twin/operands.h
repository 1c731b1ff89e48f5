#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <halfulp/lib/matrix_unit/twin/matrices.h>

namespace halfulp::twin {

/// Numbers in binary32 and, unless they are integers, the exponents that hardware aligns by: those of the code's fields.
struct Numbers {
    std::vector<float> values;
    std::vector<std::int16_t> exponents;
};

/// Products that share an exponent, whatever their own ones: of Family::ScaledGroups.
inline constexpr std::size_t summed_exactly = 16;

/// A and B as the kernels read them: in blocks of spec.group along k, in the instruction's order, filled up by zeros whose
/// products are -0: added, they change nothing. Where the row scales, the exponents are those of the scaled numbers, or of
/// the scales alone in groups that are summed exactly; the values are the elements' own.
class Operands {
  public:
    /// Stand for the exponents of zeros, and of infinities and NaNs: no sum with another one is that of numbers.
    static constexpr std::int16_t of_zero = -2000, of_special = 8000;

    struct Scale;
    class Scales;

    Operands(const Matrices& x, unsigned threads);

    std::size_t group() const { return group_; }
    std::size_t blocks() const { return order_.size() / group_; }
    /// Parts of a block with a scale of their own: 0 if the row does not scale.
    std::size_t runs() const { return runs_; }

    /// Where a block is: of a row of A `group` elements; of a panel of B `group` rows of panel_width.
    std::size_t a_at(std::size_t block, std::size_t row) const { return (block * rows_ + row) * group_; }
    std::size_t b_at(std::size_t block, std::size_t panel) const {
        return (panel * blocks() + block) * group_ * panel_width;
    }
    /// Where the scales of a block's runs are: likewise.
    std::size_t a_scales_at(std::size_t block, std::size_t row) const { return (block * rows_ + row) * runs_; }
    std::size_t b_scales_at(std::size_t block, std::size_t panel) const {
        return (panel * blocks() + block) * runs_ * panel_width;
    }
    const Numbers& a() const { return a_; }
    const Numbers& b() const { return b_; }
    /// Significands and exponents.
    const Numbers& a_scales() const { return a_scales_; }
    const Numbers& b_scales() const { return b_scales_; }

  private:
    void pack_a(const Matrices& x, const Scales& scales, std::size_t row);
    void pack_b(const Matrices& x, const Scales& scales, std::size_t block);

    std::size_t rows_, group_, runs_;
    std::vector<std::size_t> order_;  ///< position in k of each product, up to whole steps
    Numbers a_, b_, a_scales_, b_scales_;
};

}  // namespace halfulp::twin
