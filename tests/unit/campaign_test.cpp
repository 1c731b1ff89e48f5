// Claim: a campaign's manifest is the same for any number of threads and processes, any division into parts and any
// interruption; it counts and tells mismatches; no campaign continues another's, nor what was written by no campaign.
// Oracle: shards that are functions of their number, and engines made wrong on purpose. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/property/table_hash.hpp>
#include <halfulp/lib/verify/campaign.hpp>
#include <halfulp/lib/verify/sweep.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/folder.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;
using test::content;
using testing::HasSubstr;

class Campaign : public test::FolderTest {
  protected:
    const fs::path file = folder / "manifest";
};

constexpr std::uint64_t shards = 37, most = 5;

ShardResult square(std::uint64_t number) {
    ShardResult result{number * number, number % 10 == 7 ? 2U : 0U, {}};
    if (result.mismatches > 0) result.examples = {"7 is odd"};
    return result;
}

TEST_F(Campaign, ThreadsAndPartsMakeTheSameManifest) {
    Manifest alone("squares", shards, most);
    run_campaign(alone, square, {.threads = 1, .manifest = file});
    const std::string expected = content(file);
    EXPECT_THAT(expected, HasSubstr("\"mismatches\": 6"));
    for (const unsigned threads : {2U, 5U}) {
        fs::remove(file);
        for (std::uint64_t part = 1; part <= 4; ++part) {
            Manifest manifest("squares", shards, most);
            if (part > 1) manifest.read(file);
            run_campaign(manifest, square, {.threads = threads, .part = part, .parts = 4, .manifest = file});
        }
        EXPECT_EQ(content(file), expected) << threads;
    }
}

TEST_F(Campaign, AnInterruptedCampaignContinues) {
    std::atomic<int> left = 10;
    const auto interrupted = [&](std::uint64_t number) {
        if (left-- == 0) throw std::runtime_error("pulled the plug");
        return square(number);
    };
    Manifest first("squares", shards, most);
    EXPECT_THROW(run_campaign(first, interrupted, {.threads = 1, .manifest = file}), std::runtime_error);
    Manifest second("squares", shards, most);
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
    Manifest whole("squares", shards, most);
    run_campaign(whole, square, {.threads = 1});
    EXPECT_EQ(second.hash(), whole.hash());
    EXPECT_EQ(second.done(), whole.done());
}

// As processes that start and end at the same time: whatever is written between another's reading and writing is lost,
// if nothing keeps them apart. Each round adds a shard by each of five.
TEST_F(Campaign, ProcessesThatShareAManifestLoseNothing) {
    for (std::uint64_t round = 0; round < 7; ++round) {
        std::vector<pid_t> children;
        for (std::uint64_t number = 5 * round; number < 5 * round + 5; ++number) {
            const pid_t child = fork();
            if (child == 0) {
                Manifest manifest("squares", shards, most);
                manifest.add(number, square(number));
                manifest.checkpoint(file);
                _exit(0);
            }
            children.push_back(child);
        }
        for (const pid_t child : children) {
            int status = -1;
            EXPECT_EQ(waitpid(child, &status, 0), child);
            EXPECT_EQ(status, 0);
        }
        Manifest all("squares", shards, most);
        all.read(file);
        EXPECT_EQ(all.done().size(), 5 * round + 5);
    }
    EXPECT_FALSE(fs::exists(file.string() + ".lock"));
}

