#include <halfulp/lib/exercise/why.hpp>

#include <algorithm>
#include <array>
#include <string>

namespace halfulp {
namespace {

constexpr std::array claims_of_answers = {
    Reason{1, "the largest finite number", "largest-finite"},
    Reason{1, "the smallest subnormal number", "least-positive"},
    Reason{1, "epsilon, the distance from 1", "gaps-at-one"},
    Reason{1, "from 1 to the number below it", "gaps-at-one"},
    Reason{1, "the largest number that rounds to 1", "gaps-at-one, absorption-law, relative-error"},
    Reason{1, "the first real number that overflows", "overflow-threshold, toward-zero-stays"},
    Reason{1, "the largest number that rounds to 0", "flush"},
    Reason{1, "fp16: how many of the finite binary32 codes overflow",
           "overflow-threshold, overflow-fp16, monotone-fp16"},
    Reason{1, "bf16: how many of the finite binary32 codes overflow",
           "overflow-threshold, overflow-bf16, monotone-bf16"},
    Reason{1, "flushed to 0", "flush"},
    Reason{1, "the largest relative error", "relative-error"},

    Reason{2, "fp16: 2048 + 1", "ties-fp16, cost-of-absorption"},
    Reason{2, "fp16: 2050 + 1", "ties-fp16"},
    Reason{2, "fp32: 16777216 + 1", "sum-of-ones"},
    Reason{2, "2048 + y = 2048", "absorbed-by-2048"},
    Reason{2, "2050 + y = 2050", "absorption-law, ties-fp16"},
    Reason{2, "a - 2050", "sterbenz"},
    Reason{2, "fp16: the sum of n ones, one after another", "sum-of-ones, absorption-fp16"},
    Reason{2, "bf16: the sum of n ones, one after another", "sum-of-ones, absorption-bf16"},
    Reason{2, "fp32 accumulator: the sum of n ones, one after another", "sum-of-ones, absorption-fp32"},
    Reason{2, "the error of the sum of 65536 ones", "sum-of-ones"},
    Reason{2, ": sequential", "absorption-law"},
    Reason{2, ": Kahan", "lost-part"},
    Reason{2, ": two-sum", "lost-part, two-sum"},

    Reason{3, "how [[1, 9999/10001], [9999/10001, 1]] is stored",
           "kappa-10000, stored-as-one, stored-singular, formats-nest"},
    Reason{3, "which of [[1, b], [b, 1]]", "stored-as-one, kappa-8191"},
    Reason{3, "how [[2049/2048, 4095/4096]", "kappa-2731"},
    Reason{3, "[[1, 9999/10001], [9999/10001, 1]] x", "stored-singular, forward-bound, kappa-times-u, digits"},

    Reason{4, "the codes of every quarter step", "discrete-noise"},
    Reason{4, "the integers from", "discrete-noise"},
    Reason{4, "a sine of amplitude", "noise-variance, signal-power, sqnr, decibels"},
    Reason{4, "sines of amplitude", "noise-variance, signal-power, sqnr, decibels"},

    Reason{5, "the gradient 2^-25", "flush"},
    Reason{5, "the gradient 2^-134", "flush"},
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
    Reason{5, "are flushed, subnormal, overflowed", "flush, overflow-threshold"},
};

std::string claims_behind(int exercise, const Question& question) {
    const auto reason = std::find_if(claims_of_answers.begin(), claims_of_answers.end(), [&](const Reason& r) {
        return r.exercise == exercise && question.text.find(r.words) != std::string::npos;
    });
    return std::string(reason == claims_of_answers.end() ? "no claim: computed by exact rationals" : reason->claims);
}

}  // namespace

std::span<const Reason> reasons() { return claims_of_answers; }

Exercise with_reasons(Exercise exercise) {
    for (Question& question : exercise.questions)
        question.facts.push_back({"rests on", claims_behind(exercise.number, question)});
    return exercise;
}

}  // namespace halfulp
