// Claim: a command that cannot write says so in one line and exits with 2, one that is interrupted says so and exits as
// killed, and neither leaves a file that is not whole; a reader that has gone ends the program as it does others.
// Oracle: the promise, as literals; the kernel of Linux, whose errors are real ones. Shared: nothing.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "support/folder.hpp"
#include "support/program.hpp"

namespace {

namespace fs = std::filesystem;
using halfulp::test::content;
using halfulp::test::FolderTest;
using halfulp::test::halfulp;
using halfulp::test::Outcome;
using halfulp::test::shell;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::EndsWith;
using testing::StartsWith;

/// A command that writes to PLACE. What it reads is in the test's folder, where it runs.
struct Command {
    const char* name;
    const char* arguments;
    bool to_folder = false;  ///< PLACE becomes one
    bool is_short = true;    ///< and may run to its end here
    int blocks = 1;          ///< of 512 bytes: less than what it writes
};

constexpr std::array commands = {
    Command{"exercises", "exercises 1 --backend soft --json PLACE"},
    Command{"verify", "verify add --format e2m1 --resume PLACE", false, true, 0},
    Command{"ptx", "ptx run k.ptx --arch sm_80 --kernel k --grid 1 --block 32 --arg out:u32:2048:PLACE"},
    Command{"gpu verify", "gpu verify --device ptx:sm_80 --json PLACE", false, false},
    Command{"gpu record", "gpu record PLACE --device ptx:sm_80 --tiles 1", true},
    Command{"quantize", "quantize x.npy --out q.npy --json PLACE"},
    Command{"quantize --report", "quantize x.npy --out q.npy --report PLACE", true},
    Command{"plan", "plan --workload gemm --size 16 --tolerance 1e-3 --unit H100 --json PLACE"},
    Command{"plan --calibrate", "plan --calibrate --json PLACE", false, false},
    Command{"plan --plot", "plan --calibrate --plot PLACE", false, false},
    Command{"train", "train --data x.csv --policy fp32 --loss mse --epochs 9 --json PLACE"},
    Command{"train --csv", "train --data x.csv --policy fp32 --loss mse --epochs 9 --csv PLACE"},
    Command{"train --out", "train --data x.csv --policy fp32 --loss mse --epochs 9 --out PLACE", true},
    Command{"bench", "bench --workload sum --size 1000 --json PLACE", false, false},
    Command{"report", "report --quick --out PLACE", true, false},
};

class HostileProgram : public FolderTest {
  protected:
    void SetUp() override {
        std::ofstream(folder / "x.csv") << "1,2,3\n2,1,5\n3,4,1\n4,3,8\n5,5,2\n6,1,9\n7,2,4\n";
        std::ofstream(folder / "k.ptx") << R"(.version 8.0
.target sm_80
.address_size 64
.visible .entry k(.param .u64 out)
{
.reg .b64 %rd<4>;
.reg .b32 %r<3>;
.reg .pred %p;
ld.param.u64 %rd1, [out];
mov.u32 %r1, %tid.x;
L: mul.wide.u32 %rd2, %r1, 4;
add.s64 %rd3, %rd1, %rd2;
st.global.u32 [%rd3], %r1;
add.u32 %r1, %r1, 32;
setp.lt.u32 %p, %r1, 2048;
@%p bra L;
ret;
}
)";
        std::ofstream npy(folder / "x.npy", std::ios::binary);
        std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (64,), }";
        header.resize(117, ' ');
        npy << "\x93NUMPY\x01" << '\0' << '\x76' << '\0' << header << '\n';
        for (int i = 0; i < 64; ++i) {
            const auto x = static_cast<float>(i);
            npy.write(reinterpret_cast<const char*>(&x), sizeof x);
        }
    }

    /// Runs a command there, after `before`; the outcome has what it says of errors.
    Outcome run(const Command& command, const fs::path& place, const std::string& before = "") const {
        std::string arguments = command.arguments;
        if (const std::size_t at = arguments.find("PLACE"); at != std::string::npos)
            arguments.replace(at, 5, "'" + place.string() + "'");
        return shell("cd '" + folder.string() + "' && { " + before + " '" HALFULP_PROGRAM "' " + arguments +
                     "; } 2>&1 >/dev/null");
    }

    std::vector<std::string> files() const {
        std::vector<std::string> names;
        for (const auto& entry : fs::recursive_directory_iterator(folder))
            if (entry.is_regular_file()) names.push_back(fs::relative(entry.path(), folder).string());
        std::ranges::sort(names);
        return names;
    }
    void expect_interruption(const char* arguments, const std::string& signal, int number);
    static auto inputs_alone() { return ElementsAre("k.ptx", "x.csv", "x.npy"); }
};

