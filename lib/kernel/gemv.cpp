#include <halfulp/lib/kernel/gemv.hpp>

#include <fmt/format.h>
#include <hwy/aligned_allocator.h>

#include <bit>
#include <new>
#include <stdexcept>
#include <vector>

#include <halfulp/lib/kernel/adders.h>
#include <halfulp/lib/kernel/gemv_tiles.h>
#include <halfulp/lib/kernel/reduce_blocks.h>
#include <halfulp/lib/accumulate/adder.hpp>
#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/narrow.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/gemv.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/gemv-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

void sum_tile(const GemvTile& tile, GemvBuffer& buffer) {
    const GemmPolicy& p = tile.policy;
    if (p.storage == binary32) return sum_tile_of<SingleArithmetic, OfBinary32>(tile, buffer);
    if (p.storage == bfloat16) return sum_tile_of<SingleArithmetic, OfBfloat16>(tile, buffer);
    if (p.accumulate == binary32) return sum_tile_of<SingleArithmetic, OfBinary16>(tile, buffer);
    if (p.fused) return sum_tile_of<HalfArithmetic, OfBinary16>(tile, buffer);
    return sum_tile_of<UnfusedHalfArithmetic, OfBinary16>(tile, buffer);
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(sum_tile);

namespace {

template <class T>
constexpr bool holds(const Format& f) {
    return sizeof(T) == sizeof(float) ? f == binary32 : f == binary16 || f == bfloat16;
}

template <class A, class Y>
void require_policy(const GemmPolicy& p) {
    if (!holds<A>(p.storage) || !holds<Y>(p.result))
        throw std::invalid_argument(fmt::format("gemv: elements of {} and {} bytes are not those of the policy {}",
                                                sizeof(A), sizeof(Y), p.name));
    const bool single = p.accumulate == binary32 && p.fused, half = p.accumulate == binary16 && p.storage == binary16;
    if (!single && !half)
        throw std::invalid_argument(
            fmt::format("gemv: expected to accumulate in fp32, fused, or in fp16, got the policy {}", p.name));
}

std::uint64_t code_of(float x) { return std::bit_cast<std::uint32_t>(x); }
std::uint64_t code_of(std::uint16_t code) { return code; }
void store(std::uint64_t code, float& to) { to = std::bit_cast<float>(static_cast<std::uint32_t>(code)); }
void store(std::uint64_t code, std::uint16_t& to) { to = static_cast<std::uint16_t>(code); }

/// From the sums of rows to elements of y: gemm's rules.
template <Multiplier Adder>
class Finish {
  public:
    Finish(const GemmPolicy& p, const GemvOptions& o)
        : policy_(p),
          alpha_(halfulp::convert(p.accumulate, binary32, code_of(o.alpha)).code),
          beta_(halfulp::convert(p.accumulate, binary32, code_of(o.beta)).code) {}

    bool needs_sums() const { return !is_zero(alpha_); }

    template <class Y>
    void operator()(std::uint64_t sum, Y& y) const {
        if (is_zero(beta_)) return put(by_.mul(alpha_, sum), y);
        put(by_.fma(alpha_, sum, scaled(y)), y);
    }
    template <class Y>
    void without_sum(Y& y) const {
        put(is_zero(beta_) ? 0 : scaled(y), y);
    }

  private:
    bool is_zero(std::uint64_t code) const { return (code & policy_.accumulate.magnitude_mask()) == 0; }
    template <class Y>
    std::uint64_t scaled(const Y& old) const {
        return by_.mul(beta_, converted(policy_.accumulate, policy_.result, code_of(old)));
    }
    template <class Y>
    void put(std::uint64_t code, Y& y) const {
        const std::uint64_t stored = converted(policy_.result, policy_.accumulate, code);
        store(policy_.result.is_nan(stored) ? policy_.result.nan_code() : stored, y);
    }
    /// To nearest even.
    static std::uint64_t converted(const Format& to, const Format& from, std::uint64_t code) {
        if (to == from) return code;
        if (to == binary16) return narrow::convert<binary16, binary32>(code).code;
        if (to == bfloat16) return narrow::convert<bfloat16, binary32>(code).code;
        if (from == binary16) return narrow::convert<binary32, binary16>(code).code;
        return code << 16;
    }

    const GemmPolicy& policy_;
    std::uint64_t alpha_, beta_;
    Adder by_{};
};

std::size_t tile_rows(const Reduction& order, std::size_t rows, unsigned threads) {
    if (order.exact || order.within.count > 1) return row_tile;
    const std::size_t share = rows / std::max(threads, 1U);
    return std::clamp((share + row_tile - 1) / row_tile * row_tile, row_tile, column_tile);
}

/// Aligned, as every row reads it.
template <class A>
hwy::AlignedFreeUniquePtr<float[]> widened(const Format& f, std::span<const A> x) {
    auto wide = hwy::AllocateAligned<float>(x.size());
    if (!wide) throw std::bad_alloc();
    if constexpr (sizeof(A) == sizeof(float)) std::copy(x.begin(), x.end(), wide.get());
    if constexpr (sizeof(A) != sizeof(float)) (void)widen(f, x, std::span(wide.get(), x.size()));
    return wide;
}

template <class Adder, class A, class Y>
void multiply(const GemmPolicy& policy, const Reduction& order, const MatrixView<const A>& a, std::span<const A> x,
              std::span<Y> y, const GemvOptions& options) {
    const Finish<Adder> finish(policy, options);
    const DefaultEnvironment environment;
    if (a.columns == 0 || !finish.needs_sums()) {
        for (Y& element : y) finish.without_sum(element);
        return;
    }
    const auto wide = widened(policy.storage, x);
    const std::size_t tile = tile_rows(order, a.rows, options.threads);
    share(tile, a.rows, options.threads, [&](std::size_t, const Blocks& tiles) {
        GemvBuffer buffer;
        std::vector<std::uint64_t> codes(tile);
        for (std::size_t t = tiles.first; t < tiles.last; ++t) {
            const std::size_t first = tiles.begin(t), rows = tiles.end(t) - first;
            HWY_DYNAMIC_DISPATCH(sum_tile)
            ({policy, order, place(block(a, first, rows, 0, a.columns)), wide.get(), codes.data()}, buffer);
            for (std::size_t i = 0; i < rows; ++i) finish(codes[i], y[first + i]);
        }
    });
}

template <class A, class Y>
void checked_gemv(const GemmPolicy& policy, const Reduction& order, const MatrixView<const A>& a, std::span<const A> x,
                  std::span<Y> y, const GemvOptions& options) {
    require_policy<A, Y>(policy);
    require_gemv(place(a), vector_place(x), vector_place(y));
    if (policy.accumulate == binary32) return multiply<SingleAdder>(policy, order, a, x, y, options);
    if (policy.fused) return multiply<HalfAdder>(policy, order, a, x, y, options);
    multiply<RoundsProducts<HalfAdder>>(policy, order, a, x, y, options);
}

}  // namespace

void require_gemv(const MatrixPlace& a, const MatrixPlace& x, const MatrixPlace& y) {
    if (a.columns != x.rows || a.rows != y.rows)
        throw std::invalid_argument(
            fmt::format("gemv: expected A of {} x {}, for y of {} and x of {} elements, got {} x {}", y.rows, x.rows,
                        y.rows, x.rows, a.rows, a.columns));
    require_within_memory({"gemv", "A"}, a);
    require_apart({"gemv", "A"}, a, "y", y);
    require_apart({"gemv", "x"}, x, "y", y);
}

void gemv(const GemmPolicy& policy, const Reduction& order, const MatrixView<const float>& a, std::span<const float> x,
          std::span<float> y, const GemvOptions& options) {
    checked_gemv(policy, order, a, x, y, options);
}
void gemv(const GemmPolicy& policy, const Reduction& order, const MatrixView<const std::uint16_t>& a,
          std::span<const std::uint16_t> x, std::span<float> y, const GemvOptions& options) {
    checked_gemv(policy, order, a, x, y, options);
}
void gemv(const GemmPolicy& policy, const Reduction& order, const MatrixView<const std::uint16_t>& a,
          std::span<const std::uint16_t> x, std::span<std::uint16_t> y, const GemvOptions& options) {
    checked_gemv(policy, order, a, x, y, options);
}

}  // namespace halfulp::kernel
#endif
