// Products of matrices that are summed in binary32.

#include <halfulp/lib/kernel/gemm/problem.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/gemm/in_binary32.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/gemm/product-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

void numbers_to_numbers(const Problem<float, float>& x, const Range& rows, const Range& columns) {
    multiply_block<Single>(x, rows, columns, Numbers(), Numbers());
}

void codes_to_numbers(const Problem<std::uint16_t, float>& x, const Range& rows, const Range& columns) {
    if (x.policy->storage == bfloat16) return multiply_block<Single>(x, rows, columns, OfBfloat16(), Numbers());
    multiply_block<Single>(x, rows, columns, OfBinary16(), Numbers());
}

void codes_to_codes(const Problem<std::uint16_t, std::uint16_t>& x, const Range& rows, const Range& columns) {
    if (x.policy->storage == bfloat16) return multiply_block<Single>(x, rows, columns, OfBfloat16(), OfBfloat16());
    multiply_block<Single>(x, rows, columns, OfBinary16(), OfBinary16());
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(numbers_to_numbers);
HWY_EXPORT(codes_to_numbers);
HWY_EXPORT(codes_to_codes);

void multiply_part(const Problem<float, float>& x, const Range& rows, const Range& columns) {
    HWY_DYNAMIC_DISPATCH(numbers_to_numbers)(x, rows, columns);
}

void multiply_part(const Problem<std::uint16_t, float>& x, const Range& rows, const Range& columns) {
    HWY_DYNAMIC_DISPATCH(codes_to_numbers)(x, rows, columns);
}

void multiply_part(const Problem<std::uint16_t, std::uint16_t>& x, const Range& rows, const Range& columns) {
    if (x.policy->accumulate != binary32) return multiply_part_in_16_bits(x, rows, columns);
    HWY_DYNAMIC_DISPATCH(codes_to_codes)(x, rows, columns);
}

}  // namespace halfulp::kernel
#endif
