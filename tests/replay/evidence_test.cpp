// Claim: a grade of the table says what results of hardware say. A: they refute every change of the field; any other grade:
// they do not; D: they refute none. The test prints each change of each field of each row with a result, and what refutes it
// or that it is unpinned, then the changes of which no result can tell and why; rows without results are named and counted.
// Oracle: the recordings and directed vectors of recordings_test, this CPU's dot instructions; as published and no more, the
// results that publications print of their models. Shared: nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <halfulp/lib/diagnose/row_changes.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/replay.hpp>
#include <halfulp/lib/report/table.hpp>

#include "support/cpu_matrix.hpp"
#include "support/matrix_comparison.hpp"
#include "support/published_results.hpp"
#include "support/vectors.hpp"

namespace halfulp::test {
namespace {

/// What is known of a row's results.
struct Results {
    std::vector<Recording> recordings;
    std::vector<DirectedVector> directed, published;

    bool any() const { return !recordings.empty() || !directed.empty() || !published.empty(); }
};

/// Those that refute a change.
struct Refuted {
    std::vector<std::string> by_hardware, by_publication;
};

class EvidenceTest : public testing::Test {
  protected:
    std::map<const MmaSpec*, Results> results;

    void read() {
        for (const RecordingFiles& files : find_recordings(vectors_folder() / "tensor-core-recordings"))
            add(read_recording(files));
        for (const MmaSpec& row : mma_specs())
            if (auto recording = cpu_dot(row, 20000)) add(std::move(*recording));
        for (const DirectedVector& v : read_directed(vectors_folder() / "tensor-core-directed.tsv")) add(v);
        for (const DirectedVector& v : equation10()) add(v);
    }

    Refuted refuted(const RowChange& change, const MmaSpec& row) {
        const Results& known = results[&row];
        Refuted by;
        for (const Recording& r : known.recordings) {
            const Replay replayed = replay(r, change.row);
            if (replayed.matches != replayed.rows)
                by.by_hardware.push_back(fmt::format("{} of {} rows of {} {}->{}", replayed.rows - replayed.matches,
                                                     replayed.rows, r.gpu, r.input, r.output));
        }
        const auto single = [&](const std::vector<DirectedVector>& vectors, std::vector<std::string>& ids) {
            for (const DirectedVector& v : vectors)
                if (mma_dot(change.row, v.a, v.b, v.c) != v.d) ids.push_back(v.id);
        };
        single(known.directed, by.by_hardware);
        single(known.published, by.by_publication);
        return by;
    }

  private:
    void add(Recording recording) { results[recording.spec].recordings.push_back(std::move(recording)); }
    /// Blackwell's directed vectors are of one processor or the other.
    void add(DirectedVector v) {
        if (v.note.find("RTX 5090") != std::string::npos)
            v.spec = find_mma("RTX5090", "mma.sync", v.spec->a, v.spec->accumulator);
        const bool is_model = (v.source + v.note).find("model output") != std::string::npos;
        (is_model ? results[v.spec].published : results[v.spec].directed).push_back(v);
    }
};

/// The field whose grade speaks of this one; "" if none does.
std::string graded_with(const std::string& field) {
    if (field == "kept" || field == "saturates") return "rounding";
    constexpr std::array graded{"group", "fraction_bits", "exponent_floor", "rounding"};
    return std::find(graded.begin(), graded.end(), field) == graded.end() ? "" : field;
}

char grade_of(const Evidence& e, const std::string& graded) {
    if (graded == "group") return e.group;
    if (graded == "fraction_bits") return e.fraction_bits;
    if (graded == "exponent_floor") return e.exponent_floor;
    return graded == "rounding" ? e.rounding : '-';
}

/// How many changes came to what.
struct Count {
    int hardware = 0, published = 0, unpinned = 0, moot = 0;

