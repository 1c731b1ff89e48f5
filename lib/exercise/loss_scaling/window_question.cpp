#include <halfulp/lib/exercise/loss_scaling/window_question.h>

#include <fmt/format.h>

#include <algorithm>

#include <halfulp/lib/exercise/loss_scaling/dyadic_text.h>
#include <halfulp/lib/exercise/loss_scaling/round_trip.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {

using truth::pow2;
using truth::Rational;

namespace {

constexpr int last_exponent = 40;

// The codes of the answer: for each exponent from 0 the number flushed, subnormal and overflowed.

void append(Codes& codes, const Fates& fates) {
    codes.insert(codes.end(), {fates.flushed, fates.subnormal, fates.overflowed});
}

Fates fates_at(const Codes& codes, std::size_t exponent) {
    return {codes.at(3 * exponent), codes.at(3 * exponent + 1), codes.at(3 * exponent + 2)};
}

/// Of stored codes, those of gradients that are not 0.
Fates count_fates(const Format& f, const Codes& gradients, const Codes& stored) {
    Fates fates;
    for (std::size_t i = 0; i < gradients.size(); ++i) {
        if ((gradients[i] & binary32.magnitude_mask()) == 0) continue;
        const std::uint64_t magnitude = stored[i] & f.magnitude_mask();
        if (magnitude == 0)
            ++fates.flushed;
        else if (magnitude >= f.inf_code())
            ++fates.overflowed;
        else if (magnitude >> f.fraction_bits() == 0)
            ++fates.subnormal;
    }
    return fates;
}

Answer observe_fates(const Observer& observer, const Codes& gradients) {
    Answer all;
    for (int k = 0; k <= last_exponent; ++k) {
        const Answer stored = observe_stored(observer, binary16, gradients, pow2(k));
        if (!stored.unavailable.empty()) return stored;
        append(all.codes, count_fates(binary16, gradients, stored.codes));
    }
    return all;
}

/// The first exponents in a row that satisfy a condition.
template <typename Condition>
Window first_run(const Codes& codes, Condition condition) {
    int first = 0;
    while (first <= last_exponent && !condition(fates_at(codes, static_cast<std::size_t>(first)))) ++first;
    int end = first;
    while (end <= last_exponent && condition(fates_at(codes, static_cast<std::size_t>(end)))) ++end;
    return {first, end - 1};
}

std::string windows_text(const Window& all, const Window& normal) {
    return fmt::format("all kept by {}, all as normal numbers by {}", to_text(all), to_text(normal));
}

std::string show_windows(const Codes& codes) {
    return windows_text(
        first_run(codes, [](const Fates& n) { return n.flushed == 0 && n.overflowed == 0; }),
        first_run(codes, [](const Fates& n) { return n.flushed == 0 && n.overflowed == 0 && n.subnormal == 0; }));
}

Window tried(const Window& window) { return {std::max(window.first, 0), std::min(window.last, last_exponent)}; }

std::string fates_text(const Fates& fates) {
    return fmt::format("{} flushed, {} subnormal, {} overflowed", fates.flushed, fates.subnormal, fates.overflowed);
}

/// Which powers of two take the smallest and the largest magnitude over the borders.
std::string window_claim(const Window& all, const Window& normal) {
    const Borders b = borders(binary16);
    return fmt::format(
        "2^{} is the first power of two that takes the smallest above {}, 2^{} the first that takes it to {} or more, "
        "2^{} the last that leaves the largest below {}",
        all.first, dyadic_text(b.flush), normal.first, dyadic_text(b.normal), all.last, dyadic_text(b.overflow));
}

/// Do magnitudes of a ratio fit between two borders, by any factor, power of two or not?
std::string ratio_text(const Rational& ratio, const Rational& from, const Rational& to) {
    const Rational room = to / from;
    return fmt::format("largest / smallest = {:.13g}, {} {} / ({}) = {:.13g}: {}", static_cast<double>(ratio),
                       ratio < room ? "below" : "not below", dyadic_text(to), dyadic_text(from),
                       static_cast<double>(room), ratio < room ? "some factor does" : "no factor does");
}

std::vector<Fact> facts(const std::vector<Rational>& ascending) {
    const Rational &smallest = ascending.front(), &largest = ascending.back();
    const Borders b = borders(binary16);
    const int k = factor_exponent(binary16, largest);
    return {{"keeps all", ratio_text(largest / smallest, b.flush, b.overflow)},
            {"all normal", ratio_text(largest / smallest, b.normal, b.overflow)},
            {"times 1", fates_text(predict_fates(binary16, ascending, 1))},
            {"the rule", fmt::format("2^{}, which puts the largest below 2^{}: {}", k, binary16.bias,
                                     fates_text(predict_fates(binary16, ascending, pow2(k))))}};
}

}  // namespace

std::vector<Rational> magnitudes(const Codes& gradients) {
    std::vector<Rational> ascending;
    for (const std::uint64_t gradient : gradients)
        if (const Rational x = value_of(binary32, gradient); x != 0) ascending.emplace_back(abs(x));
    std::sort(ascending.begin(), ascending.end());
    return ascending;
}

Fates predict_fates(const Format& f, const std::vector<Rational>& ascending, const Rational& factor) {
    const Borders b = borders(f);
    const auto below = [&](const Rational& border) {
        return std::lower_bound(ascending.begin(), ascending.end(), Rational{border / factor});
    };
    const auto after_flush = std::upper_bound(ascending.begin(), ascending.end(), Rational{b.flush / factor});
    return {static_cast<std::size_t>(after_flush - ascending.begin()),
            static_cast<std::size_t>(below(b.normal) - after_flush),
            static_cast<std::size_t>(ascending.end() - below(b.overflow))};
}

Question window_question(const std::string& name, const Codes& gradients) {
    const auto ascending = magnitudes(gradients);
    const Window all = keeping_all(binary16, ascending.front(), ascending.back());
    const Window normal = keeping_all_normal(binary16, ascending.front(), ascending.back());
    Codes codes;
    for (int k = 0; k <= last_exponent; ++k) append(codes, predict_fates(binary16, ascending, pow2(k)));
    return {.text = fmt::format("{}, times 2^0 to 2^{} in fp16: how many are flushed, subnormal, overflowed", name,
                                last_exponent),
            .claim = checked_claim(show_windows(codes) == windows_text(tried(all), tried(normal)),
                                   window_claim(all, normal)),
            .predicted = show_windows(codes),
            .codes = codes,
            .observe = [=](const Observer& observer) { return observe_fates(observer, gradients); },
            .show = show_windows,
            .facts = facts(ascending)};
}

}  // namespace halfulp
