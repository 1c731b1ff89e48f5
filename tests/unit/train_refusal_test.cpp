// Claim: bad data, bad options and runs that diverge are said by halfulp train in one line that names the place, with status 2, and
// lose nothing.
// Oracle: literals. Shared: nothing; the program runs as a process of its own.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>

#include <halfulp/lib/train/data.hpp>
#include <halfulp/lib/train/loss_scale.hpp>

#include "support/train_program.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class TrainRefusal : public test::TrainProgramTest {
  protected:
    /// Of a file with one line that is wrong, the third.
    void expect_line_refused(const std::string& line, const std::string& message,
                             const std::string& options = "") const {
        file("bad.csv", "1,2,0\n2,3,1\n" + line + "\n4,5,1\n5,6,0\n");
        expect_refused("--data bad.csv " + options, "bad.csv:3: " + message);
    }
};

TEST_F(TrainRefusal, RefusesBadData) {
    expect_line_refused("3,1", "expected 3 fields as in the lines before, found 2");
    expect_line_refused("3,4,5,1", "expected 3 fields as in the lines before, found 4");
    expect_line_refused("3,nan,1", "field 2: expected a finite number of fp32, found \"nan\"");
    expect_line_refused("inf,4,1", "field 1: expected a finite number of fp32, found \"inf\"");
    expect_line_refused("3,1e40,1", "field 2: expected a finite number of fp32, found \"1e40\"");
    expect_line_refused("3,,1", "field 2: expected a finite number of fp32, found \"\"");
    expect_line_refused("3,4x,1", "field 2: expected a finite number of fp32, found \"4x\"");
    expect_line_refused("3,4,-1", "expected a label that is a whole number from 0 to 4095, found \"-1\"");
    expect_line_refused("3,4,0.5", "expected a label that is a whole number from 0 to 4095, found \"0.5\"");
    expect_line_refused("3,4,2", "expected a label that is a whole number from 0 to 1, found \"2\"", "--classes 2");
    expect_line_refused("3,4,nan", "field 3: expected a finite number of fp32, found \"nan\"");
    expect_refused("--data nowhere.csv", "nowhere.csv: expected a file that can be read");
    file("few.csv", "x,label\n1,0\n2,1\n");
    expect_refused("--data few.csv", "few.csv: expected at least 5 rows, found 2");
    file("one.csv", "1\n2\n");
    expect_refused("--data one.csv", "one.csv:1: expected numbers separated by commas");
    file("far.csv", "0,1e-3,0\n1,2e-3,1\n0,1e-3,0\n1,2e-3,1\n0,3e38,0\n");
    expect_refused(
        "--data far.csv",
        "column 2: expected rows of the test that are finite in fp32, divided by the deviation of the rows of "
        "training, found 3e+38 where that is 0.0005");
    file("same.csv", "1,0\n2,0\n3,0\n4,0\n5,0\n");
    expect_refused("--data same.csv", "same.csv: expected labels of at least two classes");
}

// A head has no number at all: a first row with one is an example, whatever else is in it.
TEST_F(TrainRefusal, LosesNoFirstRow) {
    const std::string others = "1,2,0\n2,3,1\n3,4,0\n4,5,1\n5,6,0\n";
    for (const auto& [row, place] :
         {std::pair{"NA,1,0", "field 1: expected a finite number of fp32, found \"NA\""},
          std::pair{",1,0", "field 1: expected a finite number of fp32, found \"\""},
          std::pair{"1e40,x,y", "field 1: expected a finite number of fp32, found \"1e40\""},
          std::pair{"x,-1e-60,y", "field 1: expected a finite number of fp32, found \"x\""},
          std::pair{"nan,x,y", "field 1: expected a finite number of fp32, found \"nan\""},
          std::pair{"x,y,1", "field 1: expected a finite number of fp32, found \"x\""},
          std::pair{"+-1,1,0", "field 1: expected a finite number of fp32, found \"+-1\""}}) {
        file("first.csv", std::string(row) + "\n" + others);
        expect_refused("--data first.csv", std::string("first.csv:1: ") + place);
    }
    for (const char* row : {"+1,+2,0",
                            "\xEF\xBB\xBF"
                            "1,2,0"}) {
        const train::Examples examples = train::read_csv(file("first.csv", std::string(row) + "\n" + others), {});
        EXPECT_EQ(examples.rows(), 6U) << row;
        EXPECT_EQ(examples.x[0], 1) << row;
    }
    for (const char* head : {"a,b,label", ",b,label",
                             "\xEF\xBB\xBF"
                             "1st,2nd,3rd"})
        EXPECT_EQ(train::read_csv(file("first.csv", std::string(head) + "\n" + others), {}).rows(), 5U) << head;
}

