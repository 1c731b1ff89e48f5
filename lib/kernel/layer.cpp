#include <halfulp/lib/kernel/layer.hpp>

#include <fmt/format.h>

#include <stdexcept>

#include <halfulp/lib/kernel/default_environment.h>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "halfulp/lib/kernel/layer.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>

#include <halfulp/lib/kernel/lanes-inl.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// `load(d, i)` gives lanes of D from result i on, before the bias.
template <class Load>
HWY_INLINE void finish(std::size_t rows, std::span<const float> bias, const Load& load, float* results) {
    const auto finish_at = [&](auto d, std::size_t row, std::size_t column) HWY_ATTR {
        const std::size_t i = row * bias.size() + column;
        const auto x = hn::Add(load(d, i), hn::LoadU(d, bias.data() + column));
        hn::StoreU(hn::IfThenZeroElse(hn::Lt(x, hn::Zero(d)), x), d, results + i);
    };
    const FloatTag all;
    const hn::CappedTag<float, 1> one;
    const std::size_t whole = bias.size() / hn::Lanes(all) * hn::Lanes(all);
    for (std::size_t row = 0; row < rows; ++row) {
        for (std::size_t column = 0; column < whole; column += hn::Lanes(all)) finish_at(all, row, column);
        for (std::size_t column = whole; column < bias.size(); ++column) finish_at(one, row, column);
    }
}

void finish_numbers(std::size_t rows, std::span<const float> bias, float* results) {
    finish(
        rows, bias, [&](auto d, std::size_t i) HWY_ATTR { return hn::LoadU(d, results + i); }, results);
}

void finish_sums(std::size_t rows, std::span<const float> bias, const std::int32_t* sums, float scale, float* results) {
    const auto load = [&](auto d, std::size_t i) HWY_ATTR {
        const hn::Rebind<std::int32_t, decltype(d)> d32;
        return hn::Mul(hn::ConvertTo(d, hn::LoadU(d32, sums + i)), hn::Set(d, scale));
    };
    finish(rows, bias, load, results);
}

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::kernel {

HWY_EXPORT(finish_numbers);
HWY_EXPORT(finish_sums);

namespace {

std::size_t rows_of(std::size_t results, std::size_t columns) {
    if (columns == 0 ? results > 0 : results % columns != 0)
        throw std::invalid_argument(
            fmt::format("layer: expected rows of {} results, one for each bias, got {} results", columns, results));
    return columns == 0 ? 0 : results / columns;
}

}  // namespace

void finish_layer(std::span<float> c, std::span<const float> bias) {
    const DefaultEnvironment environment;
    HWY_DYNAMIC_DISPATCH(finish_numbers)(rows_of(c.size(), bias.size()), bias, c.data());
}

void finish_layer(std::span<const std::int32_t> sums, float scale, std::span<const float> bias,
                  std::span<float> results) {
    if (sums.size() != results.size())
        throw std::invalid_argument(
            fmt::format("layer: expected a result for each sum, got {} for {}", results.size(), sums.size()));
    const DefaultEnvironment environment;
    HWY_DYNAMIC_DISPATCH(finish_sums)
    (rows_of(sums.size(), bias.size()), bias, sums.data(), scale, results.data());
}

}  // namespace halfulp::kernel
#endif
