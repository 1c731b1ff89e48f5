#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include <halfulp/lib/exercise/loss_scaling/digits_gradients.hpp>
#include <halfulp/lib/exercise/loss_scaling/questions.hpp>
#include <halfulp/lib/exercise/loss_scaling/round_trip.hpp>
#include <halfulp/lib/exercise/loss_scaling/window_question.hpp>
#include <halfulp/lib/exercise/prediction.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

Codes logit_gradients() { return {digits_logit_gradients.begin(), digits_logit_gradients.end()}; }

Codes parameter_gradients() { return {digits_parameter_gradients.begin(), digits_parameter_gradients.end()}; }

Codes all_gradients() {
    Codes all = logit_gradients();
    all.insert(all.end(), digits_parameter_gradients.begin(), digits_parameter_gradients.end());
    return all;
}

/// The exponent of the one factor of the step, which has to suit all of its gradients.
int step_exponent() { return factor_exponent(binary16, magnitudes(all_gradients()).back()); }

std::vector<Rational> values(const Codes& codes) {
    std::vector<Rational> all;
    for (const std::uint64_t code : codes) all.push_back(value_of(binary32, code));
    return all;
}

/// The square of the 2-norm.
Rational square(const std::vector<Rational>& vector) {
    Rational sum = 0;
    for (const Rational& x : vector) sum += x * x;
    return sum;
}

/// ||got - truth|| / ||truth||, in the 2-norm. Exact but for the last step, a root.
double norm_error(const std::vector<Rational>& got, const std::vector<Rational>& truth) {
    std::vector<Rational> difference;
    for (std::size_t i = 0; i < got.size(); ++i) difference.push_back(got[i] - truth[i]);
    return std::sqrt(static_cast<double>(Rational{square(difference) / square(truth)}));
}

/// How many come back with a relative error larger than a format's normal numbers can have, u / (1 + u).
std::size_t count_degraded(const Format& f, const std::vector<Rational>& got, const std::vector<Rational>& truth) {
    const Rational bound = 1 / (1 + pow2(f.precision));
    std::size_t count = 0;
    for (std::size_t i = 0; i < got.size(); ++i)
        if (abs(Rational{got[i] - truth[i]}) > bound * abs(truth[i])) ++count;
    return count;
}

std::string share(std::size_t count, std::size_t total) {
    return fmt::format("{} of {} = {:.1f} %", count, total,
                       100.0 * static_cast<double>(count) / static_cast<double>(total));
}

/// How a gradient is stored: a format, and a factor 2^exponent.
struct Storage {
    Format format;
    int exponent;

    std::string name() const {
        return std::string(short_name(format)) + (exponent == 0 ? "" : fmt::format(" times 2^{}", exponent));
    }
    RoundTrip predict(const Codes& gradients) const { return predict_round_trip(format, gradients, pow2(exponent)); }
};

std::vector<Storage> storages() { return {{binary16, 0}, {binary16, step_exponent()}, {bfloat16, 0}}; }

std::string flushed_text(const Storage& storage, const Codes& gradients) {
    const auto fates = predict_fates(storage.format, magnitudes(gradients), pow2(storage.exponent));
    return fmt::format("{}; subnormal {}", share(fates.flushed, gradients.size()),
                       share(fates.subnormal, gradients.size()));
}

/// The gradients with respect to the logits as they come back, bit for bit.
Question storage_question(const Storage& storage, std::string claim) {
    const Codes gradients = logit_gradients();
    const RoundTrip trip = storage.predict(gradients);
    const auto got = values(trip.back), truth = values(gradients);
    const auto show = [](const Codes& codes) {
        const auto back = std::span(codes).last(codes.size() / 2);
        const auto zeros = std::count_if(back.begin(), back.end(), [](auto code) { return code << 33 == 0; });
        return fmt::format("{} zeros come back", zeros);
    };
    return {.text = fmt::format("digits, logits: stored as {}, and unscaled in fp32", storage.name()),
            .claim = std::move(claim),
            .predicted = show(joined(trip)),
            .codes = joined(trip),
            .observe =
                [=](const Observer& observer) {
                    return observe_round_trip(observer, storage.format, gradients, pow2(storage.exponent));
                },
            .show = show,
            .facts = {{"flushed", flushed_text(storage, gradients)},
                      {"error", fmt::format("of the vector, relative, against the fp32 result, here the truth: {:.3g}",
                                            norm_error(got, truth))},
                      {"worse", fmt::format("than 1/{}, the bound of normal numbers: {}",
                                            (1 << storage.format.precision) + 1,
                                            share(count_degraded(storage.format, got, truth), got.size()))}}};
}