TEST_F(TrainRefusal, RefusesBadOptions) {
    expect_refused("--data two.csv --policy fp12", "expected a policy of fp32, fp16");
    expect_refused("--data two.csv --policy fp32,fp16,fp32", "expected each once, found again \"fp32\"");
    expect_refused("--data two.csv --loss-scale 0", "--loss-scale: expected a number above 0");
    expect_refused("--data two.csv --loss-scale often", "expected a loss scale");
    expect_refused("--data two.csv --scale-floor 2", "expected a --loss-scale that changes");
    expect_refused("--data two.csv --loss-scale dynamic --scale-floor 65537",
                   "expected at most 65536, the first factor");
    for (const char* scale : {"1024", "none", "advised"})
        for (const char* option : {"--scale-interval 5", "--scale-floor 2", "--scale-hysteresis 3"})
            expect_refused(fmt::format("--data two.csv --loss-scale {} {}", scale, option),
                           "expected a --loss-scale that changes, found \"" + std::string(scale) + '"');
    for (const train::LossScaling& rule : train::loss_scalings) {
        if (!rule.dynamic()) continue;
        const std::string options = " --scale-interval 5 --scale-floor 2 --scale-hysteresis 3";
        EXPECT_EQ(run("train --data two.csv --epochs 1 --loss-scale " + std::string(rule.name) + options).status, 0)
            << rule.name;
    }
    expect_refused("--data two.csv --policy fp32,fp16-pure --optimizer adam",
                   "--epsilon: expected what is finite and not 0 in the format of fp16-pure's optimizer, found 1e-08");
    EXPECT_EQ(run("train --data two.csv --policy fp16-pure --optimizer adam --epsilon 1e-4 --epochs 1").status, 0);
    expect_refused("--data two.csv --policy fp16-pure --learning-rate 1e-8",
                   "--learning-rate: expected what is finite");
    expect_refused("--data two.csv --optimizer adam --epsilon 1e300", "--epsilon: expected what is finite and not 0");
    EXPECT_EQ(run("train --data two.csv --learning-rate 0 --epochs 1").status, 0);
    expect_refused("--data two.csv --optimizer adam --momentum 0.5", "--momentum: expected --optimizer sgd");
    expect_refused("--data two.csv --epsilon 1e-4", "--epsilon: expected --optimizer adam");
    expect_refused("--data two.csv --momentum nan", "--momentum: expected a number of at least 0, found \"nan\"");
    expect_refused("--data two.csv --share nan", "--share: expected a number of at least 0, found \"nan\"");
    expect_refused("--data two.csv --loss mse --classes 3", "--classes: expected --loss cross-entropy");
    for (const char* option : {"--json ''", "--csv ''", "--out ''"})
        expect_refused(std::string("--data two.csv ") + option, "expected a file name, found none");
    expect_refused("--data two.csv --resume", "--resume: expected --out");
    expect_refused("--data two.csv --batch 0", "--batch");
    expect_refused("--data two.csv --hidden 0", "--hidden");
    expect_refused("--data two.csv --json nowhere/x.json", "nowhere/x.json: expected a file that can be written");
}

