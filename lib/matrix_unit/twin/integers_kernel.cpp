#include <halfulp/lib/kernel/default_environment.h>
#include <halfulp/lib/matrix_unit/twin/integers.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/matrix_unit/twin/integers_kernel.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::twin::HWY_NAMESPACE {

using namespace kernel::HWY_NAMESPACE;

using Whole = hn::Vec<SignedTag>;

/// A block of a row and of a vector of columns, in four sums that do not wait for each other. Pre: `count` is in fours.
HWY_INLINE Whole sum_of_products(std::size_t count, const float* a, const float* b) {
    const FloatTag d;
    Floats s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0;
    const auto plus_product = [&](std::size_t i, Floats sum) HWY_ATTR {
        return hn::MulAdd(hn::Set(d, a[i]), hn::LoadU(d, b + i * panel_width), sum);
    };
    for (std::size_t i = 0; i < count; i += 4) {
        s0 = plus_product(i, s0);
        s1 = plus_product(i + 1, s1);
        s2 = plus_product(i + 2, s2);
        s3 = plus_product(i + 3, s3);
    }
    return hn::ConvertTo(SignedTag(), hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)));
}

template <bool saturates>
HWY_INLINE Whole plus(Whole x, Whole y) {
    const Whole wrapped = hn::Add(x, y);
    if constexpr (!saturates) return wrapped;
    const Whole overflows = hn::And(hn::Xor(x, wrapped), hn::Xor(y, wrapped));  // if negative
    const Whole limit = hn::Xor(hn::BroadcastSignBit(y), hn::Set(SignedTag(), 0x7FFFFFFF));
    return hn::IfThenElse(hn::Lt(overflows, hn::Zero(SignedTag())), limit, wrapped);
}

template <bool saturates>
void walk(const Operands& x, const Tile& tile, std::int32_t* running) {
    const SignedTag d;
    for (std::size_t block = 0; block < x.blocks(); ++block)
        for (std::size_t row = 0; row < tile.rows; ++row)
            for (std::size_t column = 0; column < panel_width; column += hn::Lanes(d)) {
                const float* const a = &x.a().values[x.a_at(block, tile.first_row + row)];
                const float* const b = &x.b().values[x.b_at(block, tile.panel) + column];
                std::int32_t* const at = running + row * panel_width + column;
                hn::StoreU(plus<saturates>(hn::LoadU(d, at), sum_of_products(x.group(), a, b)), d, at);
            }
}

void advance(const Integers& x, const Tile& tile, std::int32_t* running) {
    if (x.saturates())
        walk<true>(x.operands(), tile, running);
    else
        walk<false>(x.operands(), tile, running);
}

}  // namespace halfulp::twin::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::twin {

HWY_EXPORT(advance);

void advance(const Integers& matrices, const Tile& tile, std::int32_t* running) {
    const kernel::DefaultEnvironment environment;
    HWY_DYNAMIC_DISPATCH(advance)(matrices, tile, running);
}

}  // namespace halfulp::twin
#endif
