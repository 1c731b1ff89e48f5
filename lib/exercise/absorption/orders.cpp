#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <stdexcept>
#include <utility>

#include <halfulp/lib/accumulate/order.hpp>
#include <halfulp/lib/exercise/absorption/parts.hpp>
#include <halfulp/lib/exercise/prediction.hpp>
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
const Rational large = pow2(14), small = 1 + pow2(1 - binary16.precision);

Numbers peak() {
    Numbers terms(small_terms + 2, small);
    terms.front() = large;
    terms.back() = -large;
    return terms;
}

Rational exact_sum(const Numbers& terms) { return std::accumulate(terms.begin(), terms.end(), Rational{0}); }

Numbers rounded_all(const Format& f, Numbers terms) {
    for (Rational& x : terms) x = rounded(f, x);
    return terms;
}

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

std::vector<Row> rows() {
    const Numbers terms = peak();
    std::vector<Row> rows;
    for (const Order& order : orders) {
        if (order.grouping == Grouping::MatrixUnit) {
            for (const UnitFacts& unit : unit_facts) {
                rows.push_back({fmt::format("{}, {}", order.name, names_of(unit)),
                                fmt::format("{}: blocks of {}, cut off {} bits below it", order.description, unit.block,
                                            unit.fraction_bits),
                                &order,
                                unit.gpus,
                                {}});
                for (const Format& f : {binary16, binary32})
                    rows.back().sums.emplace_back(f, predicted(unit, f, terms));
            }
            continue;
        }
        rows.push_back({std::string(order.name), std::string(order.description), &order, {}, {}});
        for (const Format& f : {binary16, bfloat16, binary32})
            rows.back().sums.emplace_back(f, predicted(order, f, rounded_all(f, terms)));
    }
    return rows;
}

Question question(const Row& row, const Format& accumulator, const Rational& sum, const Rational& fp32) {
    Codes terms;
    for (const Rational& x : peak()) terms.push_back(code_of(binary16, x));
    return {.text = fmt::format("the peak sum in {}: {}", short_name(accumulator), row.name),
            .claim = row.claim,
            .predicted = describe(accumulator, code_of(accumulator, sum)),
            .codes = {code_of(accumulator, sum)},
            .observe = [order = row.order, accumulator,
                        terms](const Observer& observer) { return observer.sum(*order, binary16, accumulator, terms); },
            .show = show_last(accumulator),
            .facts = {error_fact(sum, exact_sum(peak()), fp32)},
            .gpus = row.gpus};
}

/// "992 (-3.22 %)"
std::string cell(const Rational& sum) {
    const Rational truth = exact_sum(peak());
    return fmt::format("{} ({:.3g} %)", to_text(sum), static_cast<double>(Rational{100 * (sum - truth) / truth}));
}

std::string table(const std::vector<Row>& rows) {
    const std::array accumulators = {binary16, bfloat16, binary32};
    Table table{{"order"}};
    for (const Format& f : accumulators) table[0].push_back(fmt::format("{} accumulator", short_name(f)));
    for (const Row& row : rows) {
        table.push_back({row.name});
        for (const Format& f : accumulators) {
            const auto found = std::find_if(row.sums.begin(), row.sums.end(), [&](auto& s) { return s.first == f; });
            table.back().push_back(found == row.sums.end() ? "-" : cell(found->second));
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

std::string lesson(const std::vector<Row>& rows) {
    const Rational truth = exact_sum(peak()), stored_in_bf16 = exact_sum(rounded_all(bfloat16, peak()));
    const Format h = binary16;
    const Rational half_unit = pow2(truth::floor_log2(large) - h.precision);
    return fmt::format(
        "Storage costs little here: all terms are fp16 numbers, and stored in bf16 their exact sum is {} instead of {}. "
        "Accumulation decides: the same terms give {} in an fp16 accumulator and {} in an fp32 one, one after another. "
        "The large term absorbs in fp16 whatever is at most {}, half its unit: in sequence every term, in blocks and "
        "lanes those that share its block or lane, pairwise only those that meet it before their sums are longer. "
        "Its last subtraction is exact (Sterbenz): the terms were lost before.\n\n"
        "Kahan's and the two-sum accumulators keep what an addition loses, which is itself a number of the format. Yet "
        "what they keep is rounded too: in bf16 two-sum ends at {}, where a sum of ones sticks, now the sum of the "
        "errors. In fp32 both are exact.\n\n"
        "A matrix unit adds a block to its accumulator at once. Where the block's sum is less than half a unit of the "
        "accumulator it is lost, just above half a unit it counts as a whole one, and once it is a unit it is kept: the "
        "three generations differ by more than any two formats of the terms.\n",
        to_text(stored_in_bf16), to_text(truth), to_text(sum_of(rows, "sequential", h)),
        to_text(sum_of(rows, "sequential", binary32)), to_text(half_unit), to_text(sum_of(rows, "two-sum", bfloat16)));
}

}  // namespace

PeakSum peak_sum() {
    const std::vector<Row> all = rows();
    const Rational fp32 = sum_of(all, "sequential", binary32);
    PeakSum result;
    for (const Row& row : all)
        for (const auto& [accumulator, sum] : row.sums)
            result.questions.push_back(question(row, accumulator, sum, fp32));
    result.conclusion =
        fmt::format("The peak sum: {}, {} times {}, {}; the truth is {}.\n\n{}\n{}", to_text(large), small_terms,
                    to_text(small), to_text(-large), to_text(exact_sum(peak())), table(all), lesson(all));
    return result;
}

}  // namespace halfulp