std::string last_line(const std::string& text) {
    const std::size_t end = text.find_last_not_of('\n') + 1;
    return text.substr(0, end).substr(text.substr(0, end).find_last_of('\n') + 1);
}

void expect_refusal(const Outcome& outcome, const std::string& place) {
    EXPECT_EQ(outcome.status, 2) << outcome.output;
    EXPECT_THAT(last_line(outcome.output),
                ContainsRegex("^halfulp: " + place + ".*expected a (file|folder|temporary file)"));
}

// A folder that is a file, and one of the kernel's, as nobody may write to: permissions would not stop root.
TEST_F(HostileProgram, NoPlaceToWriteTo) {
    for (const Command& command : commands)
        for (const fs::path& place : {folder / "x.csv" / "y", fs::path("/proc/y")}) {
            SCOPED_TRACE(command.name);
            expect_refusal(run(command, place), place.string());
            EXPECT_THAT(files(), inputs_alone());
        }
}

TEST_F(HostileProgram, AFullDevice) {
    for (const Command& command : commands) {
        if (command.to_folder || !command.is_short || std::string_view(command.name) == "verify") continue;
        SCOPED_TRACE(command.name);
        expect_refusal(run(command, "/dev/full"), "/dev/full");
        EXPECT_THAT(files(), inputs_alone());
    }
}

// Files end after a block, as on a disk that fills up on the way.
TEST_F(HostileProgram, ADiskThatFillsUp) {
    for (const Command& command : commands) {
        if (!command.is_short) continue;
        SCOPED_TRACE(command.name);
        const fs::path place = folder / "out";
        expect_refusal(run(command, place, "trap '' XFSZ; ulimit -f " + std::to_string(command.blocks) + ";"), "");
        EXPECT_THAT(files(), inputs_alone());
        fs::remove_all(place);
    }
}

// What ends a program ends it, but not in silence. `timeout` asks for that after a while in which none of these is done.
void HostileProgram::expect_interruption(const char* arguments, const std::string& signal, int number) {
    SCOPED_TRACE(arguments);
    const fs::path place = folder / "out";
    const Outcome outcome = run({"", arguments}, place, "timeout --preserve-status -s " + signal + " 0.5");
    EXPECT_EQ(outcome.status, 128 + number) << outcome.output;
    EXPECT_THAT(last_line(outcome.output), StartsWith("halfulp: interrupted; every file is whole"));
    for (const std::string& file : files()) EXPECT_THAT(file, Not(EndsWith(".new")));
    // Results are not there yet; a manifest may be, with the shards that are done.
    if (fs::is_regular_file(place)) {
        EXPECT_THAT(arguments, StartsWith("verify "));
        EXPECT_TRUE(nlohmann::json::accept(content(place))) << content(place);
    }
    fs::remove_all(place);
}

TEST_F(HostileProgram, AnInterruption) {
    for (const char* arguments :
         {"exercises --json PLACE", "verify fma --format fp16 --shard 1/4096 --resume PLACE",
          "gpu verify --device ptx:sm_80 --json PLACE", "gpu record PLACE --device ptx:sm_80 --tiles 10000",
          "plan --calibrate --json PLACE", "train --data x.csv --policy fp32 --loss mse --epochs 100000 --out PLACE",
          "bench --json PLACE", "bench --baselines", "report --out PLACE"})
        expect_interruption(arguments, "INT", SIGINT);
    expect_interruption("plan --calibrate --json PLACE", "TERM", SIGTERM);
    expect_interruption("plan --calibrate --json PLACE", "HUP", SIGHUP);
}

TEST_F(HostileProgram, AReaderThatHasGone) {
    const std::string late = "cd '" + folder.string() + "' && ( sleep 0.1; ";
    const std::string formats = "'" HALFULP_PROGRAM "' formats 2>errors; echo $? >status ) | true";
    shell(late + formats);
    EXPECT_EQ(content(folder / "status"), "141\n");  // 128 and SIGPIPE
    EXPECT_EQ(content(folder / "errors"), "");
    shell(late + "trap '' PIPE; " + formats);
    EXPECT_EQ(content(folder / "status"), "2\n");
    EXPECT_EQ(content(folder / "errors"), "halfulp: standard output could not be written\n");
}

}  // namespace
