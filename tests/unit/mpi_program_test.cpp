// Claim: `mpirun -n N halfulp verify` leaves the manifest, byte for byte, that one process leaves, whoever began it; what is wrong
// with it is said in one line.
// Oracle: the single process. Skipped where there is no MPI. Shared: the engines, which other tests hold against each other.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <regex>
#include <string>

#include "support/folder.hpp"
#include "support/ranks.hpp"

namespace {

namespace fs = std::filesystem;
using halfulp::test::content;
using halfulp::test::FolderTest;
using halfulp::test::halfulp;
using halfulp::test::on_ranks;
using halfulp::test::Outcome;
using testing::AllOf;
using testing::HasSubstr;

class MpiProgram : public FolderTest {
  protected:
    void SetUp() override {
        if (!halfulp::test::can_start_ranks()) GTEST_SKIP() << "there is no MPI";
    }
    std::string in(const char* name) const { return (folder / name).string(); }
};

// Five shards of the 2^28.
const std::string campaign = "verify fma --format fp16 --engine batch --against narrow --threads 1 --shard 5/53687091 ";

TEST_F(MpiProgram, LeavesTheManifestOfOneProcess) {
    const Outcome alone = halfulp(campaign + "--resume " + in("alone"));
    EXPECT_EQ(alone.status, 0);
    EXPECT_THAT(alone.output, HasSubstr("\n5 of 268435456 shards, 0 mismatches, hash "));
    for (const int ranks : {1, 2, 4}) {
        const Outcome outcome = on_ranks(ranks, campaign + "--resume " + in("ranks"));
        EXPECT_EQ(outcome.status, 0) << outcome.output;
        EXPECT_EQ(outcome.output, alone.output) << "told once, by rank 0 of " << ranks;
        EXPECT_EQ(content(in("ranks")), content(in("alone"))) << ranks;
        fs::remove(in("ranks"));
    }
}

TEST_F(MpiProgram, ContinuesWhatOneProcessBegan) {
    const std::string half =
        "verify mul --format fp16 --engine batch --against narrow --threads 1 --resume " + in("file");
    EXPECT_EQ(halfulp(half + " --shard 1/2048").status, 0);
    EXPECT_THAT(on_ranks(2, half + " --shard 1/1024").output, HasSubstr("\n4 of 4096 shards, "));
    EXPECT_THAT(halfulp(half + " --shard 1/1024").output, HasSubstr("\n4 of 4096 shards, "));
}

TEST_F(MpiProgram, WhatIsWrongIsSaidInOneLine) {
    for (const auto& [arguments, said] : {
             std::pair<std::string, std::string>{campaign + "--resume /nowhere/at/all",
                                                 "halfulp: /nowhere/at/all: expected a file that can be written\n"},
             {campaign + ": -n 1 '" HALFULP_PROGRAM "' " + campaign + "--round up",
              "halfulp: rank 2: expected what rank 0 was given, halfulp "},
         }) {
        const Outcome outcome = on_ranks(2, arguments);
        EXPECT_EQ(outcome.status, 2) << arguments;
        EXPECT_THAT(outcome.output, HasSubstr(said));
        // mpirun ends the other rank, which may find time to say so.
        const std::string wrong = std::regex_replace(outcome.output, std::regex("halfulp: interrupted"), "");
        EXPECT_EQ(wrong.find("halfulp: "), wrong.rfind("halfulp: ")) << outcome.output;
    }
    EXPECT_THAT(
        halfulp::test::shell("PMI_SIZE=2 '" HALFULP_PROGRAM "' " + campaign).output,
        AllOf(HasSubstr("halfulp: expected 2 ranks of MPI, as were started; "), HasSubstr("another MPI, found 1\n")));
}

// A copy that looks for a library of another name.
using MpiProgramWithoutMpi = FolderTest;
TEST_F(MpiProgramWithoutMpi, SaysWhatIsMissing) {
    std::string program = content(HALFULP_PROGRAM);
    constexpr std::string_view name = "halfulp_mpi.so", other = "halfulp_non.so";
    for (std::size_t at = 0; (at = program.find(name, at)) != std::string::npos;)
        program.replace(at, name.size(), other);
    const fs::path copy = file("halfulp", program);
    fs::permissions(copy, fs::perms::owner_all);
    const std::string command = "'" + copy.string() + "' verify add --format e2m1";
    const Outcome two = halfulp::test::shell("OMPI_COMM_WORLD_SIZE=2 " + command);
    EXPECT_EQ(two.status, 2);
    EXPECT_EQ(two.output,
              "halfulp: expected halfulp_non.so, as 2 ranks of MPI were started; found none that can be loaded: it is "
              "built where MPI is (Debian: libopenmpi-dev)\n");
    EXPECT_EQ(halfulp::test::shell("OMPI_COMM_WORLD_SIZE=1 " + command).status, 0);
    EXPECT_EQ(halfulp::test::shell(command).status, 0);
}

}  // namespace
