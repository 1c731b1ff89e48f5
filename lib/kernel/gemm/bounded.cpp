#include <halfulp/lib/kernel/gemm/bounded.h>

#include <algorithm>

#include <halfulp/lib/kernel/gemm_definition.hpp>

namespace halfulp::kernel {

namespace {

/// Of all elements, read in the order of memory. Magnitudes of codes are in the order of their values, NaNs last.
std::uint64_t largest_magnitude(const Format& f, MatrixView<const std::uint16_t> x) {
    if (x.row_stride < x.column_stride) x = transposed(x);
    const auto mask = static_cast<std::uint16_t>(f.magnitude_mask());
    std::uint16_t largest = 0;
    for (std::size_t i = 0; i < x.rows; ++i)
        for (std::size_t j = 0; j < x.columns; ++j)
            largest = std::max(largest, static_cast<std::uint16_t>(x(i, j) & mask));
    return largest;
}

/// The largest number that the kernels' rounding reaches: all of binary16's, and bfloat16's below 2^112, as one and a half
/// times the 2^16-fold of the binade is added to it.
std::uint64_t limit(const Format& f) {
    const int exponent = std::min(f.emax(), binary32.emax() - (binary32.precision - f.precision));
    return (static_cast<std::uint64_t>(exponent + f.bias + 1) << f.fraction_bits()) - 1;
}

}  // namespace

bool is_bounded(const GemmPolicy& policy, const MatrixView<const std::uint16_t>& a,
                const MatrixView<const std::uint16_t>& b) {
    const Format& f = policy.accumulate;
    const Operand x{f, largest_magnitude(f, a)}, y{f, largest_magnitude(f, b)};
    Operand sum{f, 0};
    for (std::size_t k = 0; k < a.columns; ++k) {
        const Operand next = gemm_sum(policy, x, y, sum);
        if (next.code > limit(f)) return false;
        if (next.code == sum.code) break;
        sum = next;
    }
    return true;
}

}  // namespace halfulp::kernel