// Two layers of 4096 times 4096 weights, their gradients and moments are 64 MiB each.
TEST_F(TrainRefusal, SaysThatMemoryIsTooSmall) {
    const std::string limited = "ulimit -v 300000; '" HALFULP_PROGRAM "' ";
    if (test::shell(limited + "--version").status != 0) GTEST_SKIP() << "a build that reserves more";
    const test::Outcome outcome = test::shell("cd '" + folder.string() + "'; " + limited +
                                              "train --data two.csv --hidden 4096,4096,4096 --epochs 1");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.output, "halfulp: not enough memory for what was asked\n");
}

TEST_F(TrainRefusal, TakesListsByCommasOnly) {
    expect_refused("--data two.csv --hidden 8 16", "The following argument was not expected: 16; see --help");
}

TEST_F(TrainRefusal, ReplacesNeitherTheDataNorAnotherResult) {
    const std::string data = test::content(folder / "two.csv");
    for (const char* outputs : {"--csv two.csv", "--json ./two.csv", "--json m --csv m",
                                "--out out --json out/fp32.safetensors", "--out out --csv out/../out/metrics.json"})
        expect_refused(std::string("--data two.csv --epochs 1 ") + outputs,
                       "expected a file of its own for each result");
    EXPECT_EQ(test::content(folder / "two.csv"), data);
}

