// Claim: a campaign's manifest is the same for any number of threads, any division into parts and any interruption; it
// counts and tells mismatches; no campaign continues another's.
// Oracle: shards that are functions of their number, and engines made wrong on purpose. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <sstream>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/property/table_hash.hpp>
#include <halfulp/lib/verify/campaign.hpp>
#include <halfulp/lib/verify/sweep.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace halfulp {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Campaign : public testing::Test {
  protected:
    const fs::path file = fs::path(testing::TempDir()) /
                          (std::string("campaign_") + testing::UnitTest::GetInstance()->current_test_info()->name());
    void SetUp() override { fs::remove(file); }
    void TearDown() override { fs::remove(file); }

    std::string text() const {
        std::stringstream all;
        all << std::ifstream(file).rdbuf();
        return all.str();
    }
};

constexpr std::uint64_t shards = 37;

ShardResult square(std::uint64_t number) {
    ShardResult result{number * number, number % 10 == 7 ? 2U : 0U, {}};
    if (result.mismatches > 0) result.examples = {"7 is odd"};
    return result;
}

TEST_F(Campaign, ThreadsAndPartsMakeTheSameManifest) {
    Manifest alone("squares", shards);
    run_campaign(alone, square, {.threads = 1, .manifest = file});
    const std::string expected = text();
    EXPECT_THAT(expected, HasSubstr("\"mismatches\": 6"));
    for (const unsigned threads : {2U, 5U}) {
        fs::remove(file);
        for (std::uint64_t part = 1; part <= 4; ++part) {
            Manifest manifest("squares", shards);
            if (part > 1) manifest.read(file);
            run_campaign(manifest, square, {.threads = threads, .part = part, .parts = 4, .manifest = file});
        }
        EXPECT_EQ(text(), expected) << threads;
    }
}

TEST_F(Campaign, AnInterruptedCampaignContinues) {
    std::atomic<int> left = 10;
    const auto interrupted = [&](std::uint64_t number) {
        if (left-- == 0) throw std::runtime_error("pulled the plug");
        return square(number);
    };
    Manifest first("squares", shards);
    EXPECT_THROW(run_campaign(first, interrupted, {.threads = 1, .manifest = file}), std::runtime_error);
    Manifest second("squares", shards);
    second.read(file);
    EXPECT_EQ(second.done().size(), 10U);
    std::atomic<int> computed = 0;
    run_campaign(second,
                 [&](std::uint64_t number) {
                     ++computed;
                     return square(number);
                 },
                 {.threads = 2, .manifest = file});
    EXPECT_EQ(computed, 27);
    Manifest whole("squares", shards);
    run_campaign(whole, square, {.threads = 1});
    EXPECT_EQ(second.hash(), whole.hash());
    EXPECT_EQ(second.done(), whole.done());
}

TEST_F(Campaign, NoManifestButItsOwnIsContinued) {
    Manifest manifest("squares", shards);
    run_campaign(manifest, square, {.threads = 1, .manifest = file});
    const auto message = [&](const std::string& campaign) -> std::string {
        try {
            Manifest(campaign, shards).read(file);
        } catch (const InputError& error) {
            return error.what();
        }
        return {};
    };
    EXPECT_EQ(message("squares"), "");
    EXPECT_THAT(message("cubes"), HasSubstr(": expected the manifest of \"cubes\", found that of \"squares\""));
    std::ofstream(file) << "{\"campaign\": \"squares\", \"done\": [{\"shard\": 37, \"hash\": \"0\"}]}";
    EXPECT_THAT(message("squares"), HasSubstr("there is no shard 37"));
    std::ofstream(file) << "{\"campaign\": \"squares\"";
    EXPECT_THAT(message("squares"), HasSubstr(": expected a manifest of `halfulp verify`, found: "));
    EXPECT_THROW(manifest.write(fs::path("/nowhere/at/all")), InputError);
}

