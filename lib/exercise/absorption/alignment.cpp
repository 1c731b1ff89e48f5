#include <fmt/format.h>

#include <algorithm>

#include <halfulp/lib/exercise/absorption/parts.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;

// 1 - 1 + 2^-j in one block: the terms are aligned to 1, and what lies below the kept bits is cut off before 1 and -1
// cancel. 2^-j is the product of 2^-14, the smallest normal number, and 2^(14 - j).
constexpr int first_j = 20, last_j = 28;

Answer ask_alignment(const Observer& observer) {
    Answer all;
    for (int j = first_j; j <= last_j; ++j) {
        const Codes a = {code_of(binary16, 1), code_of(binary16, pow2(-14))};
        const Codes b = {code_of(binary16, 1), code_of(binary16, pow2(14 - j))};
        const Answer one = observer.dot(binary16, binary32, a, b, code_of(binary32, -1));
        if (!one.unavailable.empty()) return one;
        all.codes.push_back(one.codes[0]);
    }
    return all;
}

/// How many of the terms, from the largest on, came through.
std::string show_kept(const Codes& codes) {
    const auto kept = std::find(codes.begin(), codes.end(), 0) - codes.begin();
    return kept == 0 ? "nothing kept" : fmt::format("kept to 2^{}", -(first_j + static_cast<int>(kept) - 1));
}

Question alignment_question(const UnitFacts& unit) {
    Codes codes;
    for (int j = first_j; j <= last_j; ++j) {
        const Rational kept = Rational{truth::floor(pow2(unit.fraction_bits - j))} * pow2(-unit.fraction_bits);
        codes.push_back(code_of(binary32, kept));
    }
    return {.text = fmt::format("{}: 1 - 1 + 2^-j in one block with fp32 result, for j = {} to {}", names_of(unit),
                                first_j, last_j),
            .claim = fmt::format("2^-j to j = {0}, then 0: terms are cut off {0} bits below the largest one, before it "
                                 "cancels",
                                 unit.fraction_bits),
            .predicted = show_kept(codes),
            .codes = std::move(codes),
            .observe = ask_alignment,
            .show = show_kept,
            .facts = {{"error", fmt::format("from j = {} on all of 2^-j, against the truth and against fp32, in which "
                                            "1 - 1 + 2^-j one after another is exact",
                                            unit.fraction_bits + 1)}},
            .gpus = unit.gpus};
}

}  // namespace

std::string names_of(const UnitFacts& unit) { return fmt::format("{}", fmt::join(unit.gpus, ", ")); }

std::vector<Question> alignment_questions() {
    std::vector<Question> questions;
    questions.reserve(unit_facts.size());
    for (const UnitFacts& unit : unit_facts) questions.push_back(alignment_question(unit));
    return questions;
}

}  // namespace halfulp
