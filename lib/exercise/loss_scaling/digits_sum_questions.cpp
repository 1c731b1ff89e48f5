#include <fmt/format.h>

#include <halfulp/lib/exercise/loss_scaling/digits.h>
#include <halfulp/lib/exercise/loss_scaling/digits_gradients.h>
#include <halfulp/lib/exercise/loss_scaling/questions.h>
#include <halfulp/lib/exercise/loss_scaling/vector_error.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

// The gradients of the classes' biases are sums of the logits' gradients over the images of the batch.

namespace halfulp {
namespace {

using truth::Rational;

/// Every digits_classes-th code: one class's gradients, over the images.
Codes of_class(const Codes& gradients, std::size_t label) {
    Codes column;
    for (std::size_t i = label; i < gradients.size(); i += digits_classes) column.push_back(gradients[i]);
    return column;
}

/// A sum a class in fp32, by an observer.
Answer observe_sums(const Observer& observer, const Codes& gradients) {
    Answer sums;
    for (std::size_t label = 0; label < digits_classes; ++label) {
        const Answer sum = observer.running_sum(binary32, binary32, of_class(gradients, label));
        if (!sum.unavailable.empty()) return sum;
        sums.codes.push_back(sum.codes.back());
    }
    return sums;
}

/// The same by exact rationals, rounded after each term.
Codes predict_sums(const Codes& gradients) {
    Codes sums(digits_classes, 0);
    for (std::size_t i = 0; i < gradients.size(); ++i) {
        std::uint64_t& sum = sums[i % digits_classes];
        sum = truth::round(binary32, value_of(binary32, sum) + value_of(binary32, gradients[i])).code;
    }
    return sums;
}

Vector exact_sums(const Codes& gradients) {
    Vector sums(digits_classes);
    for (std::size_t i = 0; i < gradients.size(); ++i) sums[i % digits_classes] += value_of(binary32, gradients[i]);
    return sums;
}

std::string show_last_class(const Codes& sums) { return "the last class: " + describe(binary32, sums.back()); }

std::string errors(const Codes& sums, const Vector& exact, const Codes& fp32_sums) {
    const Vector got = values(sums);
    return fmt::format("in the 2-norm, relative to exact sums: {:.4g}; to the fp32 result: {:.4g}",
                       norm_error(got, exact), norm_error(got, values(fp32_sums)));
}

/// How far the terms' own errors put the sums off, in the 2-norm relative to exact sums: those of the gradients that fp16
/// stores as normal numbers without a factor, and those of all others.
struct SplitErrors {
    double normal, others;
    std::size_t normal_count, others_count;
};

SplitErrors split_errors(const StoredLogits& stored, const Vector& exact) {
    const Vector truth = values(logit_gradients()), got = values(stored.trip.back);
    Vector normal = exact, others = exact;
    std::size_t normal_count = 0;
    for (std::size_t i = 0; i < truth.size(); ++i) {
        const bool is_normal = abs(truth[i]) >= borders(binary16).normal;
        (is_normal ? normal : others)[i % digits_classes] += got[i] - truth[i];
        normal_count += is_normal ? 1 : 0;
    }
    return {norm_error(normal, exact), norm_error(others, exact), normal_count, truth.size() - normal_count};
}

std::string to_text(const SplitErrors& errors) {
    return fmt::format(
        "of the {} gradients that are normal numbers of fp16 without a factor: {:.4g}; of the other {}: {:.2g}",
        errors.normal_count, errors.normal, errors.others_count, errors.others);
}

Question fp32_question(const Vector& exact, const Codes& sums) {
    const Codes recorded(digits_parameter_gradients.end() - digits_classes, digits_parameter_gradients.end());
    return {.text = "digits, biases: the logits' gradients summed over the images in fp32",
            .claim = checked_claim(sums == recorded, "the fp32 result, as the step recorded it"),
            .predicted = show_last_class(sums),
            .codes = sums,
            .observe = [](const Observer& observer) { return observe_sums(observer, logit_gradients()); },
            .show = show_last_class,
            .facts = {{"error", errors(sums, exact, sums)}}};
}

Question stored_question(const StoredLogits& stored, const Vector& exact, const Codes& fp32_sums) {
    const Codes sums = predict_sums(stored.trip.back);
    const auto observe = [=](const Observer& observer) {
        Answer trip = stored.observe(observer);
        const auto count = static_cast<std::ptrdiff_t>(stored.trip.back.size());
        if (!trip.unavailable.empty()) return trip;
        return observe_sums(observer, Codes(trip.codes.end() - count, trip.codes.end()));
    };
    return {.text = fmt::format("digits, biases: the same sums of gradients stored as {}", stored.name()),
            .claim = "fp32 sums of what came back, which has its errors already",
            .predicted = show_last_class(sums),
            .codes = sums,
            .observe = observe,
            .show = show_last_class,
            .facts = {{"error", errors(sums, exact, fp32_sums)}, {"of which", to_text(split_errors(stored, exact))}}};
}

}  // namespace

std::vector<Question> digits_sum_questions(const std::vector<StoredLogits>& ways) {
    const Codes fp32_sums = predict_sums(logit_gradients());
    const Vector exact = exact_sums(logit_gradients());
    std::vector<Question> questions = {fp32_question(exact, fp32_sums)};
    for (const StoredLogits& stored : ways) questions.push_back(stored_question(stored, exact, fp32_sums));
    return questions;
}

std::string sums_conclusion(const StoredLogits& unscaled, const StoredLogits& scaled) {
    const Vector exact = exact_sums(logit_gradients());
    const auto error = [&](const StoredLogits& way) { return norm_error(values(predict_sums(way.trip.back)), exact); };
    const SplitErrors without = split_errors(unscaled, exact), with = split_errors(scaled, exact);
    const bool chance =
        error(scaled) > error(unscaled) && with.normal == without.normal && with.others < without.others;
    return checked_claim(
        chance, fmt::format("Nor do the sums of the biases show it. They err by {:.4g} with the factor and by {:.4g} "
                            "without, but that is chance: {:.4g} is, in both, of the gradients that are normal numbers "
                            "without a factor, and of the others {:.2g} with it and {:.2g} without, which here happens "
                            "to go the other way.",
                            error(scaled), error(unscaled), with.normal, with.others, without.others));
}

}  // namespace halfulp
