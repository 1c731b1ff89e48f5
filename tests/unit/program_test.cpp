// Claim: the program's exit status and messages are what the README promises.
// Oracle: the promise, as literals. Shared: nothing; the program runs as a process of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>

namespace {

namespace fs = std::filesystem;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::IsEmpty;

struct Outcome {
    int status;
    std::string output;  ///< both streams
};

/// Runs the program in a shell; both streams are seen, unless the arguments redirect them.
Outcome halfulp(const std::string& arguments) {
    const bool redirected = arguments.find('>') != std::string::npos;
    const std::string command = "'" + std::string(HALFULP_PROGRAM) + "' " + arguments + (redirected ? "" : " 2>&1");
    std::FILE* pipe = popen(command.c_str(), "r");
    std::string output;
    std::array<char, 4096> buffer{};
    while (const std::size_t count = std::fread(buffer.data(), 1, buffer.size(), pipe))
        output.append(buffer.data(), count);
    const int status = pclose(pipe);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, output};
}

class ProgramTest : public testing::Test {
  protected:
    fs::path folder = fs::path(testing::TempDir()) /
                      ("program_" + std::string(testing::UnitTest::GetInstance()->current_test_info()->name()));
    void SetUp() override {
        fs::remove_all(folder);
        fs::create_directories(folder);
    }
    void TearDown() override { fs::remove_all(folder); }

    /// A recording of an A100 with one row, 1 * 1 + 0, and the result given.
    std::string recording(const std::string& d) {
        const fs::path place = folder / "A100" / "fp16";
        fs::create_directories(place);
        const std::string zero(32, '0');
        for (const auto& [name, text] : {std::pair<const char*, std::string>{"a_A100_fp16.txt", "3f800000"},
                                         {"b_A100_fp16.txt", "3f800000"},
                                         {"c_A100_fp32.txt", zero},
                                         {"d_A100_fp32.txt", d}})
            std::ofstream(place / name) << text << '\n';
        return folder.string();
    }
};

TEST_F(ProgramTest, EveryCommandHelpsWithAnExample) {
    for (const std::string command : {"", "exercises", "replay", "formats", "units"}) {
        const Outcome help = halfulp(command + " --help");
        EXPECT_EQ(help.status, 0) << command;
        EXPECT_THAT(help.output, HasSubstr("Example: halfulp " + (command.empty() ? "exercises" : command))) << command;
    }
    EXPECT_THAT(halfulp("--version").output, ContainsRegex("^[0-9]+\\.[0-9]+\\.[0-9]+"));
}

TEST_F(ProgramTest, BadUsageIsOneLineAndStatus2) {
    for (const auto& [arguments, message] : {
             std::pair<const char*, const char*>{"", "halfulp: A subcommand is required; see --help\n"},
             {"exercise", "halfulp: "},
             {"exercises --colour", "halfulp: The following argument was not expected: --colour; see --help\n"},
             {"exercises 9",
              "halfulp: expected an exercise of 1 (range and epsilon), 2 (absorption), 3 (condition number 10^4), "
              "4 (int8 quantisation), 5 (loss scaling), found \"9\"\n"},
             {"exercises foo", "5 (loss scaling), found \"foo\"\n"},
             {"exercises 1x", "5 (loss scaling), found \"1x\"\n"},
             {"exercises --backend soft,gpu9",
              "halfulp: expected backends of soft, cpu, unit:V100, unit:T4, unit:A100, unit:Ada, unit:H100, unit:B200, "
              "each once, found \"gpu9\"\n"},
             {"exercises --backend unit:X9", "unit:H100, unit:B200, each once, found \"unit:X9\"\n"},
             {"exercises --backend gpu", "expected backends of soft, cpu, unit:V100, "},
             {"exercises --backend soft,soft", "each once, found \"soft\"\n"},
             {"replay", "halfulp: replay: expected either folders or --directed FILE\n"},
             {"replay /nowhere/at/all", "halfulp: /nowhere/at/all: expected a folder that can be read, found none\n"},
             {"replay --directed /nowhere.tsv",
              "halfulp: /nowhere.tsv: expected a file that can be read, found none\n"},
         }) {
        const Outcome outcome = halfulp(arguments);
        EXPECT_EQ(outcome.status, 2) << arguments;
        EXPECT_THAT(outcome.output, HasSubstr(message)) << arguments;
        EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 1) << outcome.output;
    }
}

