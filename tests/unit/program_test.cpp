// Claim: the program's exit status and messages are what the README promises.
// Oracle: the promise, as literals. Shared: nothing; the program runs as a process of its own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

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
using testing::HasSubstr;
using testing::IsEmpty;

class ProgramTest : public FolderTest {
  protected:
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
    for (const std::string command :
         {"", "exercises", "formats", "show", "eval", "vectors", "testfloat", "fptest", "verify", "units", "mma",
          "explain", "replay", "onnx", "gpu verify", "gpu record", "ptx run", "completion", "man"}) {
        const Outcome help = halfulp(command + " --help");
        EXPECT_EQ(help.status, 0) << command;
        const std::string example = "halfulp " + (command.empty() ? "exercises" : command);
        EXPECT_THAT(help.output, ContainsRegex("Example: .*" + example)) << command;
    }
    EXPECT_THAT(halfulp("--version").output, ContainsRegex("^[0-9]+\\.[0-9]+\\.[0-9]+"));
}

TEST_F(ProgramTest, BadUsageIsOneLineAndStatus2) {
    for (const auto& [arguments, message] : {
             std::pair<const char*, const char*>{"", "halfulp: A subcommand is required; see --help\n"},
             {"exercise", "halfulp: "},
             {"exercises --colour", "halfulp: The following argument was not expected: --colour; see --help\n"},
             {"exercises 9",
              "halfulp: expected exercises of 1 (range and epsilon), 2 (absorption), 3 (condition number 10^4), "
              "4 (int8 quantisation), 5 (loss scaling), each once, found \"9\"\n"},
             {"exercises foo", "5 (loss scaling), each once, found \"foo\"\n"},
             {"exercises 1x", "5 (loss scaling), each once, found \"1x\"\n"},
             {"exercises 1 2 1", "5 (loss scaling), each once, found \"1\"\n"},
             {"exercises --backend soft,gpu9",
              "halfulp: expected backends of soft, cpu, unit:V100, unit:T4, unit:A100, unit:Ada, unit:H100, unit:B200, "
              "ptx:sm_80, ptx:sm_90, ptx:sm_100, or ptx: and another architecture, each once, found \"gpu9\"\n"},
             {"exercises --backend unit:X9", "ptx: and another architecture, each once, found \"unit:X9\"\n"},
             {"exercises --backend ptx:sm_1", "expected one such as sm_80, or a GPU of NVIDIA"},
             {"gpu record /proc/x --device ptx:sm_75", "/proc/x/T4/fp16: expected a folder that can be made\n"},
             {"gpu verify --device sm_80", "expected cuda: and a number, or ptx: and an architecture such as sm_80"},
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
    for (const auto* text :
         {"Exercise 1: Range and epsilon", "Epsilon and the unit roundoff are two things", "claim      2^16 - 2^4",
          "predicted  65520 (fp32 477ff000)", "observed   65520 (fp32 477ff000)  match  by soft",
          "n/a in 28 of the 28 questions: unit:A100: ", "verdict    match",
          "Exercise 1: 28 questions, 28 match, 0 mismatch, 0 not observed"})
        EXPECT_THAT(outcome.output, HasSubstr(text));
    EXPECT_THAT(outcome.output, HasSubstr("\ngpu: not run, "));
}

TEST_F(ProgramTest, ExercisesNameTheClaimsBehindEachAnswerIfAsked) {
    const Outcome outcome = halfulp("exercises 1 --backend soft --why");
    EXPECT_EQ(outcome.status, 0);
    for (const auto* line : {"rests on   overflow-threshold, toward-zero-stays\n", "rests on   relative-error\n",
                             "rests on   finite-codes\n"})
        EXPECT_THAT(outcome.output, HasSubstr(line));
    EXPECT_THAT(outcome.output, Not(HasSubstr("no claim")));
    EXPECT_THAT(halfulp("exercises 1 --backend soft").output, Not(HasSubstr("rests on")));
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
    const std::string recordings = (folder / "recordings").string();
    for (const std::string& arguments :
         {std::string("verify"), "record " + recordings}) {  // all kernels are for sm_75 and later
        const Outcome outcome = halfulp("2>&1 gpu " + arguments + " --device ptx:sm_70");
        EXPECT_EQ(outcome.status, 77) << arguments;
        EXPECT_THAT(outcome.output, HasSubstr("gpu: nothing was run: every kernel is for targets above sm_70\n"));
    }
    EXPECT_FALSE(fs::exists(recordings));
}

TEST_F(ProgramTest, ExercisesWriteJson) {
    const std::string file = (folder / "out.json").string();
    EXPECT_EQ(halfulp("exercises 1 --backend soft --json " + file).status, 0);
    EXPECT_EQ(nlohmann::json::parse(content(file))[0]["questions"].size(), 28U);
    const Outcome standard_output = halfulp("exercises 1 --backend soft --json -");
    EXPECT_EQ(nlohmann::json::parse(standard_output.output)[0]["exercise"], 1);
    const Outcome unwritable = halfulp("exercises 1 --backend soft --json " + folder.string() + "/no/such/file");
    EXPECT_EQ(unwritable.status, 2);
    EXPECT_EQ(unwritable.output,
              "halfulp: " + folder.string() + "/no/such/file: expected a file that can be written\n");
    EXPECT_EQ(halfulp("exercises 1 --backend soft --json " + folder.string()).status, 2);
    const std::string untouched = (folder / "untouched.json").string();
    EXPECT_EQ(halfulp("exercises 1 --backend nobody --json " + untouched).status, 2);
    EXPECT_FALSE(fs::exists(untouched));
}

TEST_F(ProgramTest, TablesAreJsonToo) {
    const auto formats = nlohmann::json::parse(halfulp("formats --json").output);
    EXPECT_EQ(formats.at(3).at("largest"), "65504");
    EXPECT_EQ(nlohmann::json::parse(halfulp("units --json").output).at(0).at("processor"), "V100");
}

TEST_F(ProgramTest, ShowTakesANumberApart) {
    const Outcome number = halfulp("show fp16 0.1");
    EXPECT_EQ(number.status, 0);
    for (const auto* text : {"0x2e66  0.1      inexact  by NearestEven, NearestAway, TowardZero, Down\n",
                             "0x2e67  0.10004  inexact  by Up, AwayFromZero, ToOdd\n",
                             "sign  exponent  fraction\n  0     01011     1001100110\n", "formula      1638 * 2^-14\n",
                             "exact        0.0999755859375\n", "ulp          2^-14\n", "below        0x2e65 = 0.0999\n",
                             "above        0x2e67 = 0.10004\n"})
        EXPECT_THAT(number.output, HasSubstr(text));
    EXPECT_THAT(halfulp("show e4m3 465").output, HasSubstr("0x7f  nan  overflow inexact  by NearestEven"));
    EXPECT_THAT(halfulp("show fp16 -0.5").output, HasSubstr("binary16 0xb800\n"));
    EXPECT_THAT(halfulp("show fp16 0x7c01").output, HasSubstr("kind         signaling NaN\n"));
    EXPECT_THAT(halfulp("show e8m0 0x7f").output, HasSubstr("  exponent\n  01111111\n"));
    EXPECT_EQ(nlohmann::json::parse(halfulp("show bf16 0x0001 --json").output)["formula"], "1 * 2^-133");
}

TEST_F(ProgramTest, EvalPrintsResultAndExceptions) {
    const auto eval = [&](const std::string& lines, const std::string& arguments) {
        std::ofstream(folder / "lines") << lines;
        return halfulp("eval " + arguments + " < " + (folder / "lines").string());
    };
    EXPECT_EQ(eval("3c00 1000\n0x7bff 7bff\n", "add --format fp16 --round up").output,
              "3c01 inexact\n7c00 overflow inexact\n");
    EXPECT_EQ(eval("3f800000 3f800001 00000000\n", "mulAdd --format fp32 --to bf16 --round to_odd").output,
              "3f81 inexact\n");
    EXPECT_EQ(eval("43e80000\n", "convert --format fp32 --to e4m3").output, "7e inexact\n");  // 464
    EXPECT_EQ(eval("43e88000\n", "convert --format fp32 --to e4m3 --saturate").output, "7e overflow inexact\n");
    EXPECT_EQ(eval("0001 3c00\n", "add --daz").output, "3c00 input_denormal\n");
    EXPECT_EQ(eval("0400 3800\n", "mul --ftz --tininess after").output, "0000 underflow inexact\n");
    EXPECT_EQ(eval("7c01 7e02\n", "add --nan x86").output, "7e01 invalid\n");
    EXPECT_EQ(eval("3c01\n", "convert --format fp16 --to bf16 --round sr --random 8000000000000000").output,
              "3f80 inexact\n");
    EXPECT_EQ(eval("3c00 4000\n", "lt --json").output,
              "{\"operands\":\"3c00 4000\",\"result\":\"true\",\"exceptions\":\"\"}\n");
    EXPECT_EQ(eval("0001\n", "logb_integer").output, "-24\n");
    EXPECT_EQ(eval("3c00 ffffffffffffffff\n", "scalb").output, "3800\n");
    EXPECT_EQ(eval("8001\n", "classify").output, "negativeSubnormal\n");
    EXPECT_EQ(eval("3c00\n0000\n", "exp").output, "4170 inexact\n3c00\n");  // e = 2.71875 in fp16, and 1
    EXPECT_EQ(eval("3c00\n", "ln --to fp32").output, "00000000\n");
    EXPECT_EQ(eval("0000\n", "recip").output, "7c00 divide_by_zero\n");
    EXPECT_EQ(eval("7c01\n", "tanh --nan x86").output, "7e01 invalid\n");
    // Every rule of an Env.
    EXPECT_EQ(eval("7bff 7bff\n", "add --round rz --overflow ToInfinity").output, "7c00 overflow inexact\n");
    EXPECT_EQ(eval("7bff 7bff\n", "add --overflow sat").output, "7bff overflow inexact\n");
    const std::string tiny = "3f7ffffe 00800001\n";  // rounds to the smallest normal number
    EXPECT_EQ(eval(tiny, "mul --format fp32 --tininess before --ftz").output, "00000000 underflow\n");
    EXPECT_EQ(eval(tiny, "mul --format fp32 --tininess before --ftz=after").output, "00800000 underflow inexact\n");
    EXPECT_EQ(eval(tiny, "mul --format fp32 --ftz=arm").output, "00000000 underflow\n");
    EXPECT_THAT(eval("", "add --overflow up").output, HasSubstr("expected an overflow of ByRounding, Saturate, "));
    EXPECT_THAT(eval("", "add --ftz=often").output, HasSubstr("expected a rule of flushing of Never, "));
    // Integers.
    EXPECT_EQ(eval("7e00\n", "convert --to int32").output, "00000000 invalid\n");
    EXPECT_EQ(eval("7e00\n", "convert --to i32 --nan riscv").output, "7fffffff invalid\n");
    EXPECT_EQ(eval("7e00\n", "convert --to s32 --out-of-range x86").output, "80000000 invalid\n");
    EXPECT_EQ(eval("5c04\n", "convert --to u8 --out-of-range wrap").output, "01 invalid\n");  // 257
    EXPECT_EQ(eval("c300\n", "convert --to int8 --round rz").output, "fd inexact\n");         // -3.5
    EXPECT_EQ(eval("ff\n", "convert --format int8 --to fp16").output, "bc00\n");
    EXPECT_EQ(eval("ff\n", "convert --format uint8 --to fp16").output, "5bf8\n");
    EXPECT_THAT(eval("", "convert --format int8 --to int16").output,
                HasSubstr("convert: expected a format on one side"));
    EXPECT_THAT(eval("", "add --format int8").output, HasSubstr("expected a format of binary64, "));
    EXPECT_EQ(eval("1ff\n", "convert --format int8 --to fp16").output,
              "halfulp: line 1: expected a hexadecimal code of at most 8 bits, found \"1ff\"\n");
    // 1 + 2^-24 + 2^-24 rounded once, without an addend and with one.
    EXPECT_EQ(eval("3c00 3c00 0c00 0c00 0c00 0c00\n", "dot --to fp32 --round rz").output, "3f800001\n");
    EXPECT_EQ(eval("0c00 0c00 0c00 0c00 3f800000\n", "dot --to fp32").output, "3f800001\n");
    EXPECT_THAT(eval("3c00\n", "dot").output, HasSubstr("line 1: expected pairs of operands, found 1"));
    // Lines of a seed are draws by their number: of 1 + 2^-11 in binary16 about half step up.
    std::string drawn;
    for (int line = 0; line < 8; ++line) {
        const auto number = std::to_string(line);
        drawn += eval("3f801000\n", "convert --format fp32 --to fp16 --round sr --seed 7 --index " + number).output;
    }
    std::string lines;
    for (int line = 0; line < 8; ++line) lines += "3f801000\n";
    EXPECT_EQ(eval(lines, "convert --format fp32 --to fp16 --round sr --seed 7").output, drawn);
    EXPECT_THAT(drawn, testing::AllOf(HasSubstr("3c00 inexact"), HasSubstr("3c01 inexact")));
    EXPECT_THAT(eval("", "add --seed -1").output, HasSubstr("expected a whole number for --seed, found \"-1\""));
    EXPECT_THAT(eval("", "exp --format fp32").output,
                HasSubstr("exp takes formats of at most 16 bits, found binary32"));
    const Outcome bad = eval("3c00 3c00\n3c00 13c00\n", "add");
    EXPECT_EQ(bad.status, 2);
    EXPECT_EQ(bad.output, "4000\nhalfulp: line 2: expected a hexadecimal code of at most 16 bits, found \"13c00\"\n");
    EXPECT_EQ(eval("3c00\n", "add").output, "halfulp: line 1: expected 2 operands, found 1\n");
    EXPECT_THAT(eval("", "addd").output, HasSubstr("expected an operation of add, sub, "));
    EXPECT_THAT(eval("", "add --round sideways").output, HasSubstr("expected a rounding of NearestEven, "));
}

TEST_F(ProgramTest, EvalComputesEveryVectorOfTheDiscriminatingSet) {
    const auto vectors = nlohmann::json::parse(halfulp("vectors --json").output);
    EXPECT_GT(vectors.size(), 100U);
    for (const auto& row : vectors) {
        const auto cell = [&](const char* column) { return row.at(column).get<std::string>(); };
        std::ofstream(folder / "line") << cell("operands") << '\n';
        const Outcome outcome =
            halfulp("eval " + cell("operation") + " --format " + cell("format") + " --to " + cell("to") + " --round " +
                    cell("rounding") + ' ' + cell("options") + " < " + (folder / "line").string());
        const std::string exceptions = cell("exceptions");
        EXPECT_EQ(outcome.output, cell("result") + (exceptions.empty() ? "" : " ") + exceptions + '\n') << cell("name");
        EXPECT_NE(cell("wrong result") + cell("wrong exceptions"), cell("result") + exceptions) << cell("name");
    }
}

TEST_F(ProgramTest, TestFloatCountsAndFails) {
    const auto testfloat = [&](const std::string& lines, const std::string& arguments) {
        std::ofstream(folder / "lines") << lines;
        return halfulp("testfloat " + arguments + " < " + (folder / "lines").string());
    };
    const Outcome right = testfloat("3C00 1000 3C01 01\n", "f16_add -rmax -tininessbefore");
    EXPECT_EQ(right.output, "1 tests, 0 wrong\n");
    EXPECT_EQ(right.status, 0);
    const Outcome wrong = testfloat("3C00 1000 3C01 01\n", "-rmin f16_add");
    EXPECT_EQ(wrong.output, "line 1: 3C00 1000 3C01 01: found 3C00 01\n1 tests, 1 wrong\n");
    EXPECT_EQ(wrong.status, 1);
    EXPECT_EQ(testfloat("3C00\n", "f16_add").status, 2);
    EXPECT_EQ(testfloat("", "f16_add").status, 77);
    EXPECT_THAT(testfloat("", "f16_plus").output, HasSubstr("expected a function of f16_add, "));
    EXPECT_THAT(testfloat("", "f16_add -rsideways").output, HasSubstr("expected an option of -rnear_even, "));
    std::string many;
    for (int i = 0; i < 30; ++i) many += "3C00 3C00 3C00 00\n";
    EXPECT_THAT(testfloat(many, "f16_add").output,
                HasSubstr("line 20: 3C00 3C00 3C00 00: found 4000 00\nand 10 lines more: --all prints them\n30 tests, "
                          "30 wrong\n"));
    EXPECT_THAT(testfloat(many, "f16_add --all").output,
                HasSubstr("line 30: 3C00 3C00 3C00 00: found 4000 00\n30 tests, "));
    const auto object = nlohmann::json::parse(testfloat(many + "x\n", "f16_add --json").output);
    EXPECT_EQ(object.at("function"), "f16_add");
    EXPECT_EQ(object.at("tests"), 30);
    EXPECT_EQ(object.at("wrong"), 30);
    EXPECT_EQ(object.at("malformed"), 1);
    EXPECT_EQ(object.at("findings").size(), 20U);
    EXPECT_EQ(object.at("findings").at(0), "line 1: 3C00 3C00 3C00 00: found 4000 00");
    EXPECT_EQ(object.at("findings_left_out"), 11);
    EXPECT_EQ(nlohmann::json::parse(testfloat(many, "f16_add --json --all").output).at("findings").size(), 30U);
}

TEST_F(ProgramTest, FptestCountsAndFails) {
    const fs::path file = folder / "a.fptest";
    std::ofstream(file) << "Tests\nb32+ =0 +1.000000P0 +1.000000P0 -> +1.000000P1\nb32cff =0 +Zero -> +Zero\n"
                        << "d64+ =0 +Zero +Zero -> +Zero\nd64+ =0 +Zero +Zero -> +Zero\n";
    const Outcome outcome = halfulp("fptest " + file.string());
    EXPECT_EQ(outcome.output,
              "not checked: 2 cases, because of the format d64\nnot checked: 1 cases, because of the operation cff\n"
              "1 tests, 0 wrong, 3 not checked, 0 lines malformed\n");
    EXPECT_EQ(outcome.status, 0);
    std::ofstream(file, std::ios::app) << "b33+ =0 +Zero +Zero -> +Zero\n";
    const Outcome malformed = halfulp("fptest --json " + file.string());
    EXPECT_EQ(malformed.status, 2);
    const auto object = nlohmann::json::parse(malformed.output);
    EXPECT_EQ(object.at("files"), nlohmann::json{file.string()});
    EXPECT_EQ(object.at("not_checked"), 3);
    EXPECT_EQ(object.at("not_checked_because_of").at("the format d64"), 2);
    EXPECT_THAT(object.at("findings").at(0).get<std::string>(), HasSubstr("a.fptest:6: expected a format of b16, "));
    EXPECT_EQ(halfulp("fptest /nowhere.fptest").status, 2);
}

TEST_F(ProgramTest, VerifyCountsHashesAndContinues) {
    const std::string manifest = (folder / "manifest.json").string();
    const std::string command =
        "verify mul --format fp16 --sample 2500000 --round up --engine narrow --against exact --resume " + manifest;
    const Outcome first = halfulp(command + " --shard 1/2"), both = halfulp(command),
                  again = halfulp(command + " --threads 1");
    EXPECT_EQ(first.status, 0);
    EXPECT_THAT(first.output, HasSubstr("2 of 3 shards, 0 mismatches, hash "));
    EXPECT_THAT(both.output, HasSubstr("3 of 3 shards, 0 mismatches, hash "));
    EXPECT_EQ(again.output, both.output);
    const std::string shared = (folder / "shared.json").string();
    const std::string plain = "'" HALFULP_PROGRAM "' " + command.substr(0, command.find(" --resume")) + " --resume ";
    const std::string half = plain + shared, killed = (folder / "killed.json").string();
    EXPECT_EQ(
        shell(half + " --shard 1/2 > " + shared + ".1 & " + half + " --shard 2/2 > " + shared + ".2; wait").status, 0);
    EXPECT_EQ(content(shared), content(manifest));
    shell("timeout -s KILL 0.3 " + plain + killed + "; " + plain + killed);  // wherever it was
    EXPECT_EQ(content(killed), content(manifest));
    const auto object = nlohmann::json::parse(halfulp(command + " --json").output);
    EXPECT_EQ(object.at("shards"), 3);
    EXPECT_EQ(object.at("shards_done"), 3);
    EXPECT_EQ(object.at("mismatches"), 0);
    EXPECT_EQ(object.at("examples").size(), 0U);
    EXPECT_THAT(both.output, HasSubstr("hash " + object.at("hash").get<std::string>() + "\n"));
    EXPECT_THAT(both.output, HasSubstr(object.at("campaign").get<std::string>() + "\n"));
    const Outcome other = halfulp(command + " --seed 2");
    EXPECT_EQ(other.status, 2);
    EXPECT_THAT(other.output, HasSubstr("manifest.json: campaign: expected \"mul binary16: narrow against exact; "));
    std::ofstream(shared) << "{}";
    EXPECT_EQ(halfulp("verify add --resume " + shared).status, 2);
    EXPECT_THAT(halfulp("verify add --format e4m3_ieee --round all --tininess both").output,
                HasSubstr("1 of 1 shards, 0 mismatches"));
    EXPECT_THAT(halfulp("verify mul --format fp32 --to fp16 --sample 1000 --round all").output,
                HasSubstr("mul binary32 to binary16: exact against mpfr; 1000 operands of seed 1; NearestEven, "));
    EXPECT_THAT(halfulp("verify tanh --format e5m2 --round sr").output,
                HasSubstr("tanh e5m2: exact against mpfr; all operands, random bits of seed 1; Stochastic\n1 of 1 "));
    for (const auto& [arguments, message] : {
             std::pair<const char*, const char*>{"verify fma --format fp32",
                                                 "expected a sample: the operands of fma in binary32"},
             {"verify add --format e4m3 --against narrow --engine batch --nan arm",
              "batch has one NaN; here can be asked: exact, narrow"},
             {"verify lt --format e4m3", "; here can be asked: exact"},
             {"verify add --round sr --random 5", "not expected: 5 --random"},
             {"verify add --engine mpfr", "expected two engines, found \"mpfr\" twice"},
             {"verify sqrt --sample -3", "expected a sample of 1 and more, found \"-3\""},
             {"verify sqrt --sample 0", "expected a sample of 1 and more, found \"0\""},
             {"verify sqrt --sample 99999999999999999999999", "expected a sample of 1 and more, found"},
             {"verify plus", "expected an operation of add, sub, "},
             {"verify add --engine gpu", "expected an engine of exact, "},
             {"verify add --shard 3/2", "expected a shard K/N with 1 <= K <= N, found \"3/2\""},
         }) {
        const Outcome outcome = halfulp(arguments);
        EXPECT_EQ(outcome.status, 2) << arguments;
        EXPECT_THAT(outcome.output, HasSubstr(message));
    }
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