TEST_F(Campaign, AMisfitIsNamedByItsField) {
    Manifest manifest("squares", shards, most);
    run_campaign(manifest, square, {.threads = 1, .manifest = file});
    const std::string whole = content(file);
    const auto message = [&](const std::string& old, const std::string& changed) -> std::string {
        const std::size_t at = whole.find(old);
        EXPECT_NE(at, std::string::npos) << old;
        std::ofstream(file) << std::string(whole).replace(at, old.size(), changed);
        try {
            Manifest("squares", shards, most).read(file);
        } catch (const InputError& error) {
            return std::string(error.what()).substr(file.string().size());
        }
        return {};
    };
    EXPECT_EQ(message("squares", "squares"), "");
    const std::string ninth = "{\n   \"shard\": 9,\n   \"hash\": \"0000000000000051\"\n  }";
    for (const auto& [old, changed, said] : {
             std::tuple<std::string, std::string, std::string>{"squares", "cubes",
                                                               ": campaign: expected \"squares\", found \"cubes\""},
             {"\"shards\": 37", "\"shards\": 38", ": shards: expected 37, found \"38\""},
             {"\"mismatches\": 6", "\"mismatches\": 7", ": mismatches: expected 6, found \"7\""},
             {"\"hash\": \"0000000000003f4e\"", "\"hash\": \"0000000000003f4f\"",
              ": hash: expected \"0000000000003f4e\", found \"0000000000003f4f\""},
             {"\"done\"", "\"gone\"", ": expected an object with \"done\", found "},
             {"\"shard\": 9,", "\"shard\": 8,",
              ": done[9].shard: expected a shard of which nothing was said yet, found \"8\""},
             {"\"shard\": 9,", "\"shard\": 37,", ": done[9].shard: expected a number from 0 to 36, found \"37\""},
             {"\"shard\": 9,", "\"shard\": -9,", ": done[9].shard: expected a number from 0 to 36, found \"-9\""},
             {"\"shard\": 9,", "", ": done[9]: expected an object with \"shard\", found "},
             {"\"0000000000000051\"", "\"000000000000051\"",
              ": done[9].hash: expected 16 hexadecimal digits, found \"000000000000051\""},
             {"\"0000000000000051\"", "\"00000000000000xx\"", ": done[9].hash: expected 16 hexadecimal digits, found "},
             {"\"0000000000000051\"", "81", ": done[9].hash: expected 16 hexadecimal digits, found \"81\""},
             {ninth, "9", ": done[9]: expected an object with \"shard\", found \"9\""},
             {ninth + ",\n  ", "", ": hash: expected \"0000000000003efd\", found \"0000000000003f4e\""},
             {"\"mismatches\": 2", "\"mismatches\": 0",
              ": done[7].mismatches: expected a number from 1 to 5, found \"0\""},
             {"\"mismatches\": 2", "\"mismatches\": 6",
              ": done[7].mismatches: expected a number from 1 to 5, found \"6\""},
             {"\"7 is odd\"", "7", ": done[7].examples[0]: expected a text, found \"7\""},
             {"\"7 is odd\"", "\"7\", \"is\", \"odd\"",
              ": done[7].examples: expected no more examples than mismatches, found "},
             {"{", "", ": expected a manifest of `halfulp verify`, found: "},
         })
        EXPECT_THAT(message(old, changed), testing::StartsWith(said)) << changed;
}

// Of another build, whose results would be mixed with this one's.
TEST_F(Campaign, AContradictionIsNamed) {
    Manifest manifest("squares", shards, most), other("squares", shards, most);
    manifest.add(3, square(3));
    manifest.checkpoint(file);
    other.add(3, square(4));
    try {
        other.checkpoint(file);
        ADD_FAILURE() << "two results of one shard";
    } catch (const InputError& error) {
        EXPECT_THAT(error.what(),
                    HasSubstr(": done[0]: expected hash 0000000000000010 and 0 mismatches, as computed here"));
    }
}

TEST_F(Campaign, WhatCannotBeWrittenLeavesWhatWasThere) {
    std::ofstream(file) << "old";
    fs::path beside = file;
    beside += ".new";
    fs::create_directory(beside);  // in the place of the new file
    EXPECT_THROW(write_text(file, "new"), InputError);
    EXPECT_EQ(content(file), "old");
    EXPECT_TRUE(fs::remove(beside));
    write_text(file, "new");
    EXPECT_EQ(content(file), "new");
    EXPECT_FALSE(fs::exists(beside));
    EXPECT_THROW(Manifest("squares", shards, most).checkpoint("/nowhere/at/all"), InputError);
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
    EXPECT_THROW(write_text("/dev/full", "new"), InputError);
}

