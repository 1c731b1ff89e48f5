#pragma once

#include <memory>
#include <string>
#include <vector>

#include <halfulp/lib/exercise/quantisation/signal.h>
#include <halfulp/lib/exercise/exercise.hpp>

// Questions that give an observer a signal and a quantiser. Not installed, as they need Boost.

namespace halfulp {

/// A signal for a quantiser with a scale, and what comes out by definition.
struct Setting {
    Quantiser quantiser;
    truth::Rational scale;  ///< a number of binary32
    std::shared_ptr<const Signal> signal;
    std::string label;  ///< for people: 8 bits; empty for those of many that are not shown
    Codes codes;
    Noise noise;
};

using Settings = std::vector<Setting>;

Setting setting(const Quantiser& quantiser, const truth::Rational& scale, std::shared_ptr<const Signal> signal,
                std::string label = "");

/// Observed codes for people: any codes, and any number of them.
using ShowCodes = std::string (*)(const Settings&, const Codes&);

/// "SQNR 12.8083 dB at 2 bits, 49.7657 dB at 8 bits": of the settings that have a label, or of the only one.
std::string show_sqnr(const Settings& settings, const Codes& codes);

/// "codes -127 to 127, 255 different ones". Pre: at least one code.
std::string show_range(const Settings& settings, const Codes& codes);

/// Asks for the codes of all settings, one after another.
Question signal_question(std::string text, std::string claim, Settings settings, ShowCodes show,
                         std::vector<Fact> facts);

// Ratios of powers are rationals; digits and decibels are their display.

double decibels_of(const truth::Rational& ratio);

/// Signal power to error. Pre: there is an error.
truth::Rational sqnr(const Noise& noise);

/// "49.7657 dB", or "infinite" where there is no error.
std::string sqnr_text(const Noise& noise);

}  // namespace halfulp