    void add(const RowChange& change, const Refuted& by) {
        ++(!change.moot.empty()         ? moot
           : !by.by_hardware.empty()    ? hardware
           : !by.by_publication.empty() ? published
                                        : unpinned);
    }
    int changes() const { return hardware + published + unpinned; }
};

std::string text(const Refuted& by) {
    const auto first = [](const std::vector<std::string>& ids) {
        const auto shown = std::span(ids).first(std::min<std::size_t>(ids.size(), 3));
        return fmt::format("{}{}", fmt::join(shown, ", "),
                           shown.size() < ids.size() ? fmt::format(" and {} more", ids.size() - shown.size()) : "");
    };
    if (!by.by_hardware.empty()) return first(by.by_hardware);
    return by.by_publication.empty() ? "unpinned" : "published only: " + first(by.by_publication);
}

void expect_grade(const MmaSpec& row, char grade, const Count& count) {
    const std::string what = fmt::format("{}: {} of {} changes refuted", name_of(row), count.hardware, count.changes());
    EXPECT_EQ(grade == 'A', count.hardware > 0 && count.hardware == count.changes()) << what;
    EXPECT_FALSE(grade == 'D' && count.hardware > 0) << what;
}

Table totals(const std::map<std::string, Count>& counts) {
    Table table{{"field", "refuted by hardware", "published only", "unpinned", "no result can tell"}};
    Count all;
    const auto line = [&](const std::string& name, const Count& c) {
        table.push_back({name, std::to_string(c.hardware), std::to_string(c.published), std::to_string(c.unpinned),
                         std::to_string(c.moot)});
    };
    for (const auto& [field, c] : counts) {
        line(field, c);
        all = {all.hardware + c.hardware, all.published + c.published, all.unpinned + c.unpinned, all.moot + c.moot};
    }
    line("all", all);
    return table;
}

/// What is printed.
struct Report {
    Table changes{{"row", "field", "change", "grade", "refuted by"}};
    std::map<std::vector<std::string>, int> moot;
    std::map<std::string, Count> of_field;
    std::vector<std::string> without;

    void add(const MmaSpec& row, const RowChange& change, const Refuted& by) {
        const char grade = grade_of(row.evidence, graded_with(change.field));
        if (change.moot.empty())
            changes.push_back({name_of(row), change.field, change.change, {grade}, text(by)});
        else
            ++moot[{change.field, change.change, change.moot}];
        of_field[change.field].add(change, by);
    }

    void print() const {
        Table untold{{"field", "change", "no result can tell, for", "rows"}};
        for (const auto& [line, rows] : moot) untold.push_back({line[0], line[1], line[2], std::to_string(rows)});
        std::cout << to_columns(changes) << '\n' << to_columns(untold) << '\n' << to_columns(totals(of_field)) << '\n';
        std::cout << fmt::format("rows with a result: {} of {}; without: {}\n", mma_specs().size() - without.size(),
                                 mma_specs().size(), fmt::join(without, ", "));
    }
};

TEST_F(EvidenceTest, GradesAreWhatResultsSay) {
    REQUIRE_VECTORS();
    read();
    Report report;
    for (const MmaSpec& row : mma_specs()) {
        if (!results[&row].any()) {
            report.without.push_back(name_of(row));
            continue;
        }
        std::map<std::string, Count> of_grade;
        for (const RowChange& change : changes_of(row, longest_k(row))) {
            const Refuted by = change.moot.empty() ? refuted(change, row) : Refuted{};
            report.add(row, change, by);
            of_grade[graded_with(change.field)].add(change, by);
        }
        for (const auto& [graded, count] : of_grade)
            if (!graded.empty()) expect_grade(row, grade_of(row.evidence, graded), count);
    }
    report.print();
}

// What a CPU lacks leaves its rows without results.
TEST_F(EvidenceTest, RowsWithoutResultsAreNotGradedA) {
    REQUIRE_VECTORS();
    read();
    for (const MmaSpec& row : mma_specs()) {
        const Evidence& e = row.evidence;
        const std::string grades{e.group, e.fraction_bits, e.exponent_floor, e.rounding};
        const Results& known = results[&row];
        const bool hardware = !known.recordings.empty() || !known.directed.empty() || row.processor == "x86";
        EXPECT_TRUE(hardware || grades.find('A') == std::string::npos) << name_of(row);
    }
}

TEST(Changes, AreOfEveryField) {
    for (const MmaSpec& row : mma_specs()) {
        std::set<std::string> fields;
        for (const RowChange& change : changes_of(row, longest_k(row))) fields.insert(change.field);
        EXPECT_EQ(fields.size(), row_field_count(row))
            << name_of(row) << " " << fmt::format("{}", fmt::join(fields, " "));
    }
}

// A reason why no result can tell is not believed, but tried on every kind of operand that the instruction takes.
TEST(Changes, ThatNoResultCanTellChangeNothing) {
    std::uint64_t seed = 0;
    for (const MmaSpec& row : mma_specs()) {
        if (row.scaling) continue;
        const auto k = static_cast<std::size_t>(longest_k(row));
        for (const RowChange& change : changes_of(row, longest_k(row))) {
            if (change.moot.empty() || change.row == row) continue;
            for (const HostileKind& kind : hostile_kinds) {
                const Hostile x(row, kind, {4, 8, k}, ++seed);
                ASSERT_EQ(one_by_one(change.row, x), one_by_one(row, x))
                    << name_of(row) << ", " << change.field << " " << change.change << ", " << kind.name;
            }
        }
    }
}

}  // namespace
}  // namespace halfulp::test
