#include <halfulp/lib/exercise/quantisation/signal.h>

#include <algorithm>
#include <cassert>
#include <utility>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/lib/truth/sine.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

using truth::Integer;
using truth::Rational;

namespace {

/// The level of a code in half steps.
Integer half_steps(const Quantiser& quantiser, std::uint64_t code) {
    return Integer{static_cast<std::int64_t>(code)} * 2 + (quantiser.between_codes ? 1 : 0);
}

}  // namespace

Signal signal_of(std::vector<Rational> values) {
    Codes codes;
    for (const Rational& x : values) codes.push_back(code_of(binary32, x));
    return {std::move(values), std::move(codes)};
}

Signal ramp(const Rational& first, const Rational& end, const Rational& step) {
    std::vector<Rational> values;
    for (Rational x = first; x < end; x += step) values.push_back(x);
    return signal_of(std::move(values));
}

Signal sine(std::size_t points) {
    std::vector<Rational> values;
    for (std::size_t i = 0; i < points; ++i) values.push_back(truth::sine_of_turn(i, points, binary32.precision));
    return signal_of(std::move(values));
}

Rational in_binary32(const Rational& x) {
    if (x == 0) return x;
    const Rational unit = truth::pow2(truth::floor_log2(abs(x)) - binary32.fraction_bits());
    return unit * truth::round_to_integer(x / unit, Rounding::NearestEven);
}

std::int64_t code_of_quotient(const Quantiser& quantiser, const Rational& quotient) {
    const Integer code = truth::round_to_integer(quotient, quantiser.rounding);
    return static_cast<std::int64_t>(std::clamp<Integer>(code, quantiser.least(), quantiser.greatest()));
}

Codes quantised(const Quantiser& quantiser, const Rational& scale, const Signal& signal) {
    Codes codes;
    for (const Rational& x : signal.values)
        codes.push_back(static_cast<std::uint64_t>(code_of_quotient(quantiser, in_binary32(x / scale))));
    return codes;
}

Rational level(const Quantiser& quantiser, const Rational& scale, std::uint64_t code) {
    return half_steps(quantiser, code) * scale / 2;
}

Rational variance(const Noise& noise) { return noise.error - noise.bias * noise.bias; }

Noise noise(const Quantiser& quantiser, const Rational& scale, std::span<const Rational> values,
            std::span<const std::uint64_t> codes) {
    assert(!values.empty() && values.size() == codes.size());
    // All in multiples of 1 / common, so that sums are sums of integers: rational ones are reduced at each term.
    Integer common = 2 * denominator(scale);
    for (const Rational& x : values) common = lcm(common, denominator(x));
    const auto multiple = [&](const Rational& x) { return Integer{numerator(x) * (common / denominator(x))}; };
    const Integer half_step = multiple(scale / 2);
    Integer power = 0, error = 0, bias = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Integer x = multiple(values[i]), difference = half_steps(quantiser, codes[i]) * half_step - x;
        power += x * x;
        error += difference * difference;
        bias += difference;
    }
    const Integer count = values.size();
    return {Rational{power, common * common * count}, Rational{error, common * common * count},
            Rational{bias, common * count}};
}

}  // namespace halfulp
