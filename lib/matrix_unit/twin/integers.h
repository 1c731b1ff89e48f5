#pragma once

#include <cstdint>

#include <halfulp/lib/matrix_unit/twin/operands.h>

// The twin of integer rows. Products of bytes are whole numbers that binary32 sums exactly up to 2^24: a block by fused
// multiply-adds, whose sum is added in 32 bits.

namespace halfulp::twin {

class Integers {
  public:
    static bool serves(const MmaSpec& spec);

    Integers(const Matrices& matrices, unsigned threads);

    /// Writes a tile of D.
    void compute(const Tile& tile) const;

    const Operands& operands() const { return operands_; }
    bool saturates() const { return x_.spec.saturates; }

  private:
    Matrices x_;
    Operands operands_;
};

/// The kernel: the running values of a tile, panel_width in a row, from those of C to those of D.
void advance(const Integers& matrices, const Tile& tile, std::int32_t* running);

}  // namespace halfulp::twin
