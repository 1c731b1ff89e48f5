#include <halfulp/lib/exercise/quantisation/signal_question.h>

#include <fmt/format.h>

#include <set>
#include <utility>

#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/exercise/quantisation/model.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

using truth::Rational;

namespace {

Answer ask(const Observer& observer, const Settings& settings) {
    Answer all;
    for (const Setting& s : settings) {
        const Answer one = observer.quantise(s.quantiser, binary32, code_of(binary32, s.scale), s.signal->codes);
        if (!one.unavailable.empty()) return one;
        all.codes.insert(all.codes.end(), one.codes.begin(), one.codes.end());
    }
    return all;
}

}  // namespace

Setting setting(const Quantiser& quantiser, const Rational& scale, std::shared_ptr<const Signal> signal,
                std::string label) {
    Codes codes = quantised(quantiser, scale, *signal);
    Noise exact = noise(quantiser, scale, signal->values, codes);
    return {quantiser, scale, std::move(signal), std::move(label), std::move(codes), std::move(exact)};
}

std::string show_sqnr(const Settings& settings, const Codes& codes) {
    std::vector<std::string> texts;
    std::size_t start = 0;
    for (const Setting& s : settings) {
        const std::size_t size = s.codes.size();
        if (start + size > codes.size()) break;
        const auto own = std::span(codes).subspan(start, size);
        start += size;
        if (s.label.empty() && settings.size() > 1) continue;
        texts.push_back(sqnr_text(noise(s.quantiser, s.scale, s.signal->values, own)));
        if (!s.label.empty()) texts.back() += " at " + s.label;
    }
    return fmt::format("SQNR {}", fmt::join(texts, ", "));
}

std::string show_range(const Settings&, const Codes& codes) {
    std::set<std::int64_t> numbers;
    for (const std::uint64_t code : codes) numbers.insert(static_cast<std::int64_t>(code));
    return fmt::format("codes {} to {}, {} different ones", *numbers.begin(), *numbers.rbegin(), numbers.size());
}

Question signal_question(std::string text, std::string claim, Settings settings, ShowCodes show,
                         std::vector<Fact> facts) {
    Codes codes;
    for (const Setting& s : settings) codes.insert(codes.end(), s.codes.begin(), s.codes.end());
    const auto asked = std::make_shared<const Settings>(std::move(settings));
    std::string predicted = show(*asked, codes);
    return {.text = std::move(text),
            .claim = std::move(claim),
            .predicted = std::move(predicted),
            .codes = std::move(codes),
            .observe = [asked](const Observer& observer) { return ask(observer, *asked); },
            .show = [asked, show](const Codes& observed) { return show(*asked, observed); },
            .facts = std::move(facts)};
}

double decibels_of(const Rational& ratio) { return decibels(ratio.convert_to<double>()); }

Rational sqnr(const Noise& noise) { return noise.power / noise.error; }

std::string sqnr_text(const Noise& noise) {
    return noise.error == 0 ? "infinite" : fmt::format("{:.4f} dB", decibels_of(sqnr(noise)));
}

}  // namespace halfulp
