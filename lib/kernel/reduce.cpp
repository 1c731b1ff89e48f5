#include <halfulp/lib/kernel/reduce.hpp>

#include <fmt/format.h>

#include <array>
#include <bit>
#include <stdexcept>
#include <vector>

#include <halfulp/lib/kernel/adders.h>
#include <halfulp/lib/kernel/default_environment.h>
#include <halfulp/lib/kernel/reduce_blocks.h>
#include <halfulp/lib/kernel/parallel.hpp>
#include <halfulp/softfloat/exact_sum.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/reduce.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/exact_sum-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

template <class Arithmetic>
struct SumBlocks {
    const Reduction& order;
    const Blocks& blocks;
    std::uint64_t* codes;

    template <class Terms>
    void operator()(const Terms& terms) const {
        for (std::size_t b = blocks.first; b < blocks.last; ++b)
            codes[b] = Arithmetic::code(block_sum<Arithmetic>(order.within, terms, blocks.begin(b), blocks.end(b)));
    }
};

struct SumBlocksExactly {
    const Blocks& blocks;
    std::vector<double>& sums;

    template <class Terms>
    void operator()(const Terms& terms) const {
        for (std::size_t b = blocks.first; b < blocks.last; ++b)
            sum_exactly(terms, blocks.begin(b), blocks.end(b), sums);
    }
};

template <class X, class Sum>
void sum_elements(const ReductionOperands& of, const Sum& sum) {
    const auto *x = static_cast<const typename X::Element*>(of.x), *y = static_cast<const typename X::Element*>(of.y);
    y == nullptr ? sum(Elements<X>{x}) : sum(ElementProducts<X, X>{x, y});
}

template <class Sum>
void sum_terms(const ReductionOperands& of, const Sum& sum) {
    switch (of.element) {
        case ElementType::Binary32: return sum_elements<OfBinary32>(of, sum);
        case ElementType::Binary16: return sum_elements<OfBinary16>(of, sum);
        case ElementType::Bfloat16: return sum_elements<OfBfloat16>(of, sum);
    }
}

void sum_blocks(const Reduction& order, const ReductionOperands& of, const Blocks& blocks, std::uint64_t* codes) {
    sum_terms(of, SumBlocks<SingleArithmetic>{order, blocks, codes});
}
void sum_blocks_in_half(const Reduction& order, const ReductionOperands& of, const Blocks& blocks,
                        std::uint64_t* codes) {
    if (of.fused)
        sum_elements<OfBinary16>(of, SumBlocks<HalfArithmetic>{order, blocks, codes});
    else
        sum_elements<OfBinary16>(of, SumBlocks<UnfusedHalfArithmetic>{order, blocks, codes});
}
void sum_blocks_exactly(const ReductionOperands& of, const Blocks& blocks, std::vector<double>& sums) {
    sum_terms(of, SumBlocksExactly{blocks, sums});
}
}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(sum_blocks);
HWY_EXPORT(sum_blocks_in_half);
HWY_EXPORT(sum_blocks_exactly);

namespace {

std::uint64_t exact_code(const Format& to, const ReductionOperands& of, unsigned threads) {
    std::vector<std::vector<double>> sums(parts_of(exact_block, of.count, threads));
    share(exact_block, of.count, threads, [&](std::size_t part, const Blocks& blocks) {
        HWY_DYNAMIC_DISPATCH(sum_blocks_exactly)(of, blocks, sums[part]);
    });
    std::vector<double> all;
    for (const auto& some : sums) all.insert(all.end(), some.begin(), some.end());
    return rounded_sum(to, all);
}

template <class SumBlocks, class Adder>
std::uint64_t code_in_order(const Reduction& order, const ReductionOperands& of, SumBlocks sum_blocks_by,
                            const Adder& adder, unsigned threads) {
    const std::size_t number = Blocks::number_of(order.block, of.count);
    if (number == 0) return 0;
    std::array<std::uint64_t, 64> few;
    std::vector<std::uint64_t> many(number > few.size() ? number : 0);
    std::uint64_t* codes = many.empty() ? few.data() : many.data();
    share(order.block, of.count, threads,
          [&](std::size_t, const Blocks& blocks) { sum_blocks_by(order, of, blocks, codes); });
    if (number == 1) return codes[0];
    const DefaultEnvironment environment;
    return halfulp::sum(order.across, adder, std::span<const std::uint64_t>(codes, number));
}

std::uint64_t one_nan(const Format& f, std::uint64_t code) { return f.is_nan(code) ? f.nan_code() : code; }

float reduced(const Reduction& order, const ReductionOperands& of, unsigned threads) {
    const std::uint64_t code = order.exact
                                   ? exact_code(binary32, of, threads)
                                   : code_in_order(order, of, HWY_DYNAMIC_DISPATCH(sum_blocks), SingleAdder{}, threads);
    return std::bit_cast<float>(static_cast<std::uint32_t>(one_nan(binary32, code)));
}

std::uint16_t reduced_in_half(const Reduction& order, const ReductionOperands& of, unsigned threads) {
    const std::uint64_t code =
        order.exact ? exact_code(binary16, of, threads)
                    : code_in_order(order, of, HWY_DYNAMIC_DISPATCH(sum_blocks_in_half), HalfAdder{}, threads);
    return static_cast<std::uint16_t>(one_nan(binary16, code));
}

ElementType element_of(const Format& f) {
    if (f == binary16) return ElementType::Binary16;
    if (f == bfloat16) return ElementType::Bfloat16;
    throw std::invalid_argument(fmt::format("reduction: expected codes of fp16 or bf16, got {}", name_of(f)));
}

template <class X>
std::size_t common_length(std::span<const X> x, std::span<const X> y) {
    require_one_length(x.size(), y.size());
    return x.size();
}

}  // namespace

std::uint64_t rounded_sum(const Format& to, std::span<const double> numbers) {
    ExactSum sum;
    sum.add(Exact::zero(false));
    for (const double x : numbers) sum.add(decode(binary64, std::bit_cast<std::uint64_t>(x)));
    return round_pack(to, sum.value()).code;
}

void require_one_length(std::size_t x, std::size_t y) {
    if (x != y) throw std::invalid_argument(fmt::format("dot: expected two spans of one length, got {} and {}", x, y));
}

float sum(const Reduction& order, std::span<const float> x, unsigned threads) {
    return reduced(order, {ElementType::Binary32, x.data(), nullptr, x.size()}, threads);
}
float sum(const Reduction& order, const Format& f, std::span<const std::uint16_t> x, unsigned threads) {
    return reduced(order, {element_of(f), x.data(), nullptr, x.size()}, threads);
}
float dot(const Reduction& order, std::span<const float> x, std::span<const float> y, unsigned threads) {
    return reduced(order, {ElementType::Binary32, x.data(), y.data(), common_length(x, y)}, threads);
}
float dot(const Reduction& order, const Format& f, std::span<const std::uint16_t> x, std::span<const std::uint16_t> y,
          unsigned threads) {
    return reduced(order, {element_of(f), x.data(), y.data(), common_length(x, y)}, threads);
}
std::uint16_t sum_in_half(const Reduction& order, std::span<const std::uint16_t> x, unsigned threads) {
    return reduced_in_half(order, {ElementType::Binary16, x.data(), nullptr, x.size()}, threads);
}
std::uint16_t dot_in_half(const Reduction& order, std::span<const std::uint16_t> x, std::span<const std::uint16_t> y,
                          bool fused, unsigned threads) {
    return reduced_in_half(order, {ElementType::Binary16, x.data(), y.data(), common_length(x, y), fused}, threads);
}

}  // namespace halfulp::kernel
#endif