TEST_F(TrainRefusal, SaysErrorsOnALineOfTheirOwnOnATerminal) {
    if (std::system("script --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no script(1) to make a terminal";
    const test::Outcome outcome =
        test::shell("cd '" + folder.string() +
                    "' && script -qec \"'" HALFULP_PROGRAM
                    "' train --data two.csv --policy fp16-pure --learning-rate 1000\" /dev/null");
    EXPECT_THAT(outcome.output, HasSubstr("\r\033[Khalfulp: learning rate 1000 diverges"));
}

TEST_F(TrainRefusal, NamesALearningRateThatDiverges) {
    expect_refused("--data two.csv --learning-rate 1e6 --loss mse", "learning rate 1e+06 diverges with fp32 in epoch ");
    expect_refused(
        "--data two.csv --learning-rate 1000 --policy fp16-pure",
        "learning rate 1000 diverges with fp16-pure in epoch 1: expected a loss of at most 4 times the first, found NaN");
    expect_refused("--data two.csv --policy fp16 --loss-scale 1e9",
                   "loss scale 1e+09 diverges with fp16 in epoch 1: expected finite gradients");
}

TEST_F(TrainRefusal, NamesALossScaleThatDiverges) {
    expect_refused("--data two.csv --loss-scale 1e-40",
                   "--loss-scale: expected a number above 0 with a finite inverse");
    expect_refused("--data two.csv --loss-scale 3e38 --loss mse --batch 1",
                   "loss scale 3e+38 diverges with fp32 in epoch 1: expected finite gradients");
    expect_refused("--data two.csv --policy fp16 --loss-scale 2 --learning-rate 1e6",
                   "learning rate 1e+06 diverges with fp16 in epoch 1: ");
}

// All 80 rows in one step, after which no further step tells.
TEST_F(TrainRefusal, NamesADivergenceInTheLastStep) {
    const std::string one = "--data two.csv --batch 80 --hidden 8 --momentum 0 --out out ";
    ASSERT_EQ(run("train " + one + "--epochs 1").status, 0);
    const std::string kept = test::content(folder / "out/fp32.safetensors");
    ASSERT_NE(kept, "");
    for (const auto& [rate, found] : {std::pair{"1e30", "NaN"}, std::pair{"1000", ""}}) {
        expect_refused(
            one + "--epochs 1 --learning-rate " + rate,
            "diverges with fp32 in epoch 1: expected a loss of at most 4 times the first, found " + std::string(found));
        EXPECT_EQ(test::content(folder / "out/fp32.safetensors"), kept) << rate;
    }
}

// Test rows that contradict what is learnt have a large loss; the rows of training tell that nothing diverged.
TEST_F(TrainRefusal, TakesATestThatIsJudgedWorse) {
    std::string rows;
    for (int i = 0; i < 50; ++i) rows += fmt::format("{},{}\n", i % 2, i % 5 == 4 ? 1 - i % 2 : i % 2);
    file("contrary.csv", rows);
    const test::Outcome outcome = run("train --data contrary.csv --epochs 60 --learning-rate 0.1 --json m.json");
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    const auto epochs = nlohmann::json::parse(test::content(folder / "m.json"))["runs"][0]["epochs"];
    EXPECT_GT(epochs[59]["test loss"].get<double>(), 4 * epochs[0]["training loss"].get<double>());
}

TEST_F(TrainRefusal, FinishesTheOthersWhereOneDiverges) {
    const test::Outcome outcome = run(
        "train --data two.csv --policy fp32,fp16,bf16 --epochs 2 --loss-scale 1e9 --out out --json m.json --csv m.csv");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_THAT(outcome.output, StartsWith("halfulp: loss scale 1e+09 diverges with fp16 in epoch 1: "));
    EXPECT_THAT(outcome.output, testing::EndsWith("\nfp16    diverges\n"));
    EXPECT_THAT(outcome.output, HasSubstr("\nbf16 "));
    const auto json = nlohmann::json::parse(test::content(folder / "m.json"));
    ASSERT_EQ(json["runs"].size(), 2U);
    EXPECT_EQ(json["runs"][0]["policy"], "fp32");
    EXPECT_EQ(json["runs"][1]["policy"], "bf16");
    ASSERT_EQ(json["diverged"].size(), 1U);
    EXPECT_EQ(json["diverged"][0]["policy"], "fp16");
    EXPECT_THAT(json["diverged"][0]["why"], StartsWith("loss scale 1e+09 diverges with fp16 in epoch 1: "));
    for (const char* file : {"m.csv", "out/metrics.json", "out/metrics.csv", "out/loss.svg", "out/bf16.safetensors"})
        EXPECT_TRUE(fs::exists(folder / file)) << file;
    EXPECT_FALSE(fs::exists(folder / "out/fp16.safetensors"));
    const test::Outcome all = run("train --data two.csv --policy fp16,fp16-no-master --loss-scale 1e9 --json n.json");
    EXPECT_EQ(all.status, 2);
    EXPECT_EQ(std::count(all.output.begin(), all.output.end(), '\n'), 2) << all.output;
    const auto lost = nlohmann::json::parse(test::content(folder / "n.json"));
    EXPECT_EQ(lost["runs"].size(), 0U);
    EXPECT_EQ(lost["diverged"].size(), 2U);
}

// Inputs and targets that never change are standardised to 0, and so is every gradient.
TEST_F(TrainRefusal, AdvisesWithoutGradients) {
    file("constant.csv", "1,1,2\n1,1,2\n1,1,2\n1,1,2\n1,1,2\n1,1,2\n");
    const test::Outcome outcome =
        run("train --data constant.csv --loss mse --policy fp16 --loss-scale advised --epochs 2 --out out");
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    const auto json = nlohmann::json::parse(test::content(folder / "out/metrics.json"));
    EXPECT_EQ(json["runs"][0]["epochs"][1]["loss scale"], 1);
    EXPECT_TRUE(json["runs"][0]["advice before training"].is_null());
    EXPECT_TRUE(json["runs"][0]["advice after training"].is_null());
    EXPECT_THAT(test::content(folder / "out/gradients.tsv"), testing::Not(HasSubstr("nan")));
}

TEST_F(TrainRefusal, TriesEveryOutputBeforeTraining) {
    const std::string options = "--data two.csv --policy int8-ptq --epochs 1 --out out";
    ASSERT_EQ(run("train " + options).status, 0);
    std::vector<fs::path> files;
    for (const fs::directory_entry& entry : fs::directory_iterator(folder / "out")) files.push_back(entry.path());
    EXPECT_EQ(files.size(), 16U);  // two of metrics, four pictures of three kinds, a checkpoint and a model
    for (const fs::path& file : files) {
        fs::remove_all(folder / "out");
        fs::create_directories(folder / "out" / file.filename());
        expect_refused(options, file.filename().string() + ": expected a file that can be written");
        EXPECT_EQ(std::distance(fs::directory_iterator(folder / "out"), fs::directory_iterator()), 1) << file;
    }
}

}  // namespace
}  // namespace halfulp
