#include <halfulp/lib/matrix_unit/mma_vector.h>

#include <string_view>

#include <fmt/format.h>

#include <halfulp/lib/matrix_unit/codes.h>
#include <halfulp/lib/matrix_unit/order.h>
#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/decode.hpp>

namespace halfulp {
namespace {

/// An element of a or b as it meets the multiplier.
std::uint64_t operand(const MmaSpec& spec, const Element& from, std::uint64_t code) {
    if (spec.multiplied) code = convert(*spec.multiplied, from.format, code, {.nan = spec.nan}).code;
    return flushed(spec, operand_format(spec, from), code);
}

Factor factor(const MmaSpec& spec, const Element& from, std::uint64_t operand) {
    return Factor(from.integer ? exact(*from.integer, operand) : decode(operand_format(spec, from), operand));
}

void expect_scales(std::string_view name, std::span<const std::uint64_t> scales, const MmaSpec& spec, std::size_t k) {
    const std::size_t block = spec.scaling ? static_cast<std::size_t>(spec.scaling->block) : 1;
    const std::size_t expected = spec.scaling ? (k + block - 1) / block : 0;
    if (scales.size() != expected)
        throw InputError(fmt::format(
            "{}: expected {} {}, found {}", name, expected,
            spec.scaling ? fmt::format("scales, one for {} elements", block) : "scales of this unit", scales.size()));
    expect_codes(name, scales, 8);
}

}  // namespace

MmaVector::MmaVector(const MmaSpec& spec, Side side, std::span<const std::uint64_t> codes,
                     std::span<const std::uint64_t> scales)
    : spec_(&spec), size_(codes.size()), scales_(scales) {
    const Element& from = side == Side::A ? spec.a : spec.b;
    expect_codes(side == Side::A ? "a" : "b", codes, from.width());
    expect_scales(side == Side::A ? "a_scales" : "b_scales", scales, spec, size_);
    const auto group = static_cast<std::size_t>(spec.group), step = static_cast<std::size_t>(step_of(spec));
    const std::size_t in_steps = (size_ + step - 1) / step * step;
    codes_.reserve(size_);
    for (std::size_t i = 0; i < in_steps; ++i) {
        if (const std::size_t k = element(spec, i); k < size_) codes_.push_back(operand(spec, from, codes[k]));
        if ((i + 1) % group == 0) ends_.push_back(codes_.size());
    }
    if (!takes_numbers(spec.family)) return;
    numbers_.reserve(size_);
    for (const std::uint64_t code : codes_) numbers_.push_back(factor(spec, from, code));
}

Factors MmaVector::group(std::size_t index) const {
    const std::size_t begin = index == 0 ? 0 : ends_[index - 1], count = ends_[index] - begin;
    const std::size_t first = index * static_cast<std::size_t>(spec_->group);
    return {std::span(codes_).subspan(begin, count),
            numbers_.empty() ? std::span<const Factor>() : std::span(numbers_).subspan(begin, count),
            spec_->scaling ? scales_.subspan(first / static_cast<std::size_t>(spec_->scaling->block)) : scales_};
}

}  // namespace halfulp
