#include <halfulp/lib/exercise/why.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace halfulp {
namespace {

constexpr std::array claims_of_answers = {
    Reason{1, "the largest finite number", "largest-finite"},
    Reason{1, "16: the smallest normal number", "least-normal"},
    Reason{1, "the smallest subnormal number", "least-positive"},
    Reason{1, "epsilon, the distance from 1", "gaps-at-one"},
    Reason{1, "from 1 to the number below it", "gaps-at-one"},
    Reason{1, "the distance between numbers at the top", "gap-at-top"},
    Reason{1, "the largest number that rounds to 1", "gaps-at-one, absorption-law, relative-error"},
    Reason{1, "the first real number that overflows", "overflow-threshold, toward-zero-stays"},
    Reason{1, "the largest number that rounds to 0", "flush"},
    Reason{1, "fp16: how many of the finite binary32 codes overflow",
           "overflow-threshold, overflow-fp16, monotone-fp16"},
    Reason{1, "bf16: how many of the finite binary32 codes overflow",
           "overflow-threshold, overflow-bf16, monotone-bf16"},
    Reason{1, "flushed to 0", "flush"},
    Reason{1, "the finite codes, and the different numbers", "finite-codes"},
    Reason{1, "the largest relative error", "relative-error"},
    Reason{1, "the decimals of", "decimals-come-back, first-decimal-lost"},

    Reason{2, "fp16: 2048 + 1", "ties-fp16, cost-of-absorption"},
    Reason{2, "fp16: 2050 + 1", "ties-fp16"},
    Reason{2, "fp32: 2048 + 1", "integers-exact"},
    Reason{2, "fp32: 16777216 + 1", "sum-of-ones"},
    Reason{2, "2048 + y = 2048", "absorbed-by-2048"},
    Reason{2, "2050 + y = 2050", "absorption-law, ties-fp16"},
    Reason{2, "a - 2050", "sterbenz"},
    Reason{2, "fp16: the sum of n ones, one after another", "sum-of-ones, absorption-fp16"},
    Reason{2, "bf16: the sum of n ones, one after another", "sum-of-ones, absorption-bf16"},
    Reason{2, "fp32 accumulator: the sum of n ones, one after another", "sum-of-ones, absorption-fp32"},
    Reason{2, "the error of the sum of 65536 ones", "sum-of-ones"},
    Reason{2, "fp16 ones in an fp32 accumulator", "integers-exact, kept-bits"},
    Reason{2, "the sum of n ones, for every n", "ones-in-blocks, sum-of-ones"},
    Reason{2, "1 - 1 + 2^-j in one block", "kept-bits"},
    Reason{2, ": sequential", "peak-one-by-one, absorption-law"},
    Reason{2, ": blocks of 32", "peak-in-blocks"},
    Reason{2, ": 8 lanes", "peak-in-lanes"},
    Reason{2, ": pairwise", "peak-pairwise"},
    Reason{2, ": Kahan", "peak-kahan, lost-part"},
    Reason{2, ": two-sum", "peak-two-sum, lost-part, two-sum"},
    Reason{2, ": tensor core", "peak-in-unit"},

    Reason{3, "how [[1, 9999/10001], [9999/10001, 1]] is stored",
           "kappa-10000, stored-as-one, stored-singular, formats-nest"},
    Reason{3, "which of [[1, b], [b, 1]]", "stored-as-one, kappa-8191"},
    Reason{3, "how [[2049/2048, 4095/4096]", "kappa-2731"},
    Reason{3, "how [[2053/2048, 2051/2048]", "kappa-2052"},
    Reason{3, "which of [[a, b], [b, a]] are stored singular", "kappa-2049, relative-error, rounding-by-binade"},
    Reason{3, "how [[50, 51], [51, 52]] is stored", "stored-50-51-52"},
    Reason{3, "how [[10201/204", "stored-from-singular"},
    Reason{3, "how [[5101/102", "stored-from-opposite"},
    Reason{3, "[[1, 9999/10001], [9999/10001, 1]] x", "stored-singular, forward-bound, kappa-times-u, digits"},
    Reason{3, "[[50, 51], [51, 52]] x", "elimination, forward-bound"},
    Reason{3, "[[1, 0], [0, 1/10000]] x", "opposites, kappa-times-u"},

    Reason{4, "the codes of every quarter step", "discrete-noise"},
    Reason{4, "the integers from", "discrete-noise"},
    Reason{4, "the signal k s", "integers-exact, scaling-commutes"},
    Reason{4, "the three binary32 numbers around each", "quantise-dequantise"},
    Reason{4, "a sine of amplitude", "noise-variance, signal-power, sqnr, decibels"},
    Reason{4, "sines of amplitude", "noise-variance, signal-power, sqnr, decibels"},

    Reason{5, "the gradient 2^-25", "flush"},
    Reason{5, "the gradient 2^-134", "flush"},
    Reason{5, "the gradient 2047 * 2^-25", "becomes-normal"},
    Reason{5, "the gradient 255 * 2^-134", "becomes-normal"},
    Reason{5, "for e = -", "ties-of-binades"},
    Reason{5, "the gradient 65520", "overflow-threshold"},
    Reason{5, "the gradient 511 * 2^119", "overflow-threshold"},
    Reason{5, "2^-27 times", "smallest-example, unscaling-exact"},
    Reason{5, "7 significands around ties", "scaling-commutes"},
    Reason{5, "times 1024, stored", "scaling-commutes, unscaling-exact"},
    Reason{5, "times 1000, stored", "factor-1000"},
    Reason{5, "multiplied by 2^-10 in fp16", "flush"},
    Reason{5, "two gradients that 2^20 puts", "window, window-not-empty, flush, overflow-threshold"},
    Reason{5, "the sum over a batch", "dot-scaling-commutes, overflow-threshold"},
    Reason{5, "times 2^17, unscaled in fp32", "window, unscaling-exact"},
    Reason{5, "digits, logits: stored as fp16", "flush, becomes-normal, relative-error"},
    Reason{5, "digits, logits: stored as bf16", "flush, relative-error"},
    Reason{5, "summed over the images in fp32", "sum-in-any-order"},
    Reason{5, "the same sums of gradients stored as fp16 times 2^17", "window, unscaling-exact, sum-in-any-order"},
    Reason{5, "the same sums of gradients", "flush, relative-error, sum-in-any-order"},
    Reason{5, "are flushed, subnormal, overflowed", "flush, overflow-threshold"},
};

}  // namespace

std::span<const Reason> reasons() { return claims_of_answers; }

const Reason* reason_behind(int exercise, const Question& question) {
    const auto* const reason = std::find_if(claims_of_answers.begin(), claims_of_answers.end(), [&](const Reason& r) {
        return r.exercise == exercise && question.text.find(r.words) != std::string::npos;
    });
    return reason == claims_of_answers.end() ? nullptr : reason;
}

Exercise with_reasons(Exercise exercise) {
    for (Question& question : exercise.questions) {
        const Reason* reason = reason_behind(exercise.number, question);
        question.facts.push_back(
            {"rests on", std::string(reason == nullptr ? "no claim: computed by exact rationals" : reason->claims)});
    }
    return exercise;
}

}  // namespace halfulp
