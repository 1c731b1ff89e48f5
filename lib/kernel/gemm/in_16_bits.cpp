// Products of matrices that are summed in a format of 16 bits.

#include <halfulp/lib/kernel/gemm/problem.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/gemm/in_16_bits.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/gemm/product-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

template <Format f, class Storage>
void in_format(const Problem<std::uint16_t, std::uint16_t>& x, const Range& rows, const Range& columns,
               const Storage& storage) {
    if (x.policy->fused) return multiply_block<Fused<f>>(x, rows, columns, storage, storage);
    if (x.bounded) return multiply_block<SeparateBounded<f>>(x, rows, columns, storage, storage);
    multiply_block<Separate<f>>(x, rows, columns, storage, storage);
}

void in_16_bits(const Problem<std::uint16_t, std::uint16_t>& x, const Range& rows, const Range& columns) {
    if (x.policy->accumulate == bfloat16) return in_format<bfloat16>(x, rows, columns, OfBfloat16());
    in_format<binary16>(x, rows, columns, OfBinary16());
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(in_16_bits);

void multiply_part_in_16_bits(const Problem<std::uint16_t, std::uint16_t>& x, const Range& rows, const Range& columns) {
    HWY_DYNAMIC_DISPATCH(in_16_bits)(x, rows, columns);
}

}  // namespace halfulp::kernel
#endif
