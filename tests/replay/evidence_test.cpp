// Claim: a field of a matrix unit that is graded A decides recorded results: changed, it gives other bits than the GPU.
// Oracle: the recordings and directed vectors of recordings_test. Rows without results are named, not passed, and so is
// what happens to fields of lower grade.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <iostream>

#include <halfulp/lib/matrix_unit/replay.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

#include "support/vectors.hpp"

namespace halfulp {
namespace {

struct Mutation {
    std::string name;
    char Evidence::*grade;  ///< nullptr: the field has no grade, and what happens is printed only
    std::function<void(MmaSpec&)> apply;
};

const std::vector<Mutation> mutations = {
    {"group / 2", &Evidence::group, [](MmaSpec& s) { s.group /= 2; }},
    {"group * 2", &Evidence::group, [](MmaSpec& s) { s.group = std::min(2 * s.group, 32); }},
    {"fraction_bits - 1", &Evidence::fraction_bits, [](MmaSpec& s) { --s.fraction_bits; }},
    {"fraction_bits + 1", &Evidence::fraction_bits, [](MmaSpec& s) { ++s.fraction_bits; }},
    {"exponent_floor - 1", &Evidence::exponent_floor, [](MmaSpec& s) { --s.exponent_floor; }},
    {"exponent_floor + 1", &Evidence::exponent_floor, [](MmaSpec& s) { ++s.exponent_floor; }},
    {"rounding", &Evidence::rounding,
     [](MmaSpec& s) {
         s.rounding = s.rounding == Rounding::TowardZero ? Rounding::NearestEven : Rounding::TowardZero;
     }},
    {"order", nullptr,
     [](MmaSpec& s) { s.order = s.order == KOrder::Ascending ? KOrder::AlternatePairs : KOrder::Ascending; }},
    {"multiplied", nullptr, [](MmaSpec& s) { s.multiplied.reset(); }},
    {"c_last", nullptr, [](MmaSpec& s) { s.c_last = !s.c_last; }},
    {"kept", &Evidence::rounding, [](MmaSpec& s) { s.kept = s.accumulator.format; }},
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

    /// Do recorded results differ from what `changed`, a version of the row, gives?
    bool refuted(const MmaSpec& row, const MmaSpec& changed) const {
        for (const DirectedVector& v : directed) {
            DirectedVector other = v;
            other.spec = &changed;
            if (v.spec == &row && replay(other) != v.d) return true;
        }
        for (const Recording& r : recordings) {
            const Replay result = r.spec == &row ? replay(r, changed) : Replay{};
            if (result.matches != result.rows) return true;
        }
        return false;
    }
};

std::string name_of(const MmaSpec& row) {
    return std::string(row.processor) + " " + std::string(row.instruction) + " " + formats_of(row);
}

TEST_F(EvidenceTest, FieldsGradedADecideResults) {
    REQUIRE_VECTORS();
    read();
    for (const MmaSpec& row : mma_specs()) {
        if (!has_results(row)) {
            std::cout << "not checked, no results here: " << name_of(row) << '\n';
            continue;
        }
        for (const Mutation& mutation : mutations) {
            MmaSpec changed = row;
            mutation.apply(changed);
            const bool same = changed.group == row.group && changed.kept == row.kept && changed.order == row.order &&
                              changed.multiplied == row.multiplied && changed.c_last == row.c_last &&
                              changed.fraction_bits == row.fraction_bits && changed.rounding == row.rounding &&
                              changed.exponent_floor == row.exponent_floor;
            if (same || longer_than_recorded(row, changed)) continue;
            const char grade = mutation.grade == nullptr ? '-' : row.evidence.*mutation.grade;
            const bool dies = refuted(row, changed);
            if (grade == 'A')
                EXPECT_TRUE(dies) << name_of(row) << ": " << mutation.name;
            else
                std::cout << name_of(row) << ": " << mutation.name << (dies ? " refuted" : " unpinned") << ", graded "
                          << grade << '\n';
        }
    }
}

}  // namespace
}  // namespace halfulp