TEST_F(ProgramTest, ExercisesPrintWhatWasSeenByWhom) {
    const Outcome outcome = halfulp("exercises 1 --backend soft,unit:A100 --explain");
    EXPECT_EQ(outcome.status, 0);
    for (const auto* text : {"Exercise 1: Range and epsilon", "Epsilon and the unit roundoff are two things",
                             "claim      2^16 - 2^4", "predicted  65520 (fp32 477ff000)",
                             "observed   65520 (fp32 477ff000)  match  by soft", "n/a        unit:A100: ",
                             "verdict    match", "Exercise 1: 28 questions, 28 match, 0 mismatch, 0 not observed"})
        EXPECT_THAT(outcome.output, HasSubstr(text));
    EXPECT_THAT(outcome.output, HasSubstr("\ngpu: not run, "));
}

TEST_F(ProgramTest, OutputThatIsLostIsStatus2) {
    if (!fs::exists("/dev/full")) GTEST_SKIP() << "there is no /dev/full";
    const std::string recordings = recording("00111111100000000000000000000000");
    for (const std::string& arguments : {std::string("formats"), std::string("exercises 1 --backend soft --json -"),
                                         std::string("exercises 1 --backend soft"), "replay " + recordings}) {
        const Outcome outcome = halfulp("2>&1 >/dev/full " + arguments);
        EXPECT_EQ(outcome.status, 2) << arguments;
        EXPECT_EQ(outcome.output, "halfulp: standard output could not be written\n") << arguments;
    }
}

TEST_F(ProgramTest, NothingThatCouldBeRunIsStatus77) {
    EXPECT_EQ(halfulp("exercises 1 --backend unit:A100").status, 77);
}

TEST_F(ProgramTest, ExercisesWriteJson) {
    const std::string file = (folder / "out.json").string();
    EXPECT_EQ(halfulp("exercises 1 --backend soft --json " + file).status, 0);
    std::stringstream text;
    text << std::ifstream(file).rdbuf();
    EXPECT_EQ(nlohmann::json::parse(text.str())[0]["questions"].size(), 28U);
    const Outcome standard_output = halfulp("exercises 1 --backend soft --json -");
    EXPECT_EQ(nlohmann::json::parse(standard_output.output)[0]["exercise"], 1);
    const Outcome unwritable = halfulp("exercises 1 --backend soft --json " + folder.string() + "/no/such/file");
    EXPECT_EQ(unwritable.status, 2);
    EXPECT_THAT(unwritable.output, HasSubstr("expected a file that can be written"));
}

TEST_F(ProgramTest, ReplayCountsAndFails) {
    const Outcome right = halfulp("replay " + recording("00111111100000000000000000000000"));
    EXPECT_EQ(right.output, "A100 fp16->fp32 1/1\ntotal 1/1\n");
    EXPECT_EQ(right.status, 0);
    const Outcome wrong = halfulp("replay " + recording("00111111100000000000000000000001"));
    EXPECT_EQ(wrong.output, "A100 fp16->fp32 0/1, first mismatch in row 1\ntotal 0/1\n");
    EXPECT_EQ(wrong.status, 1);
    const Outcome bad = halfulp("replay " + recording("0011111110000000000000000000000"));
    EXPECT_THAT(bad.output, HasSubstr("d_A100_fp32.txt:1: expected 32 binary digits, found"));
    EXPECT_EQ(bad.status, 2);
}

TEST_F(ProgramTest, ReplayShowsEveryDirectedVector) {
    const fs::path file = folder / "directed.tsv";
    std::ofstream(file) << "id\tarch\ttype\tA_hex\tB_hex\tC_hex\tD_hex\tsource\tnote\n"
                        << "V1\tA100\tf16>f32\t3c00\t3c00\t00000000\t3f800000\there\tone\n"
                        << "V2\tA100\tf16>f32\t3c00\t3c00\t00000000\t3f800001\there\tnot one\n";
    const Outcome outcome = halfulp("replay --directed " + file.string());
    EXPECT_EQ(outcome.output,
              "V1 A100 f16>f32 3f800000 match\nV2 A100 f16>f32 3f800000 MISMATCH, expected 3f800001: not one (here)\n"
              "total 1/2\n");
    EXPECT_EQ(outcome.status, 1);
}

}  // namespace
