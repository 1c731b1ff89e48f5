#include <halfulp/lib/exercise/quantisation.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include <halfulp/lib/exercise/prediction.hpp>
#include <halfulp/lib/exercise/quantisation_explanation.hpp>
#include <halfulp/lib/exercise/quantisation_model.hpp>
#include <halfulp/lib/exercise/signal_question.hpp>
#include <halfulp/lib/report/table.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/lib/truth/sine.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

/// The model's error: s^2 / 12, whatever the signal.
Rational model_error(const Rational& scale) { return scale * scale / 12; }

/// The model's SQNR of a sine of that amplitude, in steps: (a^2 / 2) / (1 / 12).
Rational sine_model(const Rational& amplitude) { return 6 * amplitude * amplitude; }

std::shared_ptr<const Signal> share(Signal signal) { return std::make_shared<const Signal>(std::move(signal)); }

// Each quantiser, across its range and beyond.

/// Where the error is at most half a step: "from -127.5 s to 127.5 s".
std::string within_half_a_step(const Setting& s) {
    std::vector<Rational> within;
    for (std::size_t i = 0; i < s.codes.size(); ++i) {
        const Rational x = s.signal->values[i];
        if (2 * abs(level(s.quantiser, s.scale, s.codes[i]) - x) <= s.scale) within.push_back(x / s.scale);
    }
    return fmt::format("at most s/2 from {} s to {} s, and growing beyond", truth::to_text(within.front()),
                       truth::to_text(within.back()));
}

Question range_question(const Quantiser& quantiser, std::string claim) {
    const Rational scale = pow2(1 - quantiser.bits);
    const Setting s = setting(quantiser, scale, share(ramp(Rational{-65, 64}, Rational{65, 64}, scale / 4)));
    const std::string zero = truth::to_text(level(quantiser, 1, 0));
    return signal_question(
        fmt::format("{}, {} bits: the codes of every quarter step from -130 s to 130 s, s = 2^{}", quantiser.name,
                    quantiser.bits, 1 - quantiser.bits),
        std::move(claim), {s}, show_range,
        {{"error", within_half_a_step(s)},
         {"zero", zero == "0" ? "0 is a level: it stays 0" : fmt::format("0 is no level: it becomes {} s", zero)}});
}

// A uniform input: integers, requantised.

/// The mean error of floor(x / s + 1/2), the quantiser that takes ties upwards, in steps.
Rational bias_of_ties_up(const Setting& s) {
    Rational sum = 0;
    for (const Rational& x : s.signal->values) sum += truth::floor(x / s.scale + Rational{1, 2}) - x / s.scale;
    return sum / s.signal->values.size();
}

Question ramp_question(int points, std::string claim) {
    const int top = static_cast<int>(symmetric.greatest());
    const Setting s = setting(symmetric, points, share(ramp(-top * points, top * points, 1)));
    const Rational uniform = 4 * top * top;
    const Rational share = s.noise.error / model_error(s.scale);
    return signal_question(
        fmt::format("symmetric, {} bits: the integers from -{} to {}, s = {}", symmetric.bits, top * points,
                    top * points - 1, points),
        std::move(claim), {s}, show_sqnr,
        {{"model", fmt::format("mean square error s^2/12, SQNR (2 * {})^2 = {} = {:.4f} dB: exact for real numbers, "
                               "uniform on [-{} s, {} s]",
                               top, uniform.str(), decibels_of(uniform), top, top)},
         {"exact", fmt::format("mean square error {} * s^2/12, SQNR {}", share.str(), sqnr(s.noise).str())},
         {"bias", fmt::format("mean error {} s; {} s for floor(x/s + 1/2), which takes ties upwards",
                              Rational{s.noise.bias / s.scale}.str(), bias_of_ties_up(s).str())}});
}

// A sine of full scale, 2 to 16 bits.

constexpr int least_bits = 2, most_bits = 16;
constexpr std::size_t few_points = 1021;  // a prime number: no phase comes twice

