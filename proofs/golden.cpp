// Claims flocq-pairs, flocq-roots, flocq-sample and flocq-conversions: the exact engine against Flocq's operations,
// extracted from Coq, which neither MPFR nor the CPU has a part in. golden ask writes the questions, one a line, which
// flocq/answer.ml repeats with the answer; golden compare reads these.

#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include <halfulp/lib/property/operands.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace {

using namespace halfulp;

enum class Choice { every, sample };

struct Table {
    const char* claim;
    Operation operation;
    Format from, to;
    Choice operands;
};

constexpr Table pairs(Operation operation, const Format& f) { return {"flocq-pairs", operation, f, f, Choice::every}; }
constexpr Table roots(const Format& f) { return {"flocq-roots", Operation::Sqrt, f, f, Choice::every}; }
constexpr Table sample(Operation operation, const Format& f) {
    return {"flocq-sample", operation, f, f, Choice::sample};
}
constexpr Table conversions(const Format& from, const Format& to) {
    return {"flocq-conversions", Operation::Convert, from, to, from.width <= 16 ? Choice::every : Choice::sample};
}

constexpr std::array tables = {
    pairs(Operation::Add, e5m2),
    pairs(Operation::Sub, e5m2),
    pairs(Operation::Mul, e5m2),
    pairs(Operation::Div, e5m2),
    pairs(Operation::Add, e4m3),
    pairs(Operation::Sub, e4m3),
    pairs(Operation::Mul, e4m3),
    pairs(Operation::Div, e4m3),
    roots(e5m2),
    roots(e4m3),
    roots(binary16),
    roots(bfloat16),
    sample(Operation::Add, binary16),
    sample(Operation::Sub, binary16),
    sample(Operation::Mul, binary16),
    sample(Operation::Div, binary16),
    sample(Operation::Fma, binary16),
    sample(Operation::Add, bfloat16),
    sample(Operation::Sub, bfloat16),
    sample(Operation::Mul, bfloat16),
    sample(Operation::Div, bfloat16),
    sample(Operation::Fma, bfloat16),
    conversions(binary16, e5m2),
    conversions(binary16, e4m3),
    conversions(bfloat16, e5m2),
    conversions(bfloat16, e4m3),
    conversions(binary16, bfloat16),
    conversions(bfloat16, binary16),
    conversions(binary32, binary16),
    conversions(binary32, bfloat16),
};

/// Flocq's five.
constexpr auto modes = first_rows<5>(roundings);
static_assert(modes.back().rounding == Rounding::Up);

/// Calls visit(operands) for each of a table's: all codes or pairs of codes, or 20000 edges.
void for_each_operands(const Table& table, auto&& visit) {
    if (table.operands == Choice::sample) {
        property::SplitMix bits(2026);
        const bool converts = table.operation == Operation::Convert;
        for (int i = 0; i < 20'000; ++i)
            visit(converts ? Operands{property::edge_to_convert(table.to, table.from, bits)}
                           : property::edge_operands(table.from, bits));
        return;
    }
    const bool has_two = row_of(table.operation).operands == 2;
    for (std::uint64_t a = 0; a <= table.from.code_mask(); ++a)
        for (std::uint64_t b = 0; b <= (has_two ? table.from.code_mask() : 0); ++b) visit(Operands{a, b});
}

/// "mul e5m2 e5m2 NearestEven 3c 81"
std::string question(const Table& table, Rounding rounding, const Operands& operands) {
    std::string text(name_of(table.operation));
    for (const std::string_view name : {name_of(table.from), name_of(table.to), name_of(rounding)})
        text.append(" ").append(name);
    std::array<char, 20> code{};
    for (const std::uint64_t operand : std::span{operands}.first(row_of(table.operation).operands)) {
        std::snprintf(code.data(), code.size(), " %llx", static_cast<unsigned long long>(operand));
        text.append(code.data());
    }
    return text;
}

/// Those of one claim; of all claims if it is empty.
void for_each_question(std::string_view claim, auto&& visit) {
    for (const Table& table : tables)
        if (claim.empty() || claim == table.claim)
            for_each_operands(table, [&](const Operands& operands) {
                for (const NamedRounding& mode : modes) visit(table, mode.rounding, operands);
            });
}

std::uint64_t computed(const Table& table, Rounding rounding, const Operands& codes) {
    const Format& f = table.from;
    const std::array<Operand, 3> operands{{{f, codes[0]}, {f, codes[1]}, {f, codes[2]}}};
    const auto given = std::span{operands}.first(row_of(table.operation).operands);
    return compute(table.operation, table.to, given, {.rounding = rounding}).code;
}

/// The answer that follows the question in the next line.
bool read_answer(const std::string& asked, std::uint64_t& answer) {
    std::array<char, 128> line{};
    if (std::fgets(line.data(), line.size(), stdin) == nullptr) return false;
    if (std::strncmp(line.data(), (asked + " ").c_str(), asked.size() + 1) != 0) return false;
    answer = std::strtoull(line.data() + asked.size() + 1, nullptr, 16);
    return true;
}

struct Count {
    std::uint64_t compared = 0, different = 0;
};

/// A line of each claim; 1 if one does not hold.
int report(const std::map<std::string_view, Count>& counts) {
    bool all = true;
    for (const auto& [claim, count] : counts) {
        const bool holds = count.different == 0;
        std::printf("claim %s %s: %llu compared, %llu different\n", claim.data(), holds ? "agrees" : "REFUTED",
                    static_cast<unsigned long long>(count.compared), static_cast<unsigned long long>(count.different));
        all = all && holds;
    }
    return all ? 0 : 1;
}

int compare(std::string_view claim) {
    std::map<std::string_view, Count> counts;
    bool answered = true;
    for_each_question(claim, [&](const Table& table, Rounding rounding, const Operands& operands) {
        if (!answered) return;
        const std::string asked = question(table, rounding, operands);
        std::uint64_t expected = 0;
        answered = read_answer(asked, expected);
        if (!answered) return std::fprintf(stderr, "no answer to: %s\n", asked.c_str()), void();
        const std::uint64_t found = computed(table, rounding, operands);
        const bool both_nan = table.to.is_nan(expected) && table.to.is_nan(found);
        Count& count = counts[table.claim];
        ++count.compared;
        if (found == expected || both_nan) return;
        if (++count.different <= 3)
            std::printf("%s: Flocq %llx, found %llx\n", asked.c_str(), static_cast<unsigned long long>(expected),
                        static_cast<unsigned long long>(found));
    });
    return answered ? report(counts) : 1;
}

void ask(std::string_view claim) {
    for_each_question(claim, [](const Table& table, Rounding rounding, const Operands& operands) {
        std::puts(question(table, rounding, operands).c_str());
    });
}

}  // namespace

int main(int argc, char** argv) {
    const std::string_view task = argc >= 2 ? argv[1] : "", claim = argc == 3 ? argv[2] : "";
    if (task == "ask") return ask(claim), 0;
    if (task == "compare") return compare(claim);
    return std::fputs("usage: golden ask [CLAIM], or golden compare [CLAIM]\n", stderr), 2;
}
