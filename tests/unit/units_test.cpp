// Claim: the table of units is listed by groups, each row in one; every row has instructions, whose lengths are multiples of
// the shortest; disputed points change what they say, of the rows of NVIDIA's GPUs that align, and nothing else.
// Oracle: literals from PTX ISA, Intel's SDM and the publications; the table itself, row by row. Shared: the table.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include <halfulp/lib/matrix_unit/disputed.hpp>
#include <halfulp/lib/matrix_unit/instruction.hpp>
#include <halfulp/lib/matrix_unit/row_groups.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/lib/matrix_unit/unit_table.hpp>

namespace halfulp {
namespace {

TEST(Units, EachRowIsInOneGroup) {
    std::size_t rows = 0;
    for (const auto& group : row_groups()) {
        EXPECT_EQ(group.data(), &mma_specs()[rows]);
        for (MmaSpec spec : group) {
            spec.a = group.front().a, spec.b = group.front().b;
            EXPECT_EQ(spec, group.front());
        }
        rows += group.size();
    }
    EXPECT_EQ(rows, mma_specs().size());
    EXPECT_EQ(unit_table().size(), row_groups().size() + 1);
    EXPECT_TRUE(row_groups("K80").empty());
}

TEST(Units, AreListedByInstruction) {
    EXPECT_EQ(units_of("V100"), "mma.sync wmma: fp16->fp32, fp16->fp16");
    EXPECT_THAT(units_of("x86"), testing::HasSubstr("; VPDPBUSDS: u8 by s8->s32; "));
    EXPECT_THAT(units_of("Ada"), testing::HasSubstr("mma.sync: e4m3, e5m2->fp32, e4m3 by e5m2, e5m2 by e4m3->fp32, "));
    for (const Processor& processor : processors)
        for (const MmaSpec& spec : mma_specs()) {
            const bool has = units_of(processor.name).find(std::string(spec.instruction) + ": ") != std::string::npos;
            EXPECT_TRUE(has || spec.processor != processor.name) << name_of(spec);
        }
}

TEST(Units, HaveAShortestInstruction) {
    const auto k = [](const char* unit) { return shortest_k(mma_unit(unit)); };
    EXPECT_EQ(k("V100 wmma fp16->fp32"), 4);
    EXPECT_EQ(k("A100 mma.sync fp16->fp32"), 8);
    EXPECT_EQ(k("A100 mma.sync tf32->fp32"), 4);
    EXPECT_EQ(k("H100 wgmma e4m3->fp32"), 32);
    EXPECT_EQ(k("B200 tcgen05.mxf4 e2m1->fp32"), 64);
    EXPECT_EQ(k("x86 VDPBF16PS bf16->fp32"), 2);
    EXPECT_EQ(k("x86 VPDPBUSD u8*s8->s32"), 4);
    for (const MmaSpec& spec : mma_specs()) EXPECT_LE(shortest_k(spec), 64) << name_of(spec);
}

TEST(Units, EachPatternIsListedOnce) {
    for (const Processor& processor : processors) {
        std::vector<std::string> patterns = instruction_patterns(processor.name);
        EXPECT_FALSE(patterns.empty());
        std::sort(patterns.begin(), patterns.end());
        EXPECT_EQ(std::adjacent_find(patterns.begin(), patterns.end()), patterns.end()) << processor.name;
    }
}

TEST(Units, DisputedPointsChangeOnePoint) {
    std::size_t floors = 0;
    for (const MmaSpec& spec : mma_specs()) {
        const bool aligns = spec.family == Family::AlignedSum || spec.family == Family::ScaledGroups;
        const auto floor = answered_otherwise(spec, disputed_points[0]),
                   zero = answered_otherwise(spec, disputed_points[1]);
        EXPECT_EQ(floor.has_value(), spec.km_floor.has_value()) << name_of(spec);
        EXPECT_EQ(zero.has_value(), aligns) << name_of(spec);
        EXPECT_TRUE(!floor || floor->exponent_floor == *spec.km_floor) << name_of(spec);
        EXPECT_TRUE(!zero || zero->zero_sign == ZeroSign::PositiveZero) << name_of(spec);
        floors += floor ? 1U : 0U;
    }
    EXPECT_GT(floors, 8U);
}

TEST(Units, TheTableShowsWhatIsDisputed) {
    const Table table = unit_table();
    const auto at = [&](const char* heading) {
        return std::find(table[0].begin(), table[0].end(), heading) - table[0].begin();
    };
    const auto floor = static_cast<std::size_t>(at("floor")), zero = static_cast<std::size_t>(at("zero"));
    ASSERT_LT(std::max(floor, zero), table[0].size());
    for (std::size_t i = 0; i < row_groups().size(); ++i) {
        const MmaSpec& spec = row_groups()[i].front();
        EXPECT_EQ(table[i + 1][floor].find("--km-floor") != std::string::npos, spec.km_floor.has_value());
        EXPECT_EQ(table[i + 1][zero].find("--positive-zero") != std::string::npos,
                  answered_otherwise(spec, disputed_points[1]).has_value());
    }
    EXPECT_EQ(table[2][floor], "2^-20; 2^-19 by --km-floor") << "V100 into fp16, MMA-Sim and KM";
    EXPECT_EQ(table[1][zero], "its terms' sign; +0 by --positive-zero");
}

}  // namespace
}  // namespace halfulp
