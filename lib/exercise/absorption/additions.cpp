#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include <halfulp/lib/exercise/absorption/parts.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;
using truth::to_text;

/// Of a + b: exact, or which neighbours it is a tie between and which it goes to. Pre: it is exact, or b is half the
/// distance from a to the next number.
std::string tie_claim(const Format& f, const Rational& a, const Rational& b) {
    const Rational sum = a + b, below = rounded(f, sum, Rounding::Down), above = rounded(f, sum, Rounding::Up);
    if (below == above) return "exact";
    if (below != a || above != a + 2 * b) throw std::logic_error("a sum that is asked for is neither exact nor a tie");
    return fmt::format("a tie between {} and {}, which goes to the even code: {}", to_text(below), to_text(above),
                       rounded(f, sum) == below ? "the term is lost" : "upwards, by twice the term");
}

Question sum_question(const Format& f, int a, int b) {
    const Rational sum = a + b, result = rounded(f, sum);
    const Rational error = abs(result - sum) / sum, bound = 1 / (1 + pow2(f.precision));
    Question question{.text = fmt::format("{}: {} + {}", short_name(f), a, b),
                      .claim = tie_claim(f, a, b),
                      .predicted = describe(f, code_of(f, result)),
                      .codes = {code_of(f, result)},
                      .observe =
                          [=](const Observer& observer) {
                              const std::uint64_t x = code_of(f, a), y = code_of(f, b);
                              return observer.arithmetic(Operation::Add, f, std::span(&x, 1), std::span(&y, 1));
                          },
                      .show = show_last(f),
                      .facts = {error_fact(result, sum, rounded(binary32, sum))}};
    if (error == 0) return question;
    question.facts.push_back({"bound", fmt::format("{} of the sum, u / (1 + u), is {}", bound.str(),
                                                   error == bound ? "attained" : "not attained")});
    question.facts.push_back(stochastic_fact(f, sum));
    return question;
}

// The numbers y of f with x + y = x: the codes of the least and of the greatest, and how many codes there are.

/// Asks for x + y with every finite y. Nothing, if none is absorbed.
Answer ask_window(const Observer& observer, const Format& f, std::uint64_t x) {
    Codes all;
    for (const std::uint64_t sign : {std::uint64_t{0}, f.sign_bit()})
        for (std::uint64_t magnitude = 0; magnitude <= f.max_code(); ++magnitude) all.push_back(sign | magnitude);
    const Answer sums = observer.arithmetic(Operation::Add, f, Codes(all.size(), x), all);
    if (!sums.unavailable.empty()) return sums;
    std::uint64_t least = f.sign_bit(), greatest = 0, count = 0;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (sums.codes.at(i) != x) continue;
        std::uint64_t& end = (all[i] & f.sign_bit()) != 0 ? least : greatest;
        end = std::max(end, all[i]);
        ++count;
    }
    return {{least, greatest, count}, {}};
}

Question window_question(const Format& f, int x) {
    const std::uint64_t code = code_of(f, x);
    const Rational down = (x - value_of(f, code - 1)) / 2, up = (value_of(f, code + 1) - x) / 2;
    const bool even = code % 2 == 0;
    const std::uint64_t inside = even ? 0 : 1;  // an odd code loses the ties at both ends
    const auto show = [f](const Codes& codes) {
        return fmt::format("{} to {}, {} codes", describe(f, codes.at(0)), describe(f, codes.at(1)), codes.at(2));
    };
    const std::uint64_t least = code_of(f, down) - inside, greatest = code_of(f, up) - inside;  // magnitudes
    const Codes codes = {f.sign_bit() | least, greatest, least + 1 + greatest + 1};  // zero counts on both sides
    return {.text = fmt::format("{0}: the numbers y with {1} + y = {1}", short_name(f), x),
            .claim = fmt::format("-{0} {1} y {1} {2}, half the distances to the neighbours below and above: {3}",
                                 to_text(down), even ? "<=" : "<", to_text(up),
                                 even ? "the code is even and wins the ties at both ends"
                                      : "the code is odd and loses the ties at both ends"),
            .predicted = show(codes),
            .codes = codes,
            .observe = [=](const Observer& observer) { return ask_window(observer, f, code); },
            .show = show};
}

/// Sterbenz (1974): a - b is exact for b/2 <= a <= 2b.
Question sterbenz_question(const Format& f, int b) {
    Codes a, differences;
    for (std::uint64_t code = code_of(f, Rational{b} / 2); code <= code_of(f, 2 * b); ++code) {
        a.push_back(code);
        differences.push_back(code_of(f, value_of(f, code) - b));
    }
    const auto show = [f](const Codes& codes) {
        return fmt::format("from {} to {}", describe(f, codes.front()), describe(f, codes.back()));
    };
    return {.text = fmt::format("{}: a - {} for every number a from {} to {}", short_name(f), b,
                                to_text(Rational{b} / 2), 2 * b),
            .claim =
                "exact, as each number is at most twice the other (Sterbenz 1974): a cancellation loses nothing, it "
                "shows what was lost before",
            .predicted = show(differences),
            .codes = differences,
            .observe =
                [f, b, a](const Observer& observer) {
                    return observer.arithmetic(Operation::Sub, f, a, Codes(a.size(), code_of(f, b)));
                },
            .show = show};
}

}  // namespace

std::vector<Question> addition_questions() {
    const int fp16 = 1 << binary16.precision, fp32 = 1 << binary32.precision;
    return {sum_question(binary16, fp16, 1),      sum_question(binary16, fp16 + 2, 1),
            sum_question(binary32, fp16, 1),      sum_question(binary32, fp32, 1),
            window_question(binary16, fp16),      window_question(binary16, fp16 + 2),
            sterbenz_question(binary16, fp16 + 2)};
}

}  // namespace halfulp
