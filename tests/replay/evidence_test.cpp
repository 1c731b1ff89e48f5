// Claim: a field of a matrix unit that is graded A decides recorded results: changed, it gives other bits than the GPU.
// Oracle: the recordings and directed vectors of recordings_test. The test prints which of them refute each change of
// each field, or that the field is unpinned; rows without results are named, not passed. Shared: nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iostream>
#include <sstream>

#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/replay.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/lib/report/table.hpp>

#include "support/vectors.hpp"

namespace halfulp {
namespace {

struct Mutation {
    std::string field, change;
    char Evidence::*grade;  ///< nullptr: the field has no grade, and what happens is printed only
    std::function<void(MmaSpec&)> apply;
};

const std::vector<Mutation> mutations = {
    {"group", "/ 2", &Evidence::group, [](MmaSpec& s) { s.group /= 2; }},
    {"group", "* 2", &Evidence::group, [](MmaSpec& s) { s.group = std::min(2 * s.group, 32); }},
    {"fraction_bits", "- 1", &Evidence::fraction_bits, [](MmaSpec& s) { --s.fraction_bits; }},
    {"fraction_bits", "+ 1", &Evidence::fraction_bits, [](MmaSpec& s) { ++s.fraction_bits; }},
    {"exponent_floor", "- 1", &Evidence::exponent_floor, [](MmaSpec& s) { --s.exponent_floor; }},
    {"exponent_floor", "+ 1", &Evidence::exponent_floor, [](MmaSpec& s) { ++s.exponent_floor; }},
    {"exponent_floor", "KM's", &Evidence::exponent_floor,
     [](MmaSpec& s) { s = with_options(s, {.fp16_floor = MmaOptions::Fp16Floor::KM}); }},
    {"rounding", "the other", &Evidence::rounding,
     [](MmaSpec& s) {
         s.rounding = s.rounding == Rounding::TowardZero ? Rounding::NearestEven : Rounding::TowardZero;
     }},
    {"kept", "all", &Evidence::rounding, [](MmaSpec& s) { s.kept = s.accumulator.format; }},
    {"order", "the other", nullptr,
     [](MmaSpec& s) { s.order = s.order == KOrder::Ascending ? KOrder::AlternatePairs : KOrder::Ascending; }},
    {"multiplied", "none", nullptr, [](MmaSpec& s) { s.multiplied.reset(); }},
    {"c_last", "the other", nullptr, [](MmaSpec& s) { s.c_last = !s.c_last; }},
    {"zero_sign", "PositiveZero", nullptr,
     [](MmaSpec& s) { s = with_options(s, {.zero_sign = ZeroSign::PositiveZero}); }},
    {"family", "ExactSum", nullptr, [](MmaSpec& s) { s.family = Family::ExactSum; }},
    {"family", "FlooredSum", nullptr, [](MmaSpec& s) { s.family = Family::FlooredSum; }},
};

class EvidenceTest : public testing::Test {
  protected:
    std::vector<Recording> recordings;
    std::vector<DirectedVector> directed;

    void read() {
        for (const RecordingFiles& files : find_recordings(vectors_folder() / "tensor-core-recordings"))
            recordings.push_back(read_recording(files));
        directed = read_directed(vectors_folder() / "tensor-core-directed.tsv");
    }

    /// A block cannot be longer than the instruction: where its recorded K is no more, a longer one is the same.
    bool longer_than_recorded(const MmaSpec& row, const MmaSpec& changed) const {
        return changed.group > row.group && std::none_of(recordings.begin(), recordings.end(), [&](auto& r) {
                   return r.spec == &row && r.k > static_cast<std::size_t>(row.group);
               });
    }

    bool has_results(const MmaSpec& row) const {
        return std::any_of(recordings.begin(), recordings.end(), [&](auto& r) { return r.spec == &row; }) ||
               std::any_of(directed.begin(), directed.end(), [&](auto& v) { return v.spec == &row; });
    }

    /// The recorded results that differ from what `changed`, a version of the row, gives; empty if none do.
    std::string refuted_by(const MmaSpec& row, const MmaSpec& changed) const {
        std::ostringstream text;
        for (const Recording& r : recordings) {
            if (r.spec != &row) continue;
            const Replay result = replay(r, changed);
            if (result.matches != result.rows)
                text << result.rows - result.matches << " of " << result.rows << " recorded rows; ";
        }
        for (const DirectedVector& v : directed)
            if (v.spec == &row && mma_dot(changed, v.a, v.b, v.c) != v.d) text << v.id << ' ';
        return text.str();
    }
};

TEST_F(EvidenceTest, FieldsGradedADecideResults) {
    REQUIRE_VECTORS();
    read();
    Table table{{"row", "field", "change", "grade", "refuted by"}};
    for (const MmaSpec& row : mma_specs()) {
        if (!has_results(row)) {
            std::cout << "not checked, no results here: " << name_of(row) << '\n';
            continue;
        }
        for (const Mutation& mutation : mutations) {
            MmaSpec changed = row;
            mutation.apply(changed);
            if (changed == row || longer_than_recorded(row, changed)) continue;
            const char grade = mutation.grade == nullptr ? '-' : row.evidence.*mutation.grade;
            const std::string by = refuted_by(row, changed);
            table.push_back({name_of(row), mutation.field, mutation.change, {grade}, by.empty() ? "unpinned" : by});
            EXPECT_FALSE(grade == 'A' && by.empty()) << testing::PrintToString(table.back());
        }
    }
    std::cout << to_columns(table);
}

// A grade A says that results are there to refute its neighbours.
TEST_F(EvidenceTest, RowsWithoutResultsAreNotGradedA) {
    REQUIRE_VECTORS();
    read();
    for (const MmaSpec& row : mma_specs()) {
        const Evidence& e = row.evidence;
        const std::string grades{e.group, e.fraction_bits, e.exponent_floor, e.rounding};
        EXPECT_TRUE(has_results(row) || grades.find('A') == std::string::npos) << name_of(row);
    }
}

}  // namespace
}  // namespace halfulp