/// The greatest number that a quantiser is made for, in steps: converters span all their codes, and int8 tensors put
/// their largest number on the greatest code where the codes are symmetric.
Rational full_scale(const Quantiser& quantiser) {
    return quantiser.lowest_code ? pow2(quantiser.bits - 1) : Rational{quantiser.greatest()};
}

/// 1 / amplitude in binary32: the scale that gives a signal of amplitude 1 that amplitude in steps.
Rational scale_for(const Rational& amplitude) { return value_of(binary32, truth::round(binary32, 1 / amplitude).code); }

Settings width_settings(const Quantiser& quantiser, const std::shared_ptr<const Signal>& signal) {
    Settings settings;
    for (int bits = least_bits; bits <= most_bits; ++bits) {
        const Quantiser q = quantiser.with_bits(bits);
        const bool shown = bits == least_bits || bits == quantiser.bits || bits == most_bits;
        settings.push_back(setting(q, scale_for(full_scale(q)), signal, shown ? fmt::format("{} bits", bits) : ""));
    }
    return settings;
}

/// How far the exact SQNR is above the model's, in decibels.
double above_model(const Setting& s) {
    return decibels_of(sqnr(s.noise)) - decibels_of(sine_model(full_scale(s.quantiser)));
}

Question width_question(const Settings& settings, std::string claim) {
    const Quantiser quantiser = settings[0].quantiser;
    std::vector<std::string> models, differences;
    for (const Setting& s : settings) {
        if (s.label.empty()) continue;
        models.push_back(fmt::format("{:.4f} dB at {}", decibels_of(sine_model(full_scale(s.quantiser))), s.label));
        differences.push_back(fmt::format("{:+.4f} dB at {}", above_model(s), s.label));
    }
    const Setting& eight = settings[static_cast<std::size_t>(symmetric.bits - least_bits)];
    const bool converter = quantiser.lowest_code;
    return signal_question(
        fmt::format("{}, {} to {} bits: a sine of amplitude {}, {} points", quantiser.name, least_bits, most_bits,
                    converter ? "2^(b-1) s" : "(2^(b-1) - 1) s", few_points),
        std::move(claim), settings, show_sqnr,
        {{"model", fmt::format("{}: {}",
                               converter ? fmt::format("{:.4f} b + {:.4f}", decibels(4), decibels(1.5))
                                         : "6 a^2 with a = 2^(b-1) - 1",
                               fmt::join(models, ", "))},
         {"difference", fmt::format("{}", fmt::join(differences, ", "))},
         {"exact", fmt::format("SQNR {} at {}", sqnr(eight.noise).str(), eight.label)}});
}

// Sines of other amplitudes.

struct Amplitude {
    std::string_view label;
    Rational steps;
};

/// A line a sine: model, exact value, and what the latter tends to as the points grow.
std::vector<Fact> amplitude_facts(const std::vector<Amplitude>& amplitudes, const Settings& settings) {
    std::vector<Fact> facts;
    for (std::size_t i = 0; i < amplitudes.size(); ++i) {
        const Setting& s = settings[i];
        const auto steps = amplitudes[i].steps.convert_to<double>();
        const double model = decibels_of(sine_model(amplitudes[i].steps));
        facts.push_back(
            {amplitudes[i].label, fmt::format("model {:.4f} dB, exact {} ({:+.4f}), with ever more points {:.4f} dB",
                                              model, sqnr_text(s.noise), decibels_of(sqnr(s.noise)) - model,
                                              decibels(steps * steps / 2 / sine_error(s.quantiser, steps)))});
    }
    return facts;
}

Settings amplitude_settings(const std::vector<Amplitude>& amplitudes, const std::shared_ptr<const Signal>& signal) {
    Settings settings;
    for (const Amplitude& a : amplitudes)
        settings.push_back(setting(symmetric, scale_for(a.steps), signal, std::string(a.label)));
    return settings;
}

constexpr std::size_t many_points = 8191;  // a prime number

