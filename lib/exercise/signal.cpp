#include <halfulp/lib/exercise/signal.hpp>

#include <algorithm>
#include <cassert>
#include <utility>

#include <halfulp/lib/exercise/prediction.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/lib/truth/sine.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

using truth::Integer;
using truth::Rational;

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
    const Rational k = static_cast<std::int64_t>(code);
    return quantiser.between_codes ? Rational{(k + Rational{1, 2}) * scale} : Rational{k * scale};
}

Noise noise(const Quantiser& quantiser, const Rational& scale, std::span<const Rational> values,
            std::span<const std::uint64_t> codes) {
    assert(!values.empty() && values.size() == codes.size());
    Noise sums;
    for (std::size_t i = 0; i < values.size(); ++i) {
        const Rational error = level(quantiser, scale, codes[i]) - values[i];
        sums.power += values[i] * values[i];
        sums.error += error * error;
        sums.bias += error;
    }
    const Rational count = values.size();
    return {sums.power / count, sums.error / count, sums.bias / count};
}

}  // namespace halfulp
