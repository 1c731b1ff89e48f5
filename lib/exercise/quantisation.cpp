#include <halfulp/lib/exercise/quantisation.h>

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/exercise/quantisation/explanation.h>
#include <halfulp/lib/exercise/quantisation/signal_question.h>
#include <halfulp/lib/exercise/quantisation/sines.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

/// The model's error: s^2 / 12, whatever the signal.
Rational model_error(const Rational& scale) { return scale * scale / 12; }

std::shared_ptr<const Signal> shared(Signal signal) { return std::make_shared<const Signal>(std::move(signal)); }

/// Beside questions whose signals binary32 has.
Fact exact_signal() {
    return {"truth", "the fp32 numbers are the signal itself: the error against them is the error against the truth"};
}

// Each quantiser, across its range and beyond.

struct ClaimedQuantiser {
    Quantiser quantiser;
    std::string_view claim;
};

constexpr std::array ranges = {
    ClaimedQuantiser{mid_rise, "floor(x/s), clamped; code k stands for (k + 1/2) s, the middle of what gets it"},
    ClaimedQuantiser{twos_complement, "x/s to nearest even, clamped; code k stands for k s, and not every k has a -k"},
    ClaimedQuantiser{symmetric, "the same without the lowest code: every k has a -k"},
};

constexpr int beyond = 130;  // in steps; more than any 8-bit quantiser reaches

/// Where the error is at most half a step: "from -127.5 s to 127.5 s".
std::string within_half_a_step(const Setting& s) {
    std::vector<Rational> within;
    for (std::size_t i = 0; i < s.codes.size(); ++i) {
        const Rational x = s.signal->values[i];
        if (2 * abs(level(s.quantiser, s.scale, s.codes[i]) - x) <= s.scale) within.emplace_back(x / s.scale);
    }
    return fmt::format("at most s/2 from {} s to {} s, and growing beyond", truth::to_text(within.front()),
                       truth::to_text(within.back()));
}

Question range_question(const Quantiser& quantiser, std::string claim) {
    const Rational scale = pow2(1 - quantiser.bits);
    const Setting s = setting(quantiser, scale, shared(ramp(-beyond * scale, beyond * scale + scale / 4, scale / 4)));
    const std::string zero = truth::to_text(level(quantiser, 1, 0));
    return signal_question(
        fmt::format("{0}, {1} bits: the codes of every quarter step from -{2} s to {2} s, s = 2^{3}", quantiser.name,
                    quantiser.bits, beyond, 1 - quantiser.bits),
        std::move(claim), {s}, show_range,
        {{"error", within_half_a_step(s)},
         {"zero", zero == "0" ? "0 is a level: it stays 0" : fmt::format("0 is no level: it becomes {} s", zero)},
         exact_signal()});
}

// A uniform input: integers, requantised.

/// The noise of floor(x / s + 1/2), the quantiser that takes ties upwards.
Noise noise_of_ties_up(const Setting& s) {
    Codes codes;
    for (const Rational& x : s.signal->values)
        codes.push_back(static_cast<std::uint64_t>(
            code_of_quotient(s.quantiser, Rational{truth::floor(x / s.scale + Rational{1, 2})})));
    return noise(s.quantiser, s.scale, s.signal->values, codes);
}

Question ramp_question(int points) {
    const bool ties = points % 2 == 0;
    const std::string claim =
        ties ? fmt::format("x/s is a tie once in {0} times: mean square error s^2/12 (1 + 2/{0}^2)", points)
             : fmt::format("x/s is never a tie: mean square error s^2/12 (1 - 1/{}^2)", points);
    const int top = static_cast<int>(symmetric.greatest());
    const Setting s = setting(symmetric, points, shared(ramp(-top * points, top * points, 1)));
    const Rational uniform = 4 * top * top;
    const Noise up = noise_of_ties_up(s);
    const auto share = [&](const Rational& error) { return Rational{error / model_error(s.scale)}.str(); };
    return signal_question(
        fmt::format("symmetric, {} bits: the integers from -{} to {}, s = {}", symmetric.bits, top * points,
                    top * points - 1, points),
        claim, {s}, show_sqnr,
        {{"model", fmt::format("mean square error s^2/12, SQNR (2 * {})^2 = {} = {:.4f} dB: exact for real numbers, "
                               "uniform on [-{} s, {} s]",
                               top, uniform.str(), decibels_of(uniform), top, top)},
         {"exact", fmt::format("mean square error {} * s^2/12, SQNR {}", share(s.noise.error), sqnr(s.noise).str())},
         {"bias", fmt::format("mean error {} s; {} s for floor(x/s + 1/2), which takes ties upwards",
                              Rational{s.noise.bias / s.scale}.str(), Rational{up.bias / s.scale}.str())},
         {"variance", fmt::format("mean square error - bias^2: {} * s^2/12; {} * s^2/12 with ties upwards",
                                  share(variance(s.noise)), share(variance(up)))},
         exact_signal()});
}

Question grid_question() {
    const Rational scale = pow2(1 - symmetric.bits), end = symmetric.greatest() * scale;
    const Setting s = setting(symmetric, scale, shared(ramp(-end, end + scale, scale)));
    const Rational model = s.noise.power / model_error(scale);
    return signal_question(fmt::format("symmetric, {} bits: the signal k s, k = {} to {}, s = 2^{}", symmetric.bits,
                                       symmetric.least(), symmetric.greatest(), 1 - symmetric.bits),
                           "no error at all: every number is a level", {s}, show_sqnr,
                           {{"model", fmt::format("SQNR {} = {:.4f} dB: off by infinitely many decibels", model.str(),
                                                  decibels_of(model))},
                            exact_signal()});
}

// Where fp32 decides.

