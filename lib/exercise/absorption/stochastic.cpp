#include <fmt/format.h>

#include <halfulp/lib/exercise/absorption/parts.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;
using truth::to_text;

/// "2048 with 1 random bit, 2048.5 with 2"
std::string averages(const Format& f, const Rational& x, int most_bits) {
    std::string text;
    for (int bits = 1; bits <= most_bits; ++bits)
        text += fmt::format("{}{} with {}{}", bits == 1 ? "" : ", ", to_text(stochastic_average(f, x, bits)), bits,
                            bits == 1 ? " random bit" : "");
    return text;
}

/// The bits of x, a number between two neighbours of f, below the last bit of the lower one.
int tail_bits(const Format& f, const Rational& x) {
    const Rational below = rounded(f, x, Rounding::Down), above = rounded(f, x, Rounding::Up);
    if (below == above) return 0;
    return truth::floor_log2(Rational{denominator(Rational{(x - below) / (above - below)})});
}

}  // namespace

Rational stochastic_average(const Format& f, const Rational& x, int bits) {
    const std::uint64_t draws = std::uint64_t{1} << bits;
    Rational sum = 0;
    for (std::uint64_t draw = 0; draw < draws; ++draw) {
        const Env env{.rounding = Rounding::Stochastic, .random = draw << (64 - bits)};
        sum += value_of(f, truth::round(f, x, env).code);
    }
    return sum / draws;
}

Fact stochastic_fact(const Format& f, const Rational& x) {
    const int bits = tail_bits(f, x);
    return {"stochastic", fmt::format("the average over all draws is {}: the truth, as the tail has {} {}",
                                      averages(f, x, bits), bits, bits == 1 ? "bit" : "bits")};
}

std::string stochastic_explained() {
    const Rational large = pow2(binary16.precision), small = Rational{3} / 4, sum = large + small;
    const int bits = tail_bits(binary16, sum), conversion = binary32.precision - binary16.precision;
    return fmt::format(
        "Stochastic rounding goes to either neighbour with the odds of the distances. With r random bits it is right on "
        "average if the tail, what lies below the last bit kept, has at most r bits. Of a longer one the rest is cut "
        "off, and the average is too small in magnitude, by less than 2^-r units, always to the same side. Over all "
        "draws, {} + {} in fp16, {} of a unit above {}, averages {}: the tail has {} bits. From fp32 to fp16 a normal "
        "result needs {} - {} = {} random bits, a subnormal one more: one more for each binade below 2^{}.",
        to_text(large), to_text(small), Rational{small / (rounded(binary16, sum, Rounding::Up) - large)}.str(),
        to_text(large), averages(binary16, sum, bits), bits, binary32.precision, binary16.precision, conversion,
        binary16.emin());
}

}  // namespace halfulp
