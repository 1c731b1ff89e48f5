#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>
#include <utility>

#include <halfulp/lib/exercise/absorption/parts.h>
#include <halfulp/lib/exercise/prediction.h>
#include <halfulp/lib/accumulate/order.hpp>
#include <halfulp/lib/report/table.hpp>
#include <halfulp/lib/truth/definition.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

using truth::pow2;
using truth::Rational;
using truth::to_text;
using Numbers = std::vector<Rational>;

// The peak: a large term, many small ones, and the large one taken back. The small one is the fp16 number after 1. Its
// last bit is half a unit of fp32 beside the large term, a tie that goes back; all of it is just above a sixteenth of
// a unit of fp16 there, so that a block of 8 is a little over half a unit, and one of 16 a unit.
constexpr std::size_t small_terms = 1024;
constexpr std::array accumulators = {binary16, bfloat16, binary32};

Rational exact_sum(const Numbers& terms) { return std::accumulate(terms.begin(), terms.end(), Rational{0}); }

Numbers rounded_all(const Format& f, Numbers terms) {
    for (Rational& x : terms) x = rounded(f, x);
    return terms;
}

struct Peak {
    Rational large = pow2(14), small = 1 + pow2(1 - binary16.precision);
    Numbers terms = Numbers(small_terms + 2, small);
    Rational truth;
    Codes codes;  ///< of fp16

    Peak() {
        terms.front() = large;
        terms.back() = -large;
        truth = exact_sum(terms);
        for (const Rational& x : terms) codes.push_back(code_of(binary16, x));
    }
};

// What an order gives by its definition: exact numbers, rounded to the accumulator's format once an addition.

Rational plain(const Format& f, const Numbers& terms) {
    Rational sum = 0;
    for (const Rational& x : terms) sum = rounded(f, sum + x);
    return sum;
}

Rational kahan(const Format& f, const Numbers& terms) {
    Rational sum = 0, excess = 0;
    for (const Rational& x : terms) {
        const Rational wanted = rounded(f, x - excess), next = rounded(f, sum + wanted);
        excess = rounded(f, rounded(f, next - sum) - wanted);
        sum = next;
    }
    return sum;
}

/// What an addition loses is a number of the format (Dekker 1971): code_of would throw.
Rational two_sum(const Format& f, const Numbers& terms) {
    Rational sum = 0, errors = 0;
    for (const Rational& x : terms) {
        const Rational next = rounded(f, sum + x), lost = sum + x - next;
        errors = rounded(f, errors + value_of(f, code_of(f, lost)));
        sum = next;
    }
    return rounded(f, sum + errors);
}

Rational one_by_one(Accumulation accumulation, const Format& f, const Numbers& terms) {
    switch (accumulation) {
        case Accumulation::Plain: return plain(f, terms);
        case Accumulation::Kahan: return kahan(f, terms);
        case Accumulation::TwoSum: return two_sum(f, terms);
    }
    __builtin_unreachable();
}

/// The larger half first.
Rational in_halves(const Format& f, const Numbers& terms) {
    if (terms.size() == 1) return terms[0];
    const auto middle = terms.begin() + static_cast<std::ptrdiff_t>((terms.size() + 1) / 2);
    return rounded(f, in_halves(f, {terms.begin(), middle}) + in_halves(f, {middle, terms.end()}));
}

/// The sums of the lanes, or of the blocks.
Numbers sums_of_shares(const Order& order, const Format& f, const Numbers& terms) {
    const bool lanes = order.grouping == Grouping::Lanes;
    std::vector<Numbers> shares(lanes ? order.count : (terms.size() + order.count - 1) / order.count);
    for (std::size_t i = 0; i < terms.size(); ++i)
        shares[lanes ? i % order.count : i / order.count].push_back(terms[i]);
    Numbers sums;
    for (const Numbers& share : shares) sums.push_back(one_by_one(order.accumulation, f, share));
    return sums;
}

/// Pre: halves go down to single terms.
Rational predicted(const Order& order, const Format& f, const Numbers& terms) {
    if (order.grouping == Grouping::Halves) return in_halves(f, terms);
    const Numbers sums = sums_of_shares(order, f, terms);
    return order.grouping == Grouping::Lanes ? in_halves(f, sums) : one_by_one(order.accumulation, f, sums);
}

/// Each block: everything cut off `fraction_bits` below the largest term, added exactly, and rounded once; towards zero
/// to fp32, to nearest even to fp16.
Rational predicted(const UnitFacts& unit, const Format& accumulator, const Numbers& terms) {
    const Rounding rounding = accumulator == binary32 ? Rounding::TowardZero : Rounding::NearestEven;
    Rational sum = 0;
    for (std::size_t start = 0; start < terms.size(); start += unit.block) {
        const auto first = terms.begin() + static_cast<std::ptrdiff_t>(start);
        Numbers block(first, first + static_cast<std::ptrdiff_t>(std::min(unit.block, terms.size() - start)));
        block.push_back(sum);
        Rational largest = 0;
        for (const Rational& x : block) largest = std::max(largest, Rational{abs(x)});
        const Rational last_bit = pow2(truth::floor_log2(largest) - unit.fraction_bits);
        Rational whole = 0;
        for (const Rational& x : block)
            whole += Rational{truth::floor(abs(x) / last_bit)} * (x < 0 ? Rational{-last_bit} : last_bit);
        sum = rounded(accumulator, whole, rounding);
    }
    return sum;
}

/// The predictions of one order, or of one generation's matrix unit.
struct Row {
    std::string name, claim;
    const Order* order;
    std::vector<std::string_view> gpus;
    std::vector<std::pair<Format, Rational>> sums;  ///< by accumulator
};

