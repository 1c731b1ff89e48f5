#include <halfulp/lib/exercise/quantisation/sines.h>

#include <fmt/format.h>

#include <array>
#include <utility>

#include <halfulp/lib/exercise/quantisation/model.h>
#include <halfulp/lib/exercise/quantisation/signal_question.h>
#include <halfulp/lib/report/table.hpp>
#include <halfulp/lib/truth/sine.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

/// The model's SQNR of a sine of that amplitude, in steps: (a^2 / 2) / (1 / 12).
Rational sine_model(const Rational& amplitude) { return 6 * amplitude * amplitude; }

/// 1 / amplitude in binary32: the scale that gives a signal of amplitude 1 that amplitude in steps.
Rational scale_for(const Rational& amplitude) { return in_binary32(1 / amplitude); }

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

// A sine of full scale, 2 to 16 bits.

constexpr int least_bits = 2, most_bits = 16;
constexpr std::size_t few_points = 1021;  // a prime number: no phase comes twice

struct WidthClaim {
    Quantiser quantiser;
    std::string_view claim;
};

constexpr std::array width_claims = {
    WidthClaim{mid_rise,
               "near the model, not on it: a sine lingers at its peaks, and there, s/2 from the last level, the error "
               "is largest"},
    WidthClaim{twos_complement,
               "below the model: the upper peak is clipped, as it lies a whole step beyond the last level"},
    WidthClaim{symmetric,
               "near the model, not on it: a sine lingers at its peaks, and there, as they are levels, the error is 0"},
};

/// The greatest number that a quantiser is made for, in steps: converters span all their codes, and int8 tensors put
/// their largest number on the greatest code where the codes are symmetric.
Rational full_scale(const Quantiser& quantiser) {
    return quantiser.lowest_code ? pow2(quantiser.bits - 1) : Rational{quantiser.greatest()};
}

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
         {"exact", fmt::format("SQNR {} at {}", sqnr(eight.noise).str(), eight.label)},
         truth_fact(settings.back())});
}

// Sines of other amplitudes.

struct Amplitude {
    std::string_view label;
    Rational steps;
};

std::string labels(const Settings& settings) {
    std::vector<std::string> all;
    for (const Setting& s : settings) all.push_back(s.label);
    return fmt::format("{}", fmt::join(all, ", "));
}

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

Question full_scale_question() {
    const auto signal = std::make_shared<const Signal>(sine(many_points));
    const std::vector<Amplitude> amplitudes = {{"127 s", 127}, {"127.5 s", Rational{255, 2}}, {"128 s", 128}};
    const Settings settings = amplitude_settings(amplitudes, signal);
    std::vector<Fact> facts = amplitude_facts(amplitudes, settings);
    facts.push_back(truth_fact(settings[0]));
    return signal_question(fmt::format("symmetric, {} bits: sines of amplitude {}, {} points each", symmetric.bits,
                                       labels(settings), many_points),
                           "three scales in use, amax/127, amax/127.5 and amax/128, and three results: the peaks are "
                           "levels, or half a step beyond the last one, or a whole step",
                           settings, show_sqnr, std::move(facts));
}

Question small_sine_question(const std::shared_ptr<const Signal>& signal) {
    const std::vector<Amplitude> amplitudes = {{"16 s", 16},
                                               {"4 s", 4},
                                               {"2 s", 2},
                                               {"1 s", 1},
                                               {"0.75 s", Rational{3, 4}},
                                               {"0.5 s", Rational{1, 2}},
                                               {"0.25 s", Rational{1, 4}}};
    const Settings settings = amplitude_settings(amplitudes, signal);
    std::vector<Fact> facts = amplitude_facts(amplitudes, settings);
    facts.push_back(truth_fact(settings[0]));
    return signal_question(
        fmt::format("symmetric, {} bits: sines of amplitude {}, {} points each", symmetric.bits, labels(settings),
                    few_points),
        "the model fails where a sine has few steps; up to s/2 every code is 0, so that the error is "
        "the signal and the SQNR 1",
        settings, show_sqnr, std::move(facts));
}

// What follows: the table of all widths.

std::string table_of(const std::vector<Settings>& widths) {
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
    return to_columns(table);
}

/// "-0.99 dB (mid-rise), -4.25 dB (two's complement)".
std::string distances(const std::vector<Settings>& widths, int bits) {
    std::vector<std::string> texts;
    for (const Settings& settings : widths) {
        const Setting& s = settings[static_cast<std::size_t>(bits - least_bits)];
        texts.push_back(fmt::format("{:+.2f} dB ({})", above_model(s), s.quantiser.name));
    }
    return fmt::format("{}", fmt::join(texts, ", "));
}

std::string conclusion(const std::vector<Settings>& widths) {
    return fmt::format(
        "A sine of full scale, SQNR in dB: the model, and the exact value of {0} points with its distance from the "
        "model. \"model\" is {1:.4f} b + {2:.4f} dB, for the amplitude 2^(b-1) s; symmetric codes put the peaks on "
        "their last levels and have a model of their own.\n\n{3}\n"
        "So the formula is a model. At {4} bits it misses by {5}; at {6} bits by {7}. With many bits it is right about "
        "a sine of ever more points; the tenths of a decibel that are left belong to {0} points, which are too few to "
        "fall evenly on steps. Compare with a tolerance, and never for equality.",
        few_points, decibels(4), decibels(1.5), table_of(widths), least_bits, distances(widths, least_bits),
        symmetric.bits, distances(widths, symmetric.bits));
}

}  // namespace

QuantisedSines quantised_sines() {
    const auto signal = std::make_shared<const Signal>(sine(few_points));
    QuantisedSines sines;
    std::vector<Settings> widths;
    for (const auto& [quantiser, claim] : width_claims) {
        widths.push_back(width_settings(quantiser, signal));
        sines.questions.push_back(width_question(widths.back(), std::string(claim)));
    }
    sines.questions.push_back(full_scale_question());
    sines.questions.push_back(small_sine_question(signal));
    sines.conclusion = conclusion(widths);
    return sines;
}

}  // namespace halfulp
