#include <halfulp/lib/matrix_unit/family/family.hpp>
#include <halfulp/softfloat/exact_sum.hpp>
#include <halfulp/softfloat/integer.hpp>

namespace halfulp {

// PTX ISA (mma, .satfinite) and the integer dot products of x86 and Arm.
std::uint64_t integer_sum(const MmaSpec& spec, const Group& group, const Running& d) {
    ExactSum sum;
    sum.add(exact(*spec.accumulator.integer, *d));
    for (std::size_t i = 0; i < group.a.size(); ++i)
        sum.add(mul(exact(*spec.a.integer, group.a[i]), exact(*spec.b.integer, group.b[i])));
    return to_integer(*spec.accumulator.integer, sum.value(), {},
                      spec.saturates ? OutOfRange::Saturate : OutOfRange::Wrap)
        .code;
}

}  // namespace halfulp
