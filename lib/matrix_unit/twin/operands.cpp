#include <halfulp/lib/matrix_unit/twin/operands.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>

#include <halfulp/lib/matrix_unit/family/family.h>
#include <halfulp/lib/matrix_unit/order.h>
#include <halfulp/lib/matrix_unit/twin/numbers.h>
#include <halfulp/lib/matrix_unit/twin/threads.hpp>
#include <halfulp/softfloat/decode.hpp>

namespace halfulp::twin {
namespace {

/// The positions of all products that an instruction takes for k, up to a whole number of steps.
std::vector<std::size_t> positions(const MmaSpec& spec, std::size_t k) {
    const auto step = static_cast<std::size_t>(step_of(spec));
    std::vector<std::size_t> order(pieces(k, step) * step);
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = element(spec, i);
    return order;
}

Numbers zeros(const Element& element, std::size_t count, float zero) {
    return {std::vector<float>(count, zero), std::vector<std::int16_t>(element.integer ? 0 : count, Operands::of_zero)};
}

std::size_t runs_of(const MmaSpec& spec) {
    if (!spec.scaling) return 0;
    return spec.family == Family::ScaledGroups ? static_cast<std::size_t>(spec.group) / summed_exactly : 1;
}

}  // namespace

/// A NaN is a NaN significand.
struct Operands::Scale {
    float significand = 1;
    int exponent = 0;
};

/// Those of all codes of a row's scales; ones where the row does not scale.
class Operands::Scales {
  public:
    explicit Scales(const MmaSpec& spec) {
        if (!spec.scaling) return;
        block_ = static_cast<std::size_t>(spec.scaling->block);
        for (std::size_t code = 0; code < of_code_.size(); ++code)
            of_code_[code] = scale(spec.scaling->format, decode(spec.scaling->format, code));
    }

    /// Of the element at k; the codes of its row or column are so many apart.
    const Scale& at(std::span<const std::uint64_t> codes, std::size_t k, std::size_t apart) const {
        if (codes.empty()) return one_;
        const std::size_t place = k / block_ * apart;
        return place < codes.size() ? of_code_[codes[place]] : one_;
    }

  private:
    static Scale scale(const Format& f, const Exact& x) {
        if (x.kind == Kind::NaN) return {std::numeric_limits<float>::quiet_NaN(), 0};
        if (x.kind == Kind::Zero) return {0, 0};
        return {std::ldexp(static_cast<float>(x.sig), -f.fraction_bits()), x.exp + f.fraction_bits()};
    }

    std::size_t block_ = 1;
    Scale one_;
    std::array<Scale, 256> of_code_;
};

namespace {

/// How an element is aligned: by its exponent, at least `emin`, or by its scale's alone.
struct Alignment {
    int emin;
    bool by_scale;

    Alignment(const MmaSpec& spec, const Element& element)
        : emin(operand_format(spec, element).emin()), by_scale(spec.family == Family::ScaledGroups) {}

    std::int16_t exponent(float x, const Operands::Scale& scale) const {
        const std::uint32_t magnitude = std::bit_cast<std::uint32_t>(x) & 0x7FFFFFFF;
        const int field = static_cast<int>(magnitude >> 23);
        if (field == 255) return Operands::of_special;
        if (magnitude == 0 || scale.significand == 0) return Operands::of_zero;
        return static_cast<std::int16_t>((by_scale ? 0 : std::max(field - 127, emin)) + scale.exponent);
    }

    void put(Numbers& to, std::size_t at, float value, const Operands::Scale& scale) const {
        to.values[at] = std::isnan(scale.significand) ? scale.significand : value;
        if (!to.exponents.empty()) to.exponents[at] = exponent(to.values[at], scale);
    }
};

void put_scale(Numbers& to, std::size_t at, const Operands::Scale& scale) {
    to.values[at] = scale.significand;
    to.exponents[at] = static_cast<std::int16_t>(scale.exponent);
}

}  // namespace

Operands::Operands(const Matrices& x, unsigned threads)
    : rows_(x.shape.m),
      group_(static_cast<std::size_t>(x.spec.group)),
      runs_(runs_of(x.spec)),
      order_(positions(x.spec, x.shape.k)) {
    const std::size_t columns = pieces(x.shape.n, panel_width) * panel_width;
    a_ = zeros(x.spec.a, order_.size() * rows_, -0.0F);
    b_ = zeros(x.spec.b, order_.size() * columns, 0.0F);
    a_scales_ = zeros(x.spec.a, blocks() * runs_ * rows_, 0.0F);
    b_scales_ = zeros(x.spec.b, blocks() * runs_ * columns, 0.0F);
    const Scales scales(x.spec);
    share(rows_, threads, [&](std::size_t row) { pack_a(x, scales, row); });
    share(blocks(), threads, [&](std::size_t block) { pack_b(x, scales, block); });
}

void Operands::pack_a(const Matrices& x, const Scales& scales, std::size_t row) {
    std::vector<float> values(x.shape.k);
    numbers(x.spec.a, x.row_of_a(row), values.data());
    const Alignment alignment(x.spec, x.spec.a);
    const std::size_t count = x.scales.a.size() / rows_;
    const auto codes = x.scales.a.subspan(row * count, count);
    for (std::size_t block = 0; block < blocks(); ++block) {
        for (std::size_t i = 0; i < group_; ++i)
            if (const std::size_t k = order_[block * group_ + i]; k < x.shape.k)
                alignment.put(a_, a_at(block, row) + i, values[k], scales.at(codes, k, 1));
        for (std::size_t run = 0; run < runs_; ++run)
            put_scale(a_scales_, a_scales_at(block, row) + run,
                      scales.at(codes, block * group_ + run * summed_exactly, 1));
    }
}

void Operands::pack_b(const Matrices& x, const Scales& scales, std::size_t block) {
    std::vector<float> values(x.shape.n);
    const Alignment alignment(x.spec, x.spec.b);
    const auto scale = [&](std::size_t k, std::size_t j) -> const Scale& {
        return scales.at(x.scales.b.subspan(std::min(j, x.scales.b.size())), k, x.shape.n);
    };
    for (std::size_t i = 0; i < group_; ++i) {
        const std::size_t k = order_[block * group_ + i];
        if (k >= x.shape.k) continue;
        numbers(x.spec.b, x.row_of_b(k), values.data());
        for (std::size_t j = 0; j < values.size(); ++j)
            alignment.put(b_, b_at(block, j / panel_width) + i * panel_width + j % panel_width, values[j], scale(k, j));
    }
    for (std::size_t run = 0; run < runs_; ++run)
        for (std::size_t j = 0; j < values.size(); ++j)
            put_scale(b_scales_, b_scales_at(block, j / panel_width) + run * panel_width + j % panel_width,
                      scale(block * group_ + run * summed_exactly, j));
}

}  // namespace halfulp::twin