/// Every digits_classes-th code: one class's gradients, over the images.
Codes of_class(const Codes& gradients, std::size_t label) {
    Codes column;
    for (std::size_t i = label; i < gradients.size(); i += digits_classes) column.push_back(gradients[i]);
    return column;
}

/// The sums over the images, a class each, by an observer in fp32.
Answer observe_sums(const Observer& observer, const Codes& gradients) {
    Answer sums;
    for (std::size_t label = 0; label < digits_classes; ++label) {
        const Answer sum = observer.running_sum(binary32, binary32, of_class(gradients, label));
        if (!sum.unavailable.empty()) return sum;
        sums.codes.push_back(sum.codes.back());
    }
    return sums;
}

std::vector<Rational> exact_sums(const Codes& gradients) {
    std::vector<Rational> sums(digits_classes);
    for (std::size_t i = 0; i < gradients.size(); ++i) sums[i % digits_classes] += value_of(binary32, gradients[i]);
    return sums;
}

/// The same by exact rationals, each sum rounded to fp32.
Codes predict_sums(const Codes& gradients) {
    Codes sums(digits_classes, 0);
    for (std::size_t i = 0; i < gradients.size(); ++i) {
        std::uint64_t& sum = sums[i % digits_classes];
        sum = truth::round(binary32, value_of(binary32, sum) + value_of(binary32, gradients[i])).code;
    }
    return sums;
}

Question fp32_sum_question() {
    const Codes gradients = logit_gradients(), sums = predict_sums(gradients);
    return {.text = "digits, biases: the logits' gradients summed over the images in fp32",
            .claim = "what the step recorded: the last rows of the parameters' gradients",
            .predicted = "the last class: " + describe(binary32, sums.back()),
            .codes = sums,
            .observe = [=](const Observer& observer) { return observe_sums(observer, gradients); },
            .show = [](const Codes& codes) { return "the last class: " + describe(binary32, codes.back()); },
            .facts = {{"error", fmt::format("of the vector, relative, against exact sums: {:.3g}",
                                            norm_error(values(sums), exact_sums(gradients)))}}};
}

Question stored_sum_question(const Storage& storage) {
    const Codes gradients = logit_gradients();
    const Codes sums = predict_sums(storage.predict(gradients).back);
    const auto observe = [=](const Observer& observer) {
        const Answer trip = observe_round_trip(observer, storage.format, gradients, pow2(storage.exponent));
        if (!trip.unavailable.empty()) return trip;
        return observe_sums(observer, Codes(trip.codes.end() - static_cast<std::ptrdiff_t>(gradients.size()), trip.codes.end()));
    };
    return {.text = fmt::format("digits, biases: the same of gradients stored as {}", storage.name()),
            .claim = "fp32 sums of what came back",
            .predicted = "the last class: " + describe(binary32, sums.back()),
            .codes = sums,
            .observe = observe,
            .show = [](const Codes& codes) { return "the last class: " + describe(binary32, codes.back()); },
            .facts = {{"error", fmt::format("of the vector, relative: {:.6g} against exact sums, {:.6g} against fp32's",
                                            norm_error(values(sums), exact_sums(gradients)),
                                            norm_error(values(sums), values(predict_sums(gradients))))}}};
}

std::string conclusion_of(const Storage& storage) {
    const Codes gradients = logit_gradients();
    return fmt::format("As {} {} of the logits' gradients are flushed; the relative error of their vector is {:.3g}.",
                       storage.name(), share(predict_fates(storage.format, magnitudes(gradients), pow2(storage.exponent)).flushed, gradients.size()),
                       norm_error(values(storage.predict(gradients).back), values(gradients)));
}

}  // namespace
}  // namespace halfulp
