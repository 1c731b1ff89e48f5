#include <halfulp/lib/exercise/range_epsilon.h>

#include <fmt/format.h>

#include <halfulp/lib/exercise/range_epsilon/parts.h>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

std::string range_explanation() {
    const Format h = binary16, b = bfloat16;
    // bf16 numbers from 2^e on are 2^(e + 1 - precision) apart, and fp16's subnormal ones as far as their smallest is.
    const int as_far_apart = (2 - h.bias - h.precision) + b.precision - 1;
    return fmt::format(
        "{} bits are spent in two ways. fp16 has {} exponent and {} fraction bits, bf16 {} and {}. The "
        "exponent bits set the range: bf16 has as many as fp32, and therefore its range. The fraction bits set "
        "the distance between neighbours: bf16's is {} times that of fp16 wherever fp16 is normal. So bf16 rarely "
        "overflows where fp32 does not, and is coarser; only below 2^{}, where fp16's subnormal numbers stay as "
        "far apart as they are, it is the finer one.\n\n"
        "Epsilon and the unit roundoff are two things. Epsilon is the distance from 1 to the next number. "
        "Rounding to nearest errs by at most half a distance, so the relative error is at most u = epsilon / 2, "
        "and, exactly, at most u / (1 + u): 1/{} for fp16, 1/{} for bf16, attained at 1 + u.\n\n"
        "\"Numbers above the largest finite one overflow\" is not so: to nearest, everything below the largest "
        "number plus half a unit rounds down to it, and rounding toward zero never overflows to infinity. Nor "
        "does bf16 never overflow: the largest fp32 number does.\n\n"
        "Below the smallest normal number the distance stays the same. The error is at most half of it, 2^{} in fp16 and "
        "2^{} in bf16: an absolute bound, while the relative error grows to 100 %, as what is at most half of the smallest "
        "subnormal number is flushed to 0.\n\n"
        "What is rounded here is an fp32 number, and fp32 has every {} and {} number: where an error is given, the fp32 "
        "result is the truth. The other questions read off exact numbers, or count.",
        h.width, h.width - h.precision, h.precision - 1, b.width - b.precision, b.precision - 1,
        1 << (h.precision - b.precision), as_far_apart, (1 << h.precision) + 1, (1 << b.precision) + 1,
        1 - h.bias - h.precision, 1 - b.bias - b.precision, short_name(h), short_name(b));
}

}  // namespace

Exercise range_epsilon() {
    Exercise exercise{.number = 1,
                      .title = "Range and epsilon of fp16 and bf16",
                      .explanation = range_explanation(),
                      .questions = {}};
    for (const Format& f : {binary16, bfloat16}) {
        for (auto& part : {property_questions(f), threshold_questions(f), precision_questions(f)})
            exercise.questions.insert(exercise.questions.end(), part.begin(), part.end());
    }
    return exercise;
}

}  // namespace halfulp
