#include <halfulp/lib/quantize/grouping.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include <halfulp/lib/quantize/affine_steps.h>
#include <halfulp/lib/io/element.hpp>

namespace halfulp::quantize {
namespace {

void require(const Grouping& grouping, std::size_t quantisers, std::size_t elements) {
    if (quantisers != grouping.groups() || elements != grouping.elements())
        throw std::invalid_argument(fmt::format("quantisation: expected {} quantisers and {} elements, found {} and {}",
                                                grouping.groups(), grouping.elements(), quantisers, elements));
}

kernel::Draws from(const kernel::Draws& draws, std::size_t element) { return {draws.seed, draws.first + element}; }

}  // namespace

Grouping::Grouping(const std::vector<std::size_t>& shape, Granularity granularity, int axis, std::size_t block)
    : granularity_(granularity), block_(block) {
    const auto rank = static_cast<int>(shape.size());
    if (!element_count(shape))
        throw std::invalid_argument("quantisation: the shape has more elements than 64 bits count");
    if (granularity == Granularity::Tensor) {
        length_ = *element_count(shape);
        return;
    }
    if (axis < -rank || axis >= rank)
        throw std::invalid_argument(fmt::format("quantisation: expected an axis of the {} axes, found {}", rank, axis));
    if (block == 0) throw std::invalid_argument("quantisation: expected blocks of at least 1 element, found 0");
    const auto at = static_cast<std::size_t>(axis < 0 ? axis + rank : axis);
    for (std::size_t i = 0; i < at; ++i) outer_ *= shape[i];
    for (std::size_t i = at + 1; i < shape.size(); ++i) inner_ *= shape[i];
    length_ = shape[at];
    shape_ = granularity == Granularity::Channel ? std::vector{length_} : shape;
    if (granularity == Granularity::Block) shape_[at] = length_ / block + (length_ % block != 0 ? 1 : 0);
}

std::size_t Grouping::groups() const {
    std::size_t product = 1;
    for (const std::size_t size : shape_) product *= size;
    return product;
}

std::size_t Grouping::group_of(std::size_t element) const {
    if (granularity_ == Granularity::Tensor) return 0;
    const std::size_t along = element / inner_ % length_;
    if (granularity_ == Granularity::Channel) return along;
    const std::size_t blocks = length_ / block_ + (length_ % block_ != 0 ? 1 : 0), outer = element / inner_ / length_;
    return (outer * blocks + along / block_) * inner_ + element % inner_;
}

std::size_t Grouping::run_from(std::size_t element) const {
    if (granularity_ == Granularity::Tensor) return elements();
    if (granularity_ == Granularity::Channel) return inner_;
    if (inner_ != 1) return 1;
    return std::min(block_, length_ - element % length_);
}

std::vector<std::vector<float>> grouped(const Grouping& grouping, std::span<const float> numbers) {
    std::vector<std::vector<float>> groups(grouping.groups());
    grouping.each_run([&](std::size_t group, std::size_t first, std::size_t count) {
        const auto run = numbers.subspan(first, count);
        groups[group].insert(groups[group].end(), run.begin(), run.end());
    });
    return groups;
}

std::vector<std::int32_t> quantise(const Grouping& grouping, std::span<const Affine> by, std::span<const float> numbers,
                                   const kernel::Draws& draws) {
    require(grouping, by.size(), numbers.size());
    std::vector<std::int32_t> codes(numbers.size());
    std::vector<std::int16_t> words(numbers.size());
    std::vector<std::uint16_t> unsigned_words(numbers.size());
    grouping.each_run([&](std::size_t group, std::size_t first, std::size_t count) {
        const auto run = numbers.subspan(first, count);
        const auto to = codes.begin() + static_cast<std::ptrdiff_t>(first);
        const auto store = [&](auto& narrow) {
            const auto part = std::span(narrow).first(count);
            quantise(by[group], run, part, from(draws, first));
            std::ranges::copy(part, to);
        };
        if (by[group].range.least < 0)
            store(words);
        else
            store(unsigned_words);
    });
    return codes;
}

std::vector<float> dequantise(const Grouping& grouping, std::span<const Affine> by,
                              std::span<const std::int32_t> codes) {
    require(grouping, by.size(), codes.size());
    for (const Affine& q : by) require(q, 0, 0, widest);
    std::vector<float> numbers(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i) numbers[i] = number_of(by[grouping.group_of(i)], codes[i]);
    return numbers;
}

std::vector<float> fake_quantise(const Grouping& grouping, std::span<const Affine> by, std::span<const float> numbers,
                                 const kernel::Draws& draws) {
    require(grouping, by.size(), numbers.size());
    std::vector<float> levels(numbers.size());
    grouping.each_run([&](std::size_t group, std::size_t first, std::size_t count) {
        fake_quantise(by[group], numbers.subspan(first, count), std::span(levels).subspan(first, count),
                      from(draws, first));
    });
    return levels;
}

}  // namespace halfulp::quantize