/// The noise against the sine itself, which binary32 does not have, to 64 bits.
Fact truth_fact(const Setting& s) {
    const std::size_t points = s.signal->values.size();
    std::vector<Rational> real;
    Rational sample_error = 0;
    for (std::size_t i = 0; i < points; ++i) {
        real.push_back(truth::sine_of_turn(i, points, 64));
        const Rational error = s.signal->values[i] - real.back();
        sample_error += error * error;
    }
    const Noise against_real = noise(s.quantiser, s.scale, real, s.codes);
    return {"truth", fmt::format("at {}: {:.6f} dB against the fp32 samples, {:.6f} dB against the sine itself, of "
                                 "which fp32 alone keeps {:.1f} dB",
                                 s.label, decibels_of(sqnr(s.noise)), decibels_of(sqnr(against_real)),
                                 decibels_of(against_real.power * points / sample_error))};
}

Question full_scale_question() {
    const std::vector<Amplitude> amplitudes = {{"127 s", 127}, {"127.5 s", Rational{255, 2}}, {"128 s", 128}};
    const Settings settings = amplitude_settings(amplitudes, share(sine(many_points)));
    std::vector<Fact> facts = amplitude_facts(amplitudes, settings);
    facts.push_back(truth_fact(settings[0]));
    return signal_question(fmt::format("symmetric, {} bits: sines of amplitude 127 s, 127.5 s and 128 s, {} points",
                                       symmetric.bits, many_points),
                           "the scale is amax/127, amax/127.5 or amax/128, and what lies beyond 127.5 s is clipped",
                           settings, show_sqnr, std::move(facts));
}

Question small_sine_question() {
    const std::vector<Amplitude> amplitudes = {
        {"16 s", 16},           {"4 s", 4}, {"2 s", 2}, {"s", 1}, {"s 3/4", Rational{3, 4}}, {"s/2", Rational{1, 2}},
        {"s/4", Rational{1, 4}}};
    const Settings settings = amplitude_settings(amplitudes, share(sine(few_points)));
    return signal_question(
        fmt::format("symmetric, {} bits: sines of 16 steps and less, {} points", symmetric.bits, few_points),
        "up to s/2 every code is 0: the error is the signal, and the SQNR 1; the model, for which the error "
        "has nothing to do with the signal, puts it below",
        settings, show_sqnr, amplitude_facts(amplitudes, settings));
}

