#include <halfulp/lib/exercise/condition/storage.h>

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

#include <halfulp/lib/exercise/condition/elimination.h>
#include <halfulp/lib/exercise/condition/systems.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::Matrix2;
using truth::pow2;
using truth::Rational;

/// The matrix of four codes. Empty if they are not four finite ones.
std::optional<Matrix2> matrix_of(const Format& f, const Codes& codes) {
    Matrix2 a;
    if (codes.size() != a.size()) return std::nullopt;
    for (std::size_t i = 0; i < a.size(); ++i) {
        const auto x = truth::value(f, codes[i]);
        if (!x) return std::nullopt;
        a[i] = *x;
    }
    return a;
}

std::string show_stored(const Format& f, const Codes& codes) {
    const auto a = matrix_of(f, codes);
    return a ? fmt::format("{}, det {}", show(*a), show(truth::determinant(*a))) : "no finite matrix";
}

std::string show_kappa(const Matrix2& a) {
    if (truth::determinant(a) == 0) return "none: singular";
    const Rational kappa = truth::kappa_inf(a);
    if (truth::has_kappa_2(a, kappa)) return fmt::format("kappa_2 = kappa_inf = {}", show(kappa));
    return fmt::format("kappa_inf = {}; kappa_2 + 1 / kappa_2 = ||A||_F^2 / |det| = {}", show(kappa),
                       show(truth::kappa_2_plus_inverse(a)));
}

/// The largest relative change of an entry.
Rational largest_change(const Matrix2& from, const Matrix2& to) {
    Rational largest = 0;
    for (std::size_t i = 0; i < from.size(); ++i)
        if (from[i] != 0) largest = std::max<Rational>(largest, abs((to[i] - from[i]) / from[i]));
    return largest;
}

std::string storage_claim(const Matrix2& a, const Matrix2& in_format) {
    if (in_format == a) return "exactly: every entry is a number of the format";
    if (truth::determinant(in_format) == 0) return "as a singular matrix";
    return fmt::format("as a regular matrix, kappa_inf {}", show(truth::kappa_inf(in_format)));
}

Question storage_question(const Format& f, const Matrix2& a, const std::string& remark = {}) {
    const Codes codes = stored_codes(f, a);
    const Matrix2 in_format = stored(f, a);
    const Rational u = unit_roundoff(f);
    const std::string det =
        fmt::format("{}, stored {}", show(truth::determinant(a)), show(truth::determinant(in_format)));
    const std::string change =
        fmt::format("of an entry at most {}, relatively; by rounding a normal number at most u / (1 + u) = {}",
                    show(largest_change(a, in_format)), show(u / (1 + u)));
    return {.text = fmt::format("{}: how {} is stored", short_name(f), show(a)),
            .claim = storage_claim(a, in_format) + remark,
            .predicted = show_stored(f, codes),
            .codes = codes,
            .observe = [f, a](const Observer& observer) { return store(observer, f, a); },
            .show = [f](const Codes& observed) { return show_stored(f, observed); },
            .facts = {{"kappa", show_kappa(a)}, {"det", det}, {"change", change}}};
}

/// A matrix near the one that is stored exactly, and stored as that one: every entry differs by less than half a unit.
Question neighbour_question(const Format& f, const Rational& shift) {
    const Matrix2 a = stored_exactly(), neighbour = shifted(a, shift);
    const Rational limit = half_unit_of_stored_exactly(f);
    if (abs(shift) >= limit)
        throw std::logic_error(fmt::format("{} need not be stored as its neighbour", show(neighbour)));
    Question question =
        storage_question(f, neighbour,
                         fmt::format(", with the codes of {}: entries differ by {}, less than half a unit, {}", show(a),
                                     show(shift), show(limit)));
    const auto c = system_of(a).c;
    const bool singular = truth::determinant(neighbour) == 0;
    question.facts.push_back({"solution", fmt::format("{} for the right side {}, where {} has {}",
                                                      singular ? "no single one" : show(truth::solution(neighbour, c)),
                                                      show(c), show(a), show(solution_of_systems()))});
    return question;
}

// The family [[1, b], [b, 1]] near b = 1, by all numbers that binary32 has there.

Rational kappa_of(const Rational& a, const Rational& b) { return (a + b) / (a - b); }  // of [[a, b], [b, a]], a > b > 0

/// From which b on the format has 1 for it: conversions of the binary32 codes from `first` on.
std::string show_family_border(const Format& f, std::uint64_t first, const Codes& converted) {
    const auto found = std::find(converted.begin(), converted.end(), code_of(f, 1));
    const Rational b = value_of(binary32, first) + (found - converted.begin()) * pow2(-binary32.precision);
    if (b >= 1) return "no matrix of the family is stored singular";
    return fmt::format("singular from kappa = {} on, b = {}", show(kappa_of(1, b)), show(b));
}

