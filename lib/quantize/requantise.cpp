#include <halfulp/lib/quantize/requantise.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <type_traits>

#include <halfulp/lib/quantize/affine_steps.h>
#include <halfulp/lib/quantize/requantise_many.h>

namespace halfulp::quantize {
namespace {

// Names and steps of gemmlowp's fixedpoint.h.

std::int32_t rounding_doubling_high_multiply(std::int32_t a, std::int32_t b) {
    const std::int64_t product = std::int64_t{a} * b, half = std::int64_t{1} << 30;
    const std::int64_t nudge = product >= 0 ? half : 1 - half;
    return static_cast<std::int32_t>((product + nudge) / (std::int64_t{1} << 31));
}

std::int32_t rounding_divide_by_power(std::int32_t x, int exponent) {
    const auto mask = static_cast<std::int32_t>((std::int64_t{1} << exponent) - 1);
    const std::int32_t remainder = x & mask, threshold = (mask >> 1) + (x < 0 ? 1 : 0);
    return (x >> exponent) + (remainder > threshold ? 1 : 0);
}

// Each mode: a sum to the result's code before it is clamped.

struct GemmlowpDouble {
    FixedPoint factor;
    std::int32_t zero_point;
    std::int64_t operator()(std::int32_t sum) const {
        const std::int32_t high = rounding_doubling_high_multiply(sum, factor.significand);
        return std::int64_t{rounding_divide_by_power(high, factor.shift)} + zero_point;
    }
};
struct Single {
    FixedPoint factor;
    std::int32_t zero_point;
    std::int64_t operator()(std::int32_t sum) const {
        const int shift = 31 + factor.shift;
        return ((std::int64_t{sum} * factor.significand + (std::int64_t{1} << (shift - 1))) >> shift) + zero_point;
    }
};
struct Fp32Magic {
    float factor, least, greatest;  ///< the ends of the range, in steps from the zero point
    std::int32_t zero_point;
    std::int64_t operator()(std::int32_t sum) const {
        // From 3 * 2^22 to 2^24 the numbers of binary32 are the integers: the addition rounds.
        constexpr float magic = 12582912;
        const float lifted = std::clamp(static_cast<float>(sum) * factor, least, greatest) + magic;
        return static_cast<std::int32_t>(lifted - magic) + zero_point;
    }
};
struct OnnxFloat {
    double factor, zero_point;
    std::int64_t operator()(std::int32_t sum) const {
        constexpr double most = 1 << 17;  // beyond every code
        return std::llrint(std::clamp(sum * factor + zero_point, -most, most));
    }
};

/// Gives `use` the mode's function.
template <class Use>
auto with_mode(const Requantiser& by, const Use& use) {
    switch (by.mode) {
        case Requantisation::GemmlowpDouble: return use(GemmlowpDouble{fixed_point(by.factor), by.zero_point});
        case Requantisation::Single: return use(Single{fixed_point(by.factor), by.zero_point});
        case Requantisation::Fp32Magic:
            return use(Fp32Magic{static_cast<float>(by.factor), static_cast<float>(by.range.least - by.zero_point),
                                 static_cast<float>(by.range.greatest - by.zero_point), by.zero_point});
        case Requantisation::OnnxFloat:
            return use(OnnxFloat{static_cast<float>(by.factor), static_cast<double>(by.zero_point)});
    }
    __builtin_unreachable();
}

std::int32_t clamped(const CodeRange& range, std::int64_t code) {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(code, range.least, range.greatest));
}

constexpr double most_factor = 1 - 0x1p-32;  // what is nearer to 1 has no significand of 31 bits

bool is_factor(const Requantiser& by) {
    if (by.mode == Requantisation::OnnxFloat) return by.factor > 0 && std::isnormal(static_cast<float>(by.factor));
    return by.factor >= 0x1p-32 && by.factor < most_factor;
}

void require(const Requantiser& by, std::size_t sums, std::size_t codes, const CodeRange& type) {
    if (!is_factor(by))
        throw std::invalid_argument(fmt::format(
            "requantisation {}: expected a factor {}, found {}", row_of(by.mode).name,
            by.mode == Requantisation::OnnxFloat ? "that is a normal number of fp32" : "from 2^-32 to below 1 - 2^-32",
            by.factor));
    require(Affine{.scale = 1, .zero_point = by.zero_point, .range = by.range}, sums, codes, type);
}

template <class Code>
void requantised(const Requantiser& by, std::span<const std::int32_t> sums, std::span<Code> codes) {
    require(by, sums.size(), codes.size(), sizeof(Code) > 2 ? widest : full_range(integer_type<Code>));
    const FixedPoint fixed = row_of(by.mode).fixed_point ? fixed_point(by.factor) : FixedPoint{};
    const RequantisationSteps steps{by.mode,
                                    fixed,
                                    static_cast<float>(by.factor),
                                    by.zero_point,
                                    by.range.least - by.zero_point,
                                    by.range.greatest - by.zero_point};
    using Bits = std::make_unsigned_t<Code>;
    if (requantise_many(steps, sums.data(), reinterpret_cast<Bits*>(codes.data()), codes.size())) return;
    with_mode(by, [&](const auto& code_of_sum) {
        for (std::size_t i = 0; i < codes.size(); ++i)
            codes[i] = static_cast<Code>(clamped(by.range, code_of_sum(sums[i])));
    });
}

}  // namespace

FixedPoint fixed_point(double factor) {
    assert(factor >= 0x1p-32 && factor < most_factor);
    int exponent = 0;
    const double significand = std::frexp(factor, &exponent);  // factor = significand * 2^exponent, in [1/2, 1)
    auto q = std::llround(significand * 0x1p31);
    if (q == std::int64_t{1} << 31) {
        q /= 2;
        ++exponent;
    }
    return {static_cast<std::int32_t>(q), -exponent};
}

std::int32_t requantise(const Requantiser& by, std::int32_t sum) {
    require(by, 1, 1, widest);
    return with_mode(by, [&](const auto& code_of_sum) { return clamped(by.range, code_of_sum(sum)); });
}

void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::int8_t> codes) {
    requantised(by, sums, codes);
}
void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::uint8_t> codes) {
    requantised(by, sums, codes);
}
void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::int16_t> codes) {
    requantised(by, sums, codes);
}
void requantise(const Requantiser& by, std::span<const std::int32_t> sums, std::span<std::int32_t> codes) {
    requantised(by, sums, codes);
}

std::uint8_t quantise_down(const QuantiseDown& by, std::int32_t sum) {
    const std::int64_t half = std::int64_t{1} << (by.shift - 1);
    const std::int64_t code = ((std::int64_t{sum} + by.offset) * by.factor + half) >> by.shift;
    return static_cast<std::uint8_t>(clamped({0, 255}, code));
}

}  // namespace halfulp::quantize