Question grid_question() {
    const Rational scale = pow2(1 - symmetric.bits), end = symmetric.greatest() * scale;
    const Setting s = setting(symmetric, scale, share(ramp(-end, end + scale, scale)));
    const Rational model = s.noise.power / model_error(scale);
    return signal_question(fmt::format("symmetric, {} bits: the signal k s, k = {} to {}, s = 2^{}", symmetric.bits,
                                       symmetric.least(), symmetric.greatest(), 1 - symmetric.bits),
                           "no error at all: every number is a level", {s}, show_sqnr,
                           {{"model", fmt::format("SQNR {} = {:.4f} dB: off by any number of decibels", model.str(),
                                                  decibels_of(model))}});
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

/// How many codes another definition of the quotient changes.
template <class Quotient>
std::ptrdiff_t changed(const Setting& s, const Quotient& other) {
    std::ptrdiff_t count = 0;
    for (std::size_t i = 0; i < s.codes.size(); ++i)
        count += code_of_quotient(s.quantiser, other(s.signal->values[i])) != static_cast<std::int64_t>(s.codes[i]);
    return count;
}

/// The largest error beyond half a step, in steps * 2^-24. `levels` gives the level of a code.
template <class Level>
double beyond_half(const Setting& s, const Level& levels) {
    Rational largest = 0;
    for (std::size_t i = 0; i < s.codes.size(); ++i)
        largest = std::max<Rational>(largest, abs(levels(s.codes[i]) - s.signal->values[i]));
    return Rational{(largest / s.scale - Rational{1, 2}) * pow2(24)}.convert_to<double>();
}

Question threshold_question() {
    const Rational scale = scale_for(symmetric.greatest());
    const Setting s = setting(symmetric, scale, share(around_thresholds(symmetric, scale)));
    const Rational reciprocal = scale_for(scale);
    const auto exact = [&](std::uint64_t k) { return level(symmetric, scale, k); };
    const auto in_fp32 = [&](std::uint64_t k) {
        return value_of(binary32, truth::round(binary32, level(symmetric, scale, k)).code);
    };
    // Half a unit of a quotient below 128, and of a product of at most 127 steps.
    const Rational bound = pow2(truth::floor_log2(symmetric.greatest())) + symmetric.greatest();
    return signal_question(
        fmt::format("symmetric, {} bits: the three binary32 numbers around each (k + 1/2) s, s = 1/{} in binary32",
                    symmetric.bits, symmetric.greatest()),
        "the code of x/s rounded to binary32: that rounding can make a tie of what is none", {s}, show_range,
        {{"real", fmt::format("{} of {} codes differ from the code of the real quotient",
                              changed(s, [&](const Rational& x) { return Rational{x / scale}; }), s.codes.size())},
         {"reciprocal", fmt::format("{} differ where x is multiplied by 1/s in binary32",
                                    changed(s,
                                            [&](const Rational& x) {
                                                return value_of(binary32, truth::round(binary32, x * reciprocal).code);
                                            }))},
         {"error", fmt::format("at most (1/2 + {:.2f} * 2^-24) s from the level k s, (1/2 + {:.2f} * 2^-24) s from "
                               "fp32's k s: not s/2, but at most (1/2 + {} * 2^-24) s",
                               beyond_half(s, exact), beyond_half(s, in_fp32), bound.str())}});
}

// What follows: the table of all widths.

std::string conclusion(const std::vector<Settings>& widths) {
    Table table = {{"bits", "model"}};
    for (const Settings& settings : widths) {
        const Quantiser& q = settings[0].quantiser;
        if (!q.lowest_code) table[0].emplace_back("model, a = 2^(b-1) - 1");
        table[0].push_back(std::string(q.name) + ", exact");
    }
    const auto number = [](double x) { return fmt::format("{:.3f}", x); };
    for (std::size_t i = 0; i < widths[0].size(); ++i) {
        const int bits = widths[0][i].quantiser.bits;
        std::vector<std::string> row = {std::to_string(bits), number(decibels_of(sine_model(pow2(bits - 1))))};
        for (const Settings& settings : widths) {
            const Setting& s = settings[i];
            if (!s.quantiser.lowest_code) row.push_back(number(decibels_of(sine_model(full_scale(s.quantiser)))));
            row.push_back(fmt::format("{} ({:+.3f})", number(decibels_of(sqnr(s.noise))), above_model(s)));
        }
        table.push_back(std::move(row));
    }
    return fmt::format(
        "SQNR of a sine of full scale in dB: the model, and the exact values of {} points with their "
        "distance from it.\n\n{}",
        few_points, to_columns(table));
}

}  // namespace

Exercise quantisation() {
    const auto signal = share(sine(few_points));
    std::vector<Settings> widths;
    for (const Quantiser& q : quantisers) widths.push_back(width_settings(q, signal));
    Exercise exercise{.number = 4,
                      .title = "The noise of int8 quantisation",
                      .explanation = quantisation_explanation(),
                      .questions = {},
                      .conclusion = conclusion(widths)};
    auto& questions = exercise.questions;
    questions.push_back(
        range_question(mid_rise, "floor(x/s), clamped; code k stands for (k + 1/2) s, the middle of what gets it"));
    questions.push_back(range_question(twos_complement, "x/s to nearest even, clamped: -128 is a code, 128 is none"));
    questions.push_back(range_question(symmetric, "the same without -128: with k, -k is a code too"));
    questions.push_back(ramp_question(15, "x/s is never a tie: the mean square error is s^2/12 (1 - 1/15^2)"));
    questions.push_back(ramp_question(16, "x/s is a tie for one of 16: the mean square error is s^2/12 (1 + 2/16^2)"));
    for (const Settings& settings : widths) questions.push_back(width_question(settings, "TODO"));
    questions.push_back(full_scale_question());
    questions.push_back(small_sine_question());
    questions.push_back(grid_question());
    questions.push_back(threshold_question());
    return exercise;
}

}  // namespace halfulp