/// The exact engine, with one result of fp8 wrong.
Engine wrong_engine() {
    Engine engine = engines().front();
    engine.name = "wrong";
    engine.run = [](const Questions& q, std::span<Rounded> results) {
        engines().front().run(q, results);
        for (std::size_t i = 0; i < q.operands.size(); ++i)
            if (q.operands[i][0] == 0x38 && q.operands[i][1] == 0x01) results[i].code ^= 1;
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

/// A subject, and who can be asked of it.
struct Asked {
    Subject subject;
    std::string engines;
};

const std::vector<Asked> asked = {
    {{Operation::Div, binary16, binary16}, "exact, narrow, batch, fixed, mpfr"},
    {{Operation::Fma, bfloat16, bfloat16}, "exact, narrow, batch, fixed, mpfr"},
    {{Operation::Add, e4m3fn, e4m3fn}, "exact, narrow, batch, fixed, mpfr"},
    {{Operation::Mul, e8m0, e8m0}, "exact, narrow, mpfr"},
    {{Operation::Sqrt, e4m3fnuz, e4m3fnuz}, "exact, narrow, batch, fixed, mpfr"},
    {{Operation::Mul, binary32, binary16}, "exact, mpfr"},
    {{Operation::Fma, e5m2, binary32}, "exact, mpfr"},
    {{Operation::Remainder, binary32, binary32}, "exact, mpfr"},
    {{Operation::Fmod, e4m3fn, e4m3fn}, "exact, mpfr"},
    {{Operation::RoundToIntegral, binary16, binary16}, "exact, mpfr"},
    {{Operation::RoundToIntegralExact, bfloat16, e2m3}, "exact, mpfr"},
    {{Operation::Convert, binary32, binary16}, "exact, narrow, batch, mpfr"},
    {{Operation::Convert, binary32, e8m0}, "exact, narrow, batch, mpfr"},
    {{Operation::Convert, binary32, e2m1}, "exact, narrow, batch, mpfr"},
    {{Operation::Convert, binary32, tf32}, "exact, narrow, batch, mpfr"},
    {{Operation::Convert, e5m2fnuz, binary32}, "exact, narrow, batch, mpfr"},
    {{Operation::Convert, binary16, e4m3fn}, "exact, narrow, mpfr"},
    {{Operation::Convert, binary64, bfloat16}, "exact, mpfr"},
    {{Elementary::Exp, binary16, binary16}, "exact, mpfr"},
    {{Elementary::Gelu, bfloat16, e4m3fn}, "exact, mpfr"},
    {{Elementary::Log, e8m0, binary32}, "exact, mpfr"},
    {{Elementary::Rsqrt, e5m2fnuz, e8m0}, "exact, mpfr"},
    {{Elementary::Exp, binary32, binary32}, ""},
    {{Operation::Minimum, binary16, binary16}, "exact"},
};

/// Every rounding, and every other rule once; those that not every engine knows are taken where it does.
std::vector<Env> every_rule_once() {
    std::vector<Env> envs;
    envs.reserve(roundings.size() + 4);
    for (const auto& row : roundings) envs.push_back({.rounding = row.rounding});
    envs.push_back({.overflow = Overflow::Saturate, .tininess = Tininess::BeforeRounding});
    envs.push_back({.rounding = Rounding::TowardZero, .overflow = Overflow::ToInfinity});
    envs.push_back({.flush_inputs = true, .flush_outputs = Flush::AfterRounding});
    envs.push_back({.rounding = Rounding::NearestAway, .flush_outputs = Flush::BeforeRounding});
    return envs;
}

// Whoever can be asked says the same, bits and flags, in several environments at once.
TEST(Sweep, EveryEngineAgreesWithEveryOther) {
    for (const auto& [subject, names] : asked) {
        EXPECT_EQ(engines_for(subject, {}), names) << subject.name() << ' ' << name_of(subject.from);
        for (const Engine& candidate : engines()) {
            std::vector<Env> envs;
            for (const Env& env : every_rule_once())
                if (candidate.lacks(subject, env).empty()) envs.push_back(env);
            if (envs.empty()) continue;
            const Sweep sweep{subject, envs, candidate, engines().front(), 2000, 1};
            sweep.check();
            const ShardResult result = sweep.run(0);
            EXPECT_EQ(result.mismatches, 0U) << testing::PrintToString(result.examples);
        }
    }
}

TEST(Sweep, WhoCannotBeAskedSaysWhoCan) {
    const auto& all = engines();
    const auto message = [](const Subject& subject, const Env& env, const Engine& engine) -> std::string {
        try {
            Sweep{subject, {env}, engine, engine, 5, 1}.check();
        } catch (const InputError& error) {
            return error.what();
        }
        return {};
    };
    EXPECT_EQ(
        message({Operation::Fma, binary32, binary32}, {}, all[1]),
        "narrow is asked in formats of at most 16 bits, and for results in the operands' format; here can be asked: "
        "exact, fixed, mpfr");
    EXPECT_EQ(message({Elementary::Exp, binary32, binary32}, {}, all[0]),
              "exact is asked for elementary functions in formats of at most 16 bits; here can be asked: none");
    EXPECT_EQ(message({Operation::Add, binary16, binary16}, {.nan = NanPolicy::Arm}, all[4]),
              "mpfr has one NaN; here can be asked: exact, narrow");
}

// The random bits are draws of a seed, one for each tuple of operands whatever the block it is in.
TEST(Sweep, RandomBitsGoWithTheOperands) {
    const Env env{.rounding = Rounding::Stochastic};
    const Sweep sweep{{Operation::Sqrt, binary16, binary16}, {env}, engines().front(), engines().front(), {}, 3};
    property::TableHash hash;
    for (std::uint64_t code = 0; code < 65536; ++code) {
        const std::uint64_t random = kernel::draw({.seed = ~std::uint64_t{3}}, code);
        hash.add(code,
                 compute(Operation::Sqrt, binary16, {code}, {.rounding = Rounding::Stochastic, .random = random}));
    }
    EXPECT_EQ(sweep.run(0).hash, hash.value());
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
