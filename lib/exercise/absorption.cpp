#include <halfulp/lib/exercise/absorption.h>

#include <fmt/format.h>

#include <halfulp/lib/exercise/absorption/parts.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

/// "one bit more".
std::string bits_more(int bits) { return fmt::format("{} {} more", bits, bits == 1 ? "bit" : "bits"); }

std::string sums_explained() {
    const int p = binary16.precision, limit = 1 << p, bf16 = 1 << bfloat16.precision;
    return fmt::format(
        "A sum is rounded to the numbers that there are. From 2^p on, with p bits of significand, they are 2 apart: in "
        "fp16 from {0}, in bf16 from {1}, in fp32 from 2^{5}. There a one is half the distance, a tie, and goes to the "
        "even code: {0} + 1 is {0} again, and errs by 1/{2} of the sum, the most that rounding to nearest can. But "
        "{3} + 1 is {4}: \"what is below half a unit vanishes\" is not the whole of it.\n\n"
        "In general, x + y is x if y lies between half the distance to the number below x and half the distance to the "
        "number above; the ends belong to it if the code of x is even. At a power of two the window is lopsided, as "
        "the numbers below are closer. This holds for every way of breaking ties, but for the ends.\n\n"
        "The loop that adds ones never leaves {0}, however long it runs, and its error is exactly what came later. "
        "Adding in fp32 keeps every integer to 2^{5}, although the terms are fp16: what matters is where one "
        "accumulates.\n\n"
        "Two things are never lost. The difference of two numbers, neither more than twice the other, is exact "
        "(Sterbenz). And what an addition to nearest loses is itself a number of the format: six additions find it "
        "(two-sum), and a sum can carry it along.",
        limit, bf16, limit + 1, limit + 2, limit + 4, binary32.precision);
}

std::string units_explained() {
    const UnitFacts &first = unit_facts[0], &second = unit_facts[1], &third = unit_facts[2];
    return fmt::format(
        "A matrix unit adds whole blocks. It aligns all terms of a block to the largest one, cuts off what lies below "
        "its last bit, adds the rest exactly and rounds once. So an fp16 accumulator sticks later, by the length of the "
        "block; an fp32 accumulator keeps the ones, which lie far above the cut; and a small term is lost beside a large "
        "one even where the large ones cancel, earlier on {} than on {}, with {}, and on {}, with {}.",
        first.gpus[0], second.gpus[1], bits_more(second.fraction_bits - first.fraction_bits), third.gpus[0],
        bits_more(third.fraction_bits - first.fraction_bits));
}

}  // namespace

Exercise absorption() {
    Exercise exercise{.number = 2,
                      .title = "Absorption",
                      .explanation = sums_explained() + "\n\n" + stochastic_explained() + "\n\n" + units_explained(),
                      .questions = {}};
    PeakSum peak = peak_sum();
    exercise.conclusion = peak.conclusion;
    for (auto& part : {addition_questions(), ones_questions(), alignment_questions(), peak.questions})
        exercise.questions.insert(exercise.questions.end(), part.begin(), part.end());
    return exercise;
}

}  // namespace halfulp
