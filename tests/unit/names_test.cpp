// Claim: every format, rounding, operation and choice is found by its name and by each alias, and no name means two of them.
// Oracle: the names that IEEE 754, ml_dtypes, PTX and TestFloat use, as literals. Shared: nothing.
#include <gtest/gtest.h>

#include <halfulp/softfloat/classify.hpp>
#include <halfulp/softfloat/env_names.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>
#include <halfulp/softfloat/operation.hpp>
#include <halfulp/softfloat/rounding.hpp>
#include <set>

namespace halfulp {
namespace {

TEST(Names, FormatsByTheNamesOfTheField) {
    const std::pair<std::string_view, Format> expected[] = {
        {"binary64", binary64}, {"fp64", binary64},
        {"double", binary64},   {"binary32", binary32},
        {"fp32", binary32},     {"f32", binary32},
        {"float", binary32},    {"tf32", tf32},
        {"binary16", binary16}, {"fp16", binary16},
        {"f16", binary16},      {"half", binary16},
        {"bfloat16", bfloat16}, {"bf16", bfloat16},
        {"e5m2", e5m2},         {"float8_e5m2", e5m2},
        {"e4m3fn", e4m3fn},     {"e4m3", e4m3fn},
        {"fp8_e4m3", e4m3fn},   {"float8_e4m3fn", e4m3fn},
        {"float8_e4m3", e4m3},  {"e4m3_ieee", e4m3},
        {"e5m2fnuz", e5m2fnuz}, {"float8_e5m2fnuz", e5m2fnuz},
        {"e3m2", e3m2},         {"float8_e4m3fnuz", e4m3fnuz},
        {"e2m3", e2m3},         {"float6_e2m3fn", e2m3},
        {"e2m1", e2m1},         {"float4_e2m1fn", e2m1},
        {"e8m0", e8m0},         {"ue8m0", e8m0},
    };
    for (const auto& [name, format] : expected) {
        ASSERT_TRUE(find_format(name)) << name;
        EXPECT_EQ(find_format(name)->format, format) << name;
    }
}

TEST(Names, RoundingsByTheNamesOfTheField) {
    const std::pair<std::string_view, Rounding> expected[] = {
        {"NearestEven", Rounding::NearestEven},
        {"rn", Rounding::NearestEven},
        {"near_even", Rounding::NearestEven},
        {"NearestAway", Rounding::NearestAway},
        {"rna", Rounding::NearestAway},
        {"near_maxMag", Rounding::NearestAway},
        {"TowardZero", Rounding::TowardZero},
        {"rz", Rounding::TowardZero},
        {"minMag", Rounding::TowardZero},
        {"Down", Rounding::Down},
        {"rm", Rounding::Down},
        {"min", Rounding::Down},
        {"Up", Rounding::Up},
        {"rp", Rounding::Up},
        {"max", Rounding::Up},
        {"AwayFromZero", Rounding::AwayFromZero},
        {"raz", Rounding::AwayFromZero},
        {"ToOdd", Rounding::ToOdd},
        {"odd", Rounding::ToOdd},
        {"rs", Rounding::Stochastic},
        {"roundTowardPositive", Rounding::Up},
    };
    for (const auto& [name, rounding] : expected) {
        ASSERT_TRUE(find_rounding(name)) << name;
        EXPECT_EQ(find_rounding(name)->rounding, rounding) << name;
    }
}

template <class Row, std::size_t N>
void expect_names_unique_and_found(const std::array<Row, N>& table) {
    std::set<std::string_view> seen;
    for (const Row& row : table) {
        EXPECT_TRUE(seen.insert(row.name).second) << row.name;
        EXPECT_EQ(find_by_name(table, row.name)->name, row.name);
        EXPECT_NE(known_names(table).find(row.name), std::string::npos) << row.name;
        for (const std::string_view alias : row.aliases) {
            EXPECT_TRUE(seen.insert(alias).second) << alias;
            EXPECT_EQ(find_by_name(table, alias)->name, row.name) << alias;
        }
    }
    for (const std::string_view unknown : {"", "binary17", "BINARY16", "binary16 ", "fp"})
        EXPECT_FALSE(find_by_name(table, unknown)) << unknown;
}

// Look-ups are for the compiler too.
static_assert(find_format("fp16")->format == binary16);
static_assert(find_rounding("rz")->rounding == Rounding::TowardZero);
static_assert(!find_format("fp17"));

TEST(Names, FormatsAreUniqueAndFound) { expect_names_unique_and_found(formats); }
TEST(Names, RoundingsAreUniqueAndFound) { expect_names_unique_and_found(roundings); }

template <class Value, std::size_t N>
void expect_rows_in_order(const std::array<Named<Value>, N>& table) {
    for (std::size_t i = 0; i < N; ++i) EXPECT_EQ(static_cast<std::size_t>(table[i].value), i) << table[i].name;
    expect_names_unique_and_found(table);
}

TEST(Names, ChoicesOfAnEnvAreUniqueAndFoundAndInOrder) {
    expect_rows_in_order(overflows);
    expect_rows_in_order(tininess_rules);
    expect_rows_in_order(flushes);
    expect_rows_in_order(nan_policies);
    expect_rows_in_order(classes);
    expect_rows_in_order(out_of_range_rules);
}

TEST(Names, IntegerTypesAreUniqueAndFound) { expect_names_unique_and_found(integer_types); }

TEST(Names, OperationsAreUniqueAndFoundAndInOrder) {
    for (std::size_t i = 0; i < operations.size(); ++i)
        EXPECT_EQ(static_cast<std::size_t>(operations[i].operation), i) << operations[i].name;
    expect_names_unique_and_found(operations);
    EXPECT_EQ(find_operation("mulAdd")->operation, Operation::Fma);
    EXPECT_EQ(find_operation("roundToInt")->operation, Operation::RoundToIntegral);
    EXPECT_EQ(operations.back().operation, Operation::LogbInteger);
}

TEST(Names, KnownNamesInTheTablesOrder) {
    EXPECT_EQ(known_names(roundings),
              "NearestEven, NearestAway, TowardZero, Down, Up, AwayFromZero, ToOdd, Stochastic");
}

TEST(Names, OfARow) {
    for (const auto& row : formats) EXPECT_EQ(name_of(row.format), row.name);
    for (const auto& row : roundings) EXPECT_EQ(name_of(row.rounding), row.name);
    EXPECT_EQ(name_of(ieee(16, 9)), "unnamed");
    EXPECT_FALSE(row_of(ieee(16, 9)));
    EXPECT_EQ(short_name(binary16), "fp16");
    EXPECT_EQ(short_name(bfloat16), "bf16");
    EXPECT_EQ(short_name(e2m1), "e2m1");
}

}  // namespace
}  // namespace halfulp