std::string row_name(const UnitFacts& unit) { return "tensor core, " + names_of(unit); }

Row unit_row(const Order& order, const UnitFacts& unit, const Numbers& terms) {
    Row row{row_name(unit), std::string(order.description), &order, unit.gpus, {}};
    row.claim += fmt::format(": blocks of {}, cut off {} bits below it", unit.block, unit.fraction_bits);
    for (const Format& f : {binary16, binary32}) row.sums.emplace_back(f, predicted(unit, f, terms));
    return row;
}

std::vector<Row> rows(const Numbers& terms) {
    std::vector<Numbers> converted;
    converted.reserve(accumulators.size());
    for (const Format& f : accumulators) converted.push_back(rounded_all(f, terms));
    std::vector<Row> rows;
    for (const Order& order : orders) {
        if (order.grouping == Grouping::MatrixUnit) {
            for (const UnitFacts& unit : unit_facts) rows.push_back(unit_row(order, unit, terms));
            continue;
        }
        rows.push_back({std::string(order.name), std::string(order.description), &order, {}, {}});
        for (std::size_t i = 0; i < accumulators.size(); ++i)
            rows.back().sums.emplace_back(accumulators[i], predicted(order, accumulators[i], converted[i]));
    }
    return rows;
}

Question question(const Peak& peak, const Row& row, const Format& accumulator, const Rational& sum,
                  const Rational& fp32) {
    return {.text = fmt::format("the peak sum in {}: {}", short_name(accumulator), row.name),
            .claim = row.claim,
            .predicted = describe(accumulator, code_of(accumulator, sum)),
            .codes = {code_of(accumulator, sum)},
            .observe = [order = row.order, accumulator, codes = peak.codes](
                           const Observer& observer) { return observer.sum(*order, binary16, accumulator, codes); },
            .show = show_last(accumulator),
            .facts = {error_fact(sum, peak.truth, fp32)},
            .gpus = row.gpus};
}

/// "992 (-3.22 %)"
std::string cell(const Rational& sum, const Rational& truth) {
    return fmt::format("{} ({:.3g} %)", to_text(sum), static_cast<double>(Rational{100 * (sum - truth) / truth}));
}

std::string table(const std::vector<Row>& rows, const Rational& truth) {
    Table table{{"order"}};
    for (const Format& f : accumulators) table[0].push_back(fmt::format("{} accumulator", short_name(f)));
    for (const Row& row : rows) {
        table.push_back({row.name});
        for (const Format& f : accumulators) {
            const auto found = std::find_if(row.sums.begin(), row.sums.end(), [&](auto& s) { return s.first == f; });
            table.back().push_back(found == row.sums.end() ? "-" : cell(found->second, truth));
        }
    }
    return to_columns(table);
}

const Rational& sum_of(const std::vector<Row>& rows, std::string_view order, const Format& f) {
    for (const Row& row : rows)
        for (const auto& [accumulator, sum] : row.sums)
            if (row.name == order && accumulator == f) return sum;
    throw std::logic_error("no sum of that order and accumulator");
}

std::string lesson(const Peak& peak, const std::vector<Row>& rows) {
    const auto sum = [&](std::string_view order, const Format& f) { return to_text(sum_of(rows, order, f)); };
    std::string units;
    for (const UnitFacts& unit : unit_facts)
        units +=
            fmt::format("{}{} ends at {}", units.empty() ? "" : ", ", names_of(unit), sum(row_name(unit), binary16));
    return fmt::format(
        "Storage costs little here: all terms are fp16 numbers, and stored in bf16 their exact sum is {} instead of {}. "
        "Accumulation decides: one after another the same terms give {} in an fp16 accumulator and {} in an fp32 one. "
        "The large term absorbs in fp16 whatever is at most {}, half its unit: in sequence every term, in blocks and "
        "lanes those that share its block or lane, pairwise those that meet it before their sums are longer. The last "
        "subtraction of the sequence is exact (Sterbenz): it shows what was lost before.\n\n"
        "Kahan's and the two-sum accumulator keep what an addition loses, which is itself a number of the format; in "
        "fp32 they end at {} and {}. Yet what they keep is rounded too: in bf16 two-sum ends at {}, where a sum of ones "
        "sticks, here the sum of the errors.\n\n"
        "A matrix unit adds a block to its accumulator at once. A block's sum below half a unit of the accumulator is "
        "lost, just above half a unit it counts as a whole one, and from a unit on it is kept: in fp16, {}.",
        to_text(exact_sum(rounded_all(bfloat16, peak.terms))), to_text(peak.truth), sum("sequential", binary16),
        sum("sequential", binary32), to_text(pow2(truth::floor_log2(peak.large) - binary16.precision)),
        sum("Kahan", binary32), sum("two-sum", binary32), sum("two-sum", bfloat16), units);
}

}  // namespace

PeakSum peak_sum() {
    const Peak peak;
    const std::vector<Row> all = rows(peak.terms);
    const Rational fp32 = sum_of(all, "sequential", binary32);
    PeakSum result;
    for (const Row& row : all)
        for (const auto& [accumulator, sum] : row.sums)
            result.questions.push_back(question(peak, row, accumulator, sum, fp32));
    result.conclusion = fmt::format("The peak sum: {}, {} times {}, {}; the truth is {}.\n\n{}\n{}",
                                    to_text(peak.large), small_terms, to_text(peak.small), to_text(-peak.large),
                                    to_text(peak.truth), table(all, peak.truth), lesson(peak, all));
    return result;
}

}  // namespace halfulp