/// The binary32 numbers around each threshold (k + 1/2) s between two codes: the nearest one and its neighbours.
Signal around_thresholds(const Quantiser& quantiser, const Rational& scale) {
    std::vector<Rational> values;
    for (std::int64_t k = quantiser.least(); k < quantiser.greatest(); ++k) {
        const std::uint64_t nearest = truth::round(binary32, (k + Rational{1, 2}) * scale).code;
        for (const std::uint64_t code : {nearest - 1, nearest, nearest + 1}) values.push_back(value_of(binary32, code));
    }
    return signal_of(std::move(values));
}

/// Which codes another definition of the quotient changes.
template <class Quotient>
std::vector<std::size_t> changed(const Setting& s, const Quotient& other) {
    std::vector<std::size_t> positions;
    for (std::size_t i = 0; i < s.codes.size(); ++i) {
        const std::int64_t code = code_of_quotient(s.quantiser, other(s.signal->values[i]));
        if (code != static_cast<std::int64_t>(s.codes[i])) positions.push_back(i);
    }
    return positions;
}

/// One of the numbers whose quotient binary32 rounds to a tie.
std::string tie_example(const Setting& s, std::size_t position) {
    const Rational x = s.signal->values[position], real = x / s.scale;
    return fmt::format("fp32 {:08x} / {:08x} = {:.8f}, in binary32 {}: code {}, the real quotient's {}",
                       s.signal->codes[position], code_of(binary32, s.scale), real.convert_to<double>(),
                       truth::to_text(in_binary32(real)), static_cast<std::int64_t>(s.codes[position]),
                       code_of_quotient(s.quantiser, real));
}

/// The largest error beyond half a step, in steps * 2^-24. `levels` gives the level of a code.
template <class Level>
double beyond_half(const Setting& s, const Level& levels) {
    Rational largest = 0;
    for (std::size_t i = 0; i < s.codes.size(); ++i)
        largest = std::max<Rational>(largest, abs(levels(s.codes[i]) - s.signal->values[i]));
    return Rational{(largest / s.scale - Rational{1, 2}) * pow2(24)}.convert_to<double>();
}

/// Which codes of the quantiser no number gets.
std::vector<std::int64_t> unused(const Setting& s) {
    std::vector<std::int64_t> codes;
    for (std::int64_t k = s.quantiser.least(); k <= s.quantiser.greatest(); ++k)
        if (std::find(s.codes.begin(), s.codes.end(), static_cast<std::uint64_t>(k)) == s.codes.end())
            codes.push_back(k);
    return codes;
}

std::string threshold_claim(const Setting& s) {
    return fmt::format(
        "the code of x/s rounded to binary32: that rounding can make a tie of what is none, and ties go to even codes; "
        "so none of these numbers gets {}, as those that are theirs by the real quotient all become ties",
        fmt::join(unused(s), ", "));
}

Question threshold_question() {
    const Rational scale = in_binary32(Rational{1, symmetric.greatest()});
    const Setting s = setting(symmetric, scale, shared(around_thresholds(symmetric, scale)));
    const Rational reciprocal = in_binary32(1 / scale);
    const auto real_quotient = [&](const Rational& x) { return Rational{x / scale}; };
    const auto product = [&](const Rational& x) { return in_binary32(x * reciprocal); };
    const auto real_level = [&](std::uint64_t k) { return level(symmetric, scale, k); };
    const auto fp32_level = [&](std::uint64_t k) { return in_binary32(level(symmetric, scale, k)); };
    const std::vector<std::size_t> ties = changed(s, real_quotient);
    const Rational power = pow2(1 - symmetric.bits);
    const Setting exact = setting(symmetric, power, shared(around_thresholds(symmetric, power)));
    const std::size_t ties_of_power = changed(exact, [&](const Rational& x) { return Rational{x / power}; }).size();
    // Half a unit of a quotient below 128, and of a product of at most 127 steps.
    const Rational bound = pow2(truth::floor_log2(symmetric.greatest())) + symmetric.greatest();
    return signal_question(
        fmt::format("symmetric, {} bits: the three binary32 numbers around each (k + 1/2) s, s = 1/{} in binary32",
                    symmetric.bits, symmetric.greatest()),
        threshold_claim(s), {s}, show_range,
        {{"real", fmt::format("{} of {} codes differ from the code of the real quotient; {} if s were 2^{}",
                              ties.size(), s.codes.size(), ties_of_power, 1 - symmetric.bits)},
         {"example", tie_example(s, ties.at(ties.size() / 2))},
         {"reciprocal", fmt::format("{} differ where x is multiplied by 1/s in binary32", changed(s, product).size())},
         {"error", fmt::format("at most (1/2 + {:.2f} * 2^-24) s from the level k s, (1/2 + {:.2f} * 2^-24) s from "
                               "fp32's k s; the bound is not s/2 but (1/2 + {} * 2^-24) s",
                               beyond_half(s, real_level), beyond_half(s, fp32_level), bound.str())},
         exact_signal()});
}

}  // namespace

Exercise quantisation() {
    QuantisedSines sines = quantised_sines();
    Exercise exercise{.number = 4,
                      .title = "The noise of int8 quantisation",
                      .explanation = quantisation_explanation(),
                      .questions = {},
                      .conclusion = std::move(sines.conclusion)};
    auto& questions = exercise.questions;
    for (const auto& [quantiser, claim] : ranges) questions.push_back(range_question(quantiser, std::string(claim)));
    for (const int points : {15, 16}) questions.push_back(ramp_question(points));
    std::move(sines.questions.begin(), sines.questions.end(), std::back_inserter(questions));
    questions.push_back(grid_question());
    questions.push_back(threshold_question());
    return exercise;
}

}  // namespace halfulp
