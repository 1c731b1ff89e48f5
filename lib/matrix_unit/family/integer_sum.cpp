#include <halfulp/lib/matrix_unit/family/family.h>
#include <halfulp/softfloat/integer.hpp>

namespace halfulp {
namespace {

/// Without a branch, which no processor foresees.
std::int64_t integer(const Factor& x) {
    const std::int64_t sign = x.negative ? -1 : 0;
    return (static_cast<std::int64_t>(x.sig) ^ sign) - sign;
}

}  // namespace

// PTX ISA (mma, .satfinite) and the integer dot products of x86 and Arm. 64 bits hold a group of products of bytes, and an
// accumulator of 32 bits.
std::uint64_t integer_sum(const MmaSpec& spec, const Group& group, const Running& d) {
    std::int64_t sum = integer(Factor(exact(*spec.accumulator.integer, *d)));
    for (std::size_t i = 0; i < group.a.numbers.size(); ++i)
        sum += integer(group.a.numbers[i]) * integer(group.b.numbers[i]);
    return to_integer(*spec.accumulator.integer, exact(sum), {},
                      spec.saturates ? OutOfRange::Saturate : OutOfRange::Wrap)
        .code;
}

}  // namespace halfulp
