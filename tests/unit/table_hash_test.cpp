// Claim: the hash of a table is the published formula; it depends on every row's number, code and flags, not on the order
// of the rows, and the hashes of shards add up.
// Oracle: the formula in another language, by integers of any size. Shared: nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <set>
#include <utility>

#include <halfulp/lib/property/table_hash.hpp>

namespace halfulp::property {
namespace {

using Row = std::pair<std::uint64_t, Rounded>;

constexpr std::array rows = {
    Row{0, {0x3C00, {}}},
    Row{1, {0x7C00, {.overflow = true, .inexact = true}}},
    Row{2, {0xFFF8000000000000, {.invalid = true}}},
    Row{std::uint64_t{1} << 40, {0x0001, {.underflow = true, .inexact = true, .input_denormal = true}}},
};

constexpr std::uint64_t hash(const auto& some) {
    TableHash sum;
    for (const auto& [row, result] : some) sum.add(row, result);
    return sum.value();
}

// Python, with M = 2**64 - 1:
//   def mix(x):
//       x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9 & M
//       x = (x ^ x >> 27) * 0x94d049bb133111eb & M
//       return x ^ x >> 31
//   sum(mix(mix(row) ^ mix((code << 6 | code >> 58) & M ^ flags)) for row, code, flags in
//       [(0, 0x3C00, 0), (1, 0x7C00, 5), (2, 0xFFF8 << 48, 16), (1 << 40, 1, 35)]) & M
static_assert(hash(rows) == 0x940d6aa8d03bb092);

TEST(TableHash, OrderDoesNotMatterAndShardsAddUp) {
    auto reversed = rows;
    std::reverse(reversed.begin(), reversed.end());
    EXPECT_EQ(hash(reversed), hash(rows));
    TableHash first, second;
    first.add(rows[0].first, rows[0].second);
    for (std::size_t i = 1; i < rows.size(); ++i) second.add(rows.at(i).first, rows.at(i).second);
    first.add(second);
    EXPECT_EQ(first.value(), hash(rows));
    EXPECT_EQ(TableHash{}.value(), 0U);
}

/// One row's number, each bit of a code of 16 bits, and each flag.
TEST(TableHash, EveryPartOfARowCounts) {
    std::set<std::uint64_t> seen{hash(rows)};
    const auto expect_other = [&](const auto& change) {
        auto changed = rows;
        change(changed[1]);
        EXPECT_TRUE(seen.insert(hash(changed)).second);
    };
    expect_other([](Row& row) { row.first = 3; });
    for (unsigned bit = 0; bit < 16; ++bit) expect_other([&](Row& row) { row.second.code ^= 1U << bit; });
    expect_other([](Row& row) { row.second.status.invalid ^= true; });
    expect_other([](Row& row) { row.second.status.divide_by_zero ^= true; });
    expect_other([](Row& row) { row.second.status.overflow ^= true; });
    expect_other([](Row& row) { row.second.status.underflow ^= true; });
    expect_other([](Row& row) { row.second.status.inexact ^= true; });
    expect_other([](Row& row) { row.second.status.input_denormal ^= true; });
}

/// Results that changed places are another table.
TEST(TableHash, ResultsBelongToTheirRows) {
    auto exchanged = rows;
    std::swap(exchanged[0].second, exchanged[1].second);
    EXPECT_NE(hash(exchanged), hash(rows));
}

TEST(TableHash, FlagsAreTestFloatsBits) {
    EXPECT_EQ(flag_bits({.inexact = true}), 1U);
    EXPECT_EQ(flag_bits({.underflow = true}), 2U);
    EXPECT_EQ(flag_bits({.overflow = true}), 4U);
    EXPECT_EQ(flag_bits({.divide_by_zero = true}), 8U);
    EXPECT_EQ(flag_bits({.invalid = true}), 16U);
    EXPECT_EQ(flag_bits({.input_denormal = true}), 32U);
}

}  // namespace
}  // namespace halfulp::property