Question family_question(const Format& f) {
    const std::uint64_t one = code_of(f, 1);
    const Rational middle = 1 - unit_roundoff(f) / 2;  // of 1 and the number below it
    const std::uint64_t first = code_of(binary32, value_of(f, one - 1)), last = code_of(binary32, 1);
    const std::uint64_t tie = code_of(binary32, middle), of_tie = truth::round(f, middle).code;
    Codes asked, codes;
    for (std::uint64_t b = first; b <= last; ++b) {
        asked.push_back(b);
        codes.push_back(b == tie ? of_tie : b > tie ? one : one - 1);
    }
    const auto show_border = [f, first](const Codes& converted) { return show_family_border(f, first, converted); };
    return {
        .text = fmt::format("{}: which of [[1, b], [b, 1]] are stored singular, by every b of fp32 from {} to 1",
                            short_name(f), show(value_of(binary32, first))),
        .claim = fmt::format("those with kappa >= {}: b is rounded to 1 from the tie at 1 - 2^-{} on, which goes to "
                             "the even code",
                             show(kappa_of(1, middle)), f.precision + 1),
        .predicted = show_border(codes),
        .codes = codes,
        .observe = [f, asked](const Observer& observer) { return observer.convert(binary32, f, asked); },
        .show = show_border};
}

// [[a, b], [b, a]] is stored singular if a and b are rounded to the same number. Of each number of [1, 2) the outermost
// binary32 numbers that are rounded to it, and the next ones beyond.

constexpr std::size_t outermost = 4;  // next below, lowest, highest, next above

Codes ask_outermost(const Format& f) {
    Codes asked;
    for (std::uint64_t code = code_of(f, 1); code < code_of(f, 2); ++code) {
        const auto tie = [&](std::uint64_t other) { return (value_of(f, code) + value_of(f, other)) / 2; };
        const std::uint64_t odd = code % 2;  // a tie goes to the even code
        const std::uint64_t lowest = code_of(binary32, tie(code - 1)) + odd,
                            highest = code_of(binary32, tie(code + 1)) - odd;
        asked.insert(asked.end(), {lowest - 1, lowest, highest, highest + 1});
    }
    return asked;
}

/// The least kappa of two of the outermost numbers that are converted to the same. Empty if none are.
std::optional<Rational> least_singular_kappa(const Codes& asked, const Codes& converted) {
    std::optional<Rational> least;
    for (std::size_t i = 0; i + 1 < std::min(asked.size(), converted.size()); ++i) {
        for (std::size_t j = i + 1; j < (i / outermost + 1) * outermost && j < converted.size(); ++j) {
            if (converted[i] != converted[j]) continue;
            const Rational kappa = kappa_of(value_of(binary32, asked[j]), value_of(binary32, asked[i]));
            if (!least || kappa < *least) least = kappa;
        }
    }
    return least;
}

Codes outermost_codes(const Format& f) {
    Codes codes;
    for (std::uint64_t code = code_of(f, 1); code < code_of(f, 2); ++code)
        codes.insert(codes.end(), {code - 1, code, code, code + 1});
    return codes;
}

Question guarantee_question(const Format& f) {
    const Codes asked = ask_outermost(f), codes = outermost_codes(f);
    const auto show_least = [asked](const Codes& converted) {
        const auto least = least_singular_kappa(asked, converted);
        return least ? "the least kappa that is stored singular: " + show(*least) : "none is stored singular";
    };
    const Rational limit =
        kappa_of(value_of(f, code_of(f, 1) + 1) + unit_roundoff(f), value_of(f, code_of(f, 1) + 1) - unit_roundoff(f));
    return {
        .text = fmt::format("{}: which of [[a, b], [b, a]] are stored singular, by the outermost numbers of fp32 that "
                            "are rounded to each number of [1, 2)",
                            short_name(f)),
        .claim = fmt::format("none with kappa <= {0}, that of a = 1 + 3 * 2^-{1} and b = 1 + 2^-{1}: these are ties "
                             "that go apart, to even codes; what lies between them is rounded to 1 + 2^-{2}",
                             show(limit), f.precision, f.precision - 1),
        .predicted = show_least(codes),
        .codes = codes,
        .observe = [f, asked](const Observer& observer) { return observer.convert(binary32, f, asked); },
        .show = show_least,
        .facts = {{"theorem", fmt::format("kappa_inf * u / (1 + u) < 1, that is kappa_inf < {}: every matrix with "
                                          "entries in the normal range is stored regular",
                                          show(safe_kappa(f)))}}};
}

}  // namespace

Matrix2 stored(const Format& f, const Matrix2& a) { return matrix_of(f, stored_codes(f, a)).value(); }

Rational safe_kappa(const Format& f) { return 1 + 1 / unit_roundoff(f); }

Rational least_kappa_stored_singular(const Format& f) {
    return least_singular_kappa(ask_outermost(f), outermost_codes(f)).value();  // two of each four go to one code
}

std::vector<Question> storage_questions() {
    std::vector<Question> questions;
    const Matrix2 first = family(kappa_of_exercise()), second = stored_exactly();
    for (const Format& f : {binary64, binary32, bfloat16, binary16}) questions.push_back(storage_question(f, first));
    for (const Format& f : {bfloat16, binary16}) questions.push_back(family_question(f));
    for (const Format& f : {bfloat16, binary16}) questions.push_back(guarantee_question(f));
    const Rational u = unit_roundoff(binary16);
    questions.push_back(storage_question(binary16, symmetric_matrix(1 + u, 1 - u / 2),
                                         ": both entries are ties that go to the even code of 1"));
    questions.push_back(storage_question(binary16, ties_to_one_code(binary16),
                                         ": ties too, and close to the limit of what can become singular"));
    for (const Format& f : {bfloat16, binary16}) questions.push_back(storage_question(f, second));
    const Rational t = shift_to_singular(second);
    for (const Rational& shift : {t, Rational{2 * t}}) questions.push_back(neighbour_question(binary16, shift));
    return questions;
}

}  // namespace halfulp