TEST_F(Campaign, WhatCannotBeWrittenLeavesWhatWasThere) {
    std::ofstream(file) << "old";
    fs::path beside = file;
    beside += ".new";
    fs::create_directory(beside);  // in the place of the new file
    EXPECT_THROW(write_text(file, "new"), InputError);
    EXPECT_EQ(text(), "old");
    EXPECT_TRUE(fs::remove(beside));
    write_text(file, "new");
    EXPECT_EQ(text(), "new");
    EXPECT_FALSE(fs::exists(beside));
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
    EXPECT_THROW(write_text("/dev/full", "new"), InputError);
}

/// The exact engine, with one result of fp8 wrong.
Engine wrong_engine() {
    Engine engine = engines().front();
    engine.name = "wrong";
    engine.run = [](const Subject& s, std::span<const Env> envs, std::span<const Operands> operands,
                    std::span<Rounded> results) {
        engines().front().run(s, envs, operands, results);
        for (std::size_t i = 0; i < operands.size(); ++i)
            if (operands[i][0] == 0x38 && operands[i][1] == 0x01) results[i].code ^= 1;
    };
    return engine;
}

TEST(Sweep, TakesEveryOperandAndTellsWhatDiffers) {
    const Sweep right{{Operation::Add, e4m3fn, e4m3fn}, {Env{}}, engines().front(), engines().front()};
    EXPECT_EQ(right.tuples(), 65536U);
    EXPECT_EQ(right.run(0).mismatches, 0U);
    Sweep wrong = right;
    wrong.candidate = wrong_engine();
    const ShardResult result = wrong.run(0);
    EXPECT_EQ(result.mismatches, 1U);
    EXPECT_EQ(result.hash, right.run(0).hash);  // of the reference
    EXPECT_EQ(result.examples.at(0), "add, NearestEven: 38 01: wrong gave 39 inexact, exact 38 inexact");
    EXPECT_NE(wrong.text(), right.text());
}

// The hash is that of the table, computed here in the order that the documentation gives.
TEST(Sweep, HashesTheTableInItsOrder) {
    const std::vector<Env> plain = {{}, {.rounding = Rounding::Up}};
    const std::vector<Env> flushing = {{}, {.flush_inputs = true}};
    for (const std::vector<Env>& envs : {plain, flushing}) {
        const Sweep sweep{{Operation::Sqrt, e5m2, e5m2}, envs, engines().front(), engines().front()};
        property::TableHash hash;
        std::uint64_t row = 0;
        for (const Env& env : envs)
            for (std::uint64_t code = 0; code < 256; ++code)
                hash.add(row++, compute(Operation::Sqrt, e5m2, {code}, env));
        EXPECT_EQ(sweep.run(0).hash, hash.value());
    }
}

// Every engine that can be asked says the same, in several environments at once.
TEST(Sweep, EveryEngineAgreesWithEveryOther) {
    const std::vector<Env> envs = {{}, {.rounding = Rounding::ToOdd}, {.tininess = Tininess::BeforeRounding}};
    for (const Engine& candidate : engines()) {
        for (const Format& f : {binary16, bfloat16, e5m2}) {
            const Sweep sweep{{Operation::Div, f, f}, envs, candidate, engines().front(), 2000, 1};
            sweep.check();
            EXPECT_EQ(sweep.run(0).mismatches, 0U) << candidate.name << ' ' << name_of(f);
        }
    }
}

TEST(Sweep, SamplesAreNamedByTheirSeed) {
    Sweep sweep{{Operation::Fma, binary16, binary16}, {Env{}}, engines().front(), engines().front(), 5000, 1};
    const auto first = sweep.run(0);
    EXPECT_EQ(sweep.run(0), first);
    sweep.seed = 2;
    EXPECT_NE(sweep.run(0).hash, first.hash);
    sweep.sample.reset();
    EXPECT_EQ(sweep.tuples(), std::uint64_t{1} << 48);
    sweep.subject.from = binary32;
    EXPECT_THROW(sweep.check(), InputError);
}

}  // namespace
}  // namespace halfulp
