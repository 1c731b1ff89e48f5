#include <halfulp/lib/matrix_unit/twin/operands.hpp>

#include <algorithm>
#include <bit>

#include <halfulp/lib/matrix_unit/family/family.hpp>
#include <halfulp/lib/matrix_unit/order.hpp>
#include <halfulp/lib/matrix_unit/twin/numbers.hpp>
#include <halfulp/lib/matrix_unit/twin/threads.hpp>

namespace halfulp::twin {
namespace {

/// The positions of all products that an instruction takes for k, up to a whole number of steps.
std::vector<std::size_t> positions(const MmaSpec& spec, std::size_t k) {
    const auto step = static_cast<std::size_t>(step_of(spec));
    std::vector<std::size_t> order(pieces(k, step) * step);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = element(spec, i);
    return order;
}

Numbers zeros(const Element& element, std::size_t count) {
    return {std::vector<float>(count), std::vector<std::int16_t>(element.integer ? 0 : count, Operands::of_zero)};
}

std::int16_t aligned_exponent(float x, int emin) {
    const std::uint32_t magnitude = std::bit_cast<std::uint32_t>(x) & 0x7FFFFFFF;
    if (magnitude == 0) return Operands::of_zero;
    const int field = static_cast<int>(magnitude >> 23);
    return field == 255 ? Operands::of_special : static_cast<std::int16_t>(std::max(field - 127, emin));
}

void put(Numbers& to, std::size_t at, float value, int emin) {
    to.values[at] = value;
    if (!to.exponents.empty()) to.exponents[at] = aligned_exponent(value, emin);
}

}  // namespace

Operands::Operands(const Matrices& x, unsigned threads)
    : rows_(x.shape.m),
      group_(static_cast<std::size_t>(x.spec.group)),
      order_(positions(x.spec, x.shape.k)),
      a_(zeros(x.spec.a, order_.size() * rows_)),
      b_(zeros(x.spec.b, order_.size() * pieces(x.shape.n, panel_width) * panel_width)) {
    share(rows_, threads, [&](std::size_t row) { pack_a(x, row); });
    share(blocks(), threads, [&](std::size_t block) { pack_b(x, block); });
}

void Operands::pack_a(const Matrices& x, std::size_t row) {
    std::vector<float> values(x.shape.k);
    numbers(x.spec.a, x.row_of_a(row), values.data());
    const int emin = operand_format(x.spec, x.spec.a).emin();
    for (std::size_t i = 0; i < order_.size(); ++i)
        if (order_[i] < x.shape.k) put(a_, a_at(i / group_, row) + i % group_, values[order_[i]], emin);
}

void Operands::pack_b(const Matrices& x, std::size_t block) {
    std::vector<float> values(x.shape.n);
    const int emin = operand_format(x.spec, x.spec.b).emin();
    for (std::size_t i = 0; i < group_; ++i) {
        const std::size_t k = order_[block * group_ + i];
        if (k >= x.shape.k) continue;
        numbers(x.spec.b, x.row_of_b(k), values.data());
        for (std::size_t j = 0; j < values.size(); ++j)
            put(b_, b_at(block, j / panel_width) + i * panel_width + j % panel_width, values[j], emin);
    }
}

}  // namespace halfulp::twin
