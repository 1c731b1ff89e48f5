#include <numeric>
#include <vector>

#include <halfulp/lib/kernel/reduce_blocks.h>
#include <halfulp/lib/kernel/reduce.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/reduce_int8.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/dot_int8-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

std::int64_t sum_int8(const std::int8_t* x, std::size_t count) { return sum_of_bytes(x, count); }
std::int64_t dot_int8(const std::int8_t* x, const std::int8_t* y, std::size_t count) {
    return dot_of_bytes(x, y, count);
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(sum_int8);
HWY_EXPORT(dot_int8);

namespace {

/// sum_block(begin, length) of all blocks.
template <class SumBlock>
std::int64_t reduced(std::size_t count, unsigned threads, const SumBlock& sum_block) {
    std::vector<std::int64_t> sums(parts_of(int8_block, count, threads));
    share(int8_block, count, threads, [&](std::size_t part, const Blocks& blocks) {
        std::int64_t sum = 0;
        for (std::size_t b = blocks.first; b < blocks.last; ++b)
            sum += sum_block(blocks.begin(b), blocks.end(b) - blocks.begin(b));
        sums[part] = sum;
    });
    return std::accumulate(sums.begin(), sums.end(), std::int64_t{0});
}

}  // namespace

std::int64_t sum(std::span<const std::int8_t> x, unsigned threads) {
    return reduced(x.size(), threads, [&](std::size_t begin, std::size_t length) {
        return HWY_DYNAMIC_DISPATCH(sum_int8)(x.data() + begin, length);
    });
}

std::int64_t dot(std::span<const std::int8_t> x, std::span<const std::int8_t> y, unsigned threads) {
    require_one_length(x.size(), y.size());
    return reduced(x.size(), threads, [&](std::size_t begin, std::size_t length) {
        return HWY_DYNAMIC_DISPATCH(dot_int8)(x.data() + begin, y.data() + begin, length);
    });
}

}  // namespace halfulp::kernel
#endif
