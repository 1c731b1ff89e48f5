// Claim: `halfulp bench` measures what it is asked, writes it down, and refuses what cannot be.
// Oracle: the promise of its help, as literals. Shared: nothing; the program runs as a process of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "support/program.hpp"

namespace {

using halfulp::test::halfulp;
using halfulp::test::Outcome;
using testing::HasSubstr;
using testing::Not;

constexpr const char* quick = "bench --seconds 0 --no-peers ";

nlohmann::json measured(const std::string& arguments) {
    const Outcome outcome = halfulp(quick + arguments + " --json - 2>/dev/null");
    EXPECT_EQ(outcome.status, 0) << outcome.output;
    return nlohmann::json::parse(outcome.output);
}

TEST(BenchProgram, PrintsATableAProblem) {
    const Outcome outcome = halfulp(quick + std::string("--workload dot,gemm --size 40 --policy fp32,int8"));
    EXPECT_EQ(outcome.status, 0);
    for (const char* text : {"fp32 fused multiply-add", "read L1", "dot, normal data, m n k 1 1 40, 1 threads",
                             "gemm, normal data, m n k 40 40 40, 1 threads", "0 of 1600"})
        EXPECT_THAT(outcome.output, HasSubstr(text));
    EXPECT_THAT(outcome.output, Not(HasSubstr("not installed")));
    EXPECT_THAT(outcome.output, Not(HasSubstr("has no")));
}

TEST(BenchProgram, LeavesTheSameBitsForAnyNumberOfThreadsAndAnyTarget) {
    const auto one = measured("--workload gemm,gemv,sum --size 70");
    const auto targets = nlohmann::json{one["machine"]["target"], "SCALAR"};
    for (const std::string target : targets) {
        const auto other = measured("--workload gemm,gemv,sum --size 70 --threads 3 --target " + target);
        EXPECT_EQ(other["machine"]["target"], target);
        ASSERT_EQ(other["problems"].size(), 3U);
        for (std::size_t i = 0; i < 3; ++i) {
            const auto &a = one["problems"][i]["measurements"], &b = other["problems"][i]["measurements"];
            ASSERT_EQ(a.size(), b.size());
            for (std::size_t k = 0; k < a.size(); ++k) EXPECT_EQ(a[k]["hash"], b[k]["hash"]) << a[k]["by"];
        }
    }
}

TEST(BenchProgram, EndsWithOneWhereAFormatOverflows) {
    // 2 * 10^5 numbers of [0, 1) sum to 10^5, beyond binary16.
    const Outcome outcome = halfulp(quick + std::string("--workload sum --size 200000 --data uniform --policy fp16"));
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.output, HasSubstr("1 of 1"));
}

TEST(BenchProgram, WithNothingToRunEndsWith77) {
    const Outcome outcome = halfulp(quick + std::string("--workload gemm --size 8,9 --policy fp32-exact"));
    EXPECT_EQ(outcome.status, 77);
    EXPECT_THAT(outcome.output, HasSubstr("gemm has no fp32-exact\n"));  // and once, of both sizes
    EXPECT_EQ(outcome.output.find("has no"), outcome.output.rfind("has no"));
}

TEST(BenchProgram, RefusesWhatCannotBe) {
    struct Case {
        const char *arguments, *message;
    };
    for (const Case& c :
         {Case{"--workload tea", "expected a workload of sum, dot, gemv, gemm, layer, layer-gradients, found \"tea\""},
          Case{"--policy fp33", "expected a policy of fp32, fp32-kahan"},
          Case{"--data odd", "expected a kind of data of normal, uniform, cancelling"},
          Case{"--target MMX", "expected an instruction set of"},
          Case{"--size 0", "halfulp: --size: expected a whole number from 1 to 2^64 - 1, found \"0\"; see --help"},
          Case{"--size -5", "--size: expected a whole number from 1 to 2^64 - 1, found \"-5\""},
          Case{"--size 8,tea", "--size: expected a whole number from 1 to 2^64 - 1, found \"tea\""},
          Case{"--size 18446744073709551616", "2^64 - 1, found \"18446744073709551616\""},
          Case{"--size 64 extra", "halfulp: The following argument was not expected: extra; see --help"},
          Case{"--workload sum extra", "not expected: extra"},
          Case{"--policy fp32 extra", "not expected: extra"},
          Case{"--seconds -1", "--seconds: expected a number of at least 0, found \"-1\""},
          Case{"--seconds nan", "found \"nan\""},
          Case{"--seconds 1e999", "found \"1e999\""},
          Case{"--seed -1", "--seed: expected a whole number from 0 to 2^64 - 1, found \"-1\""},
          Case{"--seed 18446744073709551616", "--seed: expected a whole number from 0 to 2^64 - 1, found"},
          Case{"--threads 0", "--threads: expected a whole number from 1 to 1024, found \"0\""},
          Case{"--threads 1025", "from 1 to 1024, found \"1025\""},
          Case{"--json ''", "--json: expected a file name, found none"},
          Case{"--workload gemm --size 10000000", "GiB that this machine has, found"},
          Case{"--workload backward --size 5000000", "GiB that this machine has, found"},
          Case{"--workload gemm --size 10000000000000", "GiB that this machine has, found"},
          Case{"--json /nowhere/at/all.json", "expected a file that can be written"}}) {
        const Outcome outcome = halfulp(quick + std::string(c.arguments));
        EXPECT_EQ(outcome.status, 2) << c.arguments;
        EXPECT_THAT(outcome.output, HasSubstr(c.message)) << c.arguments;
        EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 1) << outcome.output;
    }
}

TEST(WholeNumbers, AreTakenAsTheyAreOrRefused) {
    for (const char* arguments :
         {"verify add --format e2m1 --seed -1", "verify add --format e2m1 --seed 18446744073709551616",
          "gpu verify --device ptx:sm_90 --seed -1", "ptx run none --kernel k --seed -1",
          "ptx run none --kernel k --shared -1", "ptx run none --kernel k --step-limit -1",
          "gpu record folder --tiles -1", "gpu verify --repeats 0x10", "explain --threads 0"}) {
        const Outcome outcome = halfulp(arguments);
        EXPECT_EQ(outcome.status, 2) << arguments;
        EXPECT_THAT(outcome.output, HasSubstr(": expected a whole number from ")) << arguments;
    }
    const std::string seed = "verify add --format e2m1 --round sr --sample 100 --json --seed ";
    EXPECT_EQ(halfulp(seed + "010").output, halfulp(seed + "10").output);
    EXPECT_NE(halfulp(seed + "8").output, halfulp(seed + "10").output);
    EXPECT_EQ(halfulp(seed + "18446744073709551615").status, 0);
}

}  // namespace
