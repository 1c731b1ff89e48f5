// Claim: halfulp train takes, writes and refuses what its help says; who is killed goes on to the same bits; docs/training.md
// shows what it prints.
// Oracle: literals, and a run that nobody killed. Shared: nothing; the program runs as a process of its own.
// With HALFULP_UPDATE_README set, the page's transcripts are rewritten instead.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/lib/onnx/read.hpp>
#include <halfulp/lib/onnx/run.hpp>
#include <halfulp/lib/train/data.hpp>
#include <halfulp/lib/train/loss.hpp>
#include <halfulp/lib/train/loss_scale.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/folder.hpp"
#include "support/program.hpp"
#include "support/transcripts.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class TrainProgram : public test::FolderTest {
  protected:
    void SetUp() override {
        std::string rows;  // of two classes, which a line divides
        for (int i = 0; i < 100; ++i) {
            const int x = i * 37 % 100, y = i * 61 % 100;
            rows += std::to_string(x) + "," + std::to_string(y) + "," + (x + y > 100 ? "1" : "0") + "\n";
        }
        file("two.csv", rows);
    }

    test::Outcome run(const std::string& arguments) const {
        return test::shell("cd '" + folder.string() + "' && '" + HALFULP_PROGRAM + "' " + arguments);
    }
    void expect_refused(const std::string& arguments, const std::string& message) const {
        const test::Outcome outcome = run("train " + arguments);
        EXPECT_EQ(outcome.status, 2) << arguments << '\n' << outcome.output;
        EXPECT_THAT(outcome.output, StartsWith("halfulp: "));
        EXPECT_THAT(outcome.output, HasSubstr(message));
        EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 1) << outcome.output;
    }
    /// Of a file with one line that is wrong, the third.
    void expect_line_refused(const std::string& line, const std::string& message,
                             const std::string& options = "") const {
        file("bad.csv", "1,2,0\n2,3,1\n" + line + "\n4,5,1\n5,6,0\n");
        expect_refused("--data bad.csv " + options, "bad.csv:3: " + message);
    }
};

TEST_F(TrainProgram, RefusesBadData) {
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
    file("same.csv", "1,0\n2,0\n3,0\n4,0\n5,0\n");
    expect_refused("--data same.csv", "same.csv: expected labels of at least two classes");
}

// A head has no number at all: a first row with one is an example, whatever else is in it.
TEST_F(TrainProgram, LosesNoFirstRow) {
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

TEST_F(TrainProgram, RefusesBadOptions) {
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
                   "expected what is not 0 in the format of fp16-pure's optimizer, found 1e-08");
    EXPECT_EQ(run("train --data two.csv --policy fp16-pure --optimizer adam --epsilon 1e-4 --epochs 1").status, 0);
    expect_refused("--data two.csv --resume", "--resume: expected --out");
    expect_refused("--data two.csv --batch 0", "--batch");
    expect_refused("--data two.csv --hidden 0", "--hidden");
    expect_refused("--data two.csv --json nowhere/x.json", "nowhere/x.json: expected a file that can be written");
}

TEST_F(TrainProgram, NamesALearningRateThatDiverges) {
    expect_refused("--data two.csv --learning-rate 1e6 --loss mse", "learning rate 1e+06 diverges with fp32 in epoch ");
    expect_refused(
        "--data two.csv --learning-rate 1000 --policy fp16-pure",
        "learning rate 1000 diverges with fp16-pure in epoch 1: expected a loss of at most 4 times the first, found NaN");
    expect_refused("--data two.csv --policy fp16 --loss-scale 1e9",
                   "loss scale 1e+09 diverges with fp16 in epoch 1: expected finite gradients");
}

TEST_F(TrainProgram, NamesALossScaleThatDiverges) {
    expect_refused("--data two.csv --loss-scale 1e-40",
                   "--loss-scale: expected a number above 0 with a finite inverse");
    expect_refused("--data two.csv --loss-scale 3e38 --loss mse --batch 1",
                   "loss scale 3e+38 diverges with fp32 in epoch 1: expected finite gradients");
    expect_refused("--data two.csv --policy fp16 --loss-scale 2 --learning-rate 1e6",
                   "learning rate 1e+06 diverges with fp16 in epoch 1: ");
}

// All 80 rows in one step, after which no further step tells.
TEST_F(TrainProgram, NamesADivergenceInTheLastStep) {
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
TEST_F(TrainProgram, TakesATestThatIsJudgedWorse) {
    std::string rows;
    for (int i = 0; i < 50; ++i) rows += fmt::format("{},{}\n", i % 2, i % 5 == 4 ? 1 - i % 2 : i % 2);
    file("contrary.csv", rows);
    const test::Outcome outcome = run("train --data contrary.csv --epochs 60 --learning-rate 0.1 --json m.json");
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    const auto epochs = nlohmann::json::parse(test::content(folder / "m.json"))["runs"][0]["epochs"];
    EXPECT_GT(epochs[59]["test loss"].get<double>(), 4 * epochs[0]["training loss"].get<double>());
}

TEST_F(TrainProgram, FinishesTheOthersWhereOneDiverges) {
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
    for (const char* file : {"m.csv", "out/metrics.json", "out/metrics.csv", "out/loss.svg", "out/bf16.safetensors"})
        EXPECT_TRUE(fs::exists(folder / file)) << file;
    EXPECT_FALSE(fs::exists(folder / "out/fp16.safetensors"));
    const test::Outcome all = run("train --data two.csv --policy fp16,fp16-no-master --loss-scale 1e9 --json n.json");
    EXPECT_EQ(all.status, 2);
    EXPECT_EQ(std::count(all.output.begin(), all.output.end(), '\n'), 2) << all.output;
    EXPECT_FALSE(fs::exists(folder / "n.json"));
}

// Inputs and targets that never change are standardised to 0, and so is every gradient.
TEST_F(TrainProgram, AdvisesWithoutGradients) {
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

TEST_F(TrainProgram, TriesEveryOutputBeforeTraining) {
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

TEST_F(TrainProgram, SaysThatMoreEpochsAreDoneThanAskedFor) {
    const std::string options = "train --data two.csv --out out --resume --epochs ";
    EXPECT_THAT(run(options + "5").output, StartsWith("policy "));
    EXPECT_THAT(run(options + "5").output, StartsWith("policy "));
    const test::Outcome outcome = run(options + "2");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(
        outcome.output,
        StartsWith("halfulp: out/fp32.safetensors: 5 epochs are done already, more than the 2 asked for\npolicy "));
}

TEST_F(TrainProgram, WritesMetricsAndPictures) {
    const test::Outcome outcome = run(
        "train --data two.csv --policy fp32,fp16 --epochs 3 --loss-scale dynamic --out out --json m.json --csv m.csv");
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 3) << outcome.output;
    const std::string text = test::content(folder / "m.json");
    EXPECT_EQ(text, test::content(folder / "out/metrics.json"));
    const auto json = nlohmann::json::parse(text);
    ASSERT_EQ(json["runs"].size(), 2U);
    EXPECT_EQ(json["runs"][1]["policy"], "fp16");
    EXPECT_EQ(json["runs"][1]["sizes"], (std::vector{2, 32, 2}));
    ASSERT_EQ(json["runs"][1]["epochs"].size(), 3U);
    EXPECT_EQ(json["runs"][0]["loss scale of each step"].size(), 9U);  // 80 rows, 32 a step
    EXPECT_EQ(json["runs"][0]["epochs"][0]["gradients"].get<int>() > 0, true);
    const std::string csv = test::content(folder / "m.csv");
    EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), 7);
    EXPECT_EQ(csv, test::content(folder / "out/metrics.csv"));
    for (const char* name : {"loss", "accuracy", "scale", "gradients"})
        for (const char* kind : {".svg", ".png", ".tsv"})
            EXPECT_GT(fs::file_size(folder / "out" / (std::string(name) + kind)), 100U) << name << kind;
    for (const char* name : {"fp32.safetensors", "fp16.safetensors"}) EXPECT_TRUE(fs::exists(folder / "out" / name));
}

TEST_F(TrainProgram, GoesOnToTheSameBits) {
    const std::string options =
        "train --data two.csv --policy fp16 --optimizer adam --learning-rate 0.01 --loss-scale dynamic ";
    ASSERT_EQ(run(options + "--epochs 6 --out whole").status, 0);
    ASSERT_EQ(run(options + "--epochs 2 --out parts").status, 0);
    ASSERT_EQ(run(options + "--epochs 6 --out parts --resume --threads 3").status, 0);
    for (const char* file : {"fp16.safetensors", "metrics.json", "metrics.csv"})
        EXPECT_EQ(test::content(folder / "whole" / file), test::content(folder / "parts" / file)) << file;
    EXPECT_NE(test::content(folder / "whole/fp16.safetensors"), "");
}

/// Epochs that a checkpoint has; 0 where there is none.
std::size_t epochs_in(const fs::path& file) {
    return fs::exists(file) ? read_tensor(file, {.name = "epochs", .format = {}}).shape[0] : 0;
}

/// Starts a command, and ends it by a signal when a checkpoint has more than so many epochs. Whether it was still there.
bool killed_after(const std::string& command, int signal, const fs::path& checkpoint, std::size_t epochs) {
    std::string shell = "sh", option = "-c", text = command + " > /dev/null 2>&1";
    std::array<char*, 4> arguments = {shell.data(), option.data(), text.data(), nullptr};
    pid_t child = 0;
    if (posix_spawn(&child, "/bin/sh", nullptr, nullptr, arguments.data(), environ) != 0) return false;
    int status = 0;
    while (epochs_in(checkpoint) <= epochs) {
        if (waitpid(child, &status, WNOHANG) == child) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    kill(child, signal);
    waitpid(child, &status, 0);
    return !(WIFEXITED(status) && WEXITSTATUS(status) == 0);
}

// Killed as soon as a further epoch is seen in the checkpoint, again and again, and then left to come to its end.
TEST_F(TrainProgram, KilledGoesOnToTheSameBits) {
    constexpr std::size_t epochs = 300, wanted = 4;
    const std::string options = "train --data two.csv --policy bf16 --batch 4 --epochs " + std::to_string(epochs);
    const fs::path checkpoint = folder / "killed/bf16.safetensors";
    const std::string killed = options + " --resume --out killed";
    std::size_t in_the_middle = 0;
    for (std::size_t i = 0; i < wanted; ++i) {
        const std::size_t before = epochs_in(checkpoint);
        const bool was_killed = killed_after("cd '" + folder.string() + "' && exec '" HALFULP_PROGRAM "' " + killed,
                                             i % 2 == 0 ? SIGINT : SIGKILL, checkpoint, before);
        const std::size_t after = epochs_in(checkpoint);
        if (was_killed && before < after && after < epochs) ++in_the_middle;
    }
    EXPECT_EQ(in_the_middle, wanted);
    ASSERT_EQ(run(killed).status, 0);
    ASSERT_EQ(run(options + " --out whole").status, 0);
    for (const char* file : {"bf16.safetensors", "metrics.json"})
        EXPECT_EQ(test::content(folder / "whole" / file), test::content(folder / "killed" / file)) << file;
}

TEST_F(TrainProgram, RefusesCheckpointsOfOthersAndDamagedOnes) {
    const std::string options = "--data two.csv --epochs 2 --out out ";
    ASSERT_EQ(run("train " + options).status, 0);
    const std::string place = "out/fp32.safetensors: ";
    expect_refused(options + "--resume --hidden 8", place + "expected a checkpoint of this run, which has \"2-8-2");
    expect_refused(options + "--resume --seed 2", place + "expected a checkpoint of this run, which has \"2,");
    expect_refused(options + "--resume --learning-rate 0.01", place);
    file("other.csv", test::content(folder / "two.csv") + "1,1,0\n");
    expect_refused("--data other.csv --epochs 2 --out out --resume", place);
    const std::string whole = test::content(folder / "out/fp32.safetensors");
    for (const std::size_t size : {whole.size() - 1, whole.size() / 2, std::size_t{9}, std::size_t{0}}) {
        file("out/fp32.safetensors", whole.substr(0, size));
        expect_refused(options + "--resume", "out/fp32.safetensors: ");
    }
}

/// The test rows of two.csv, as its model wants them, and what is to come of them.
struct TestRows {
    Tensor x;
    train::Numbers targets;
};
TestRows test_rows(const fs::path& file) {
    const train::Examples test = train::split(train::read_csv(file, {}), train::Loss::CrossEntropy).test;
    TestRows rows{{{test.rows(), test.columns}, binary32, {}}, test.targets};
    for (const float x : test.x) rows.x.codes.push_back(std::bit_cast<std::uint32_t>(x));
    return rows;
}
train::Numbers numbers(const Tensor& tensor) {
    train::Numbers x;
    for (const std::uint64_t code : tensor.codes) x.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(code)));
    return x;
}

// By the operators of lib/onnx, which have a conformance suite of their own: the loss that the run found, to the last bit.
TEST_F(TrainProgram, LeavesAModelOfOnnxThatComputesTheSame) {
    ASSERT_EQ(run("train --data two.csv --policy int8-ptq,int8-qat --epochs 3 --out out").status, 0);
    const TestRows rows = test_rows(folder / "two.csv");
    const auto json = nlohmann::json::parse(test::content(folder / "out/metrics.json"));
    for (const auto& one : json["runs"]) {
        const auto model = onnx::read_model(folder / "out" / (one["policy"].get<std::string>() + ".onnx"));
        onnx::expect_supported(model);
        const train::Numbers y = numbers(onnx::run(model, {rows.x})[0].tensor);
        train::Numbers gradients(y.size());
        const auto loss = train::loss_of(train::Loss::CrossEntropy, y, rows.targets, 1, gradients);
        EXPECT_EQ(loss.mean, one["epochs"][2]["test loss"].get<double>()) << one["policy"];
    }
}

// By onnxruntime, where it is installed (pip install onnxruntime): the same bits with ReLU. Its GELU and tanh are others than the
// C library's, so that a code may be the next one, which moves a result by a step of a weight's 127th part or two.
TEST_F(TrainProgram, LeavesAModelThatOnnxruntimeAccepts) {
    if (test::shell("python3 -c 'import numpy, onnxruntime'").status != 0)
        GTEST_SKIP() << "python3 has no onnxruntime: pip install onnxruntime";
    const TestRows rows = test_rows(folder / "two.csv");
    write_npy(folder / "x.npy", rows.x);
    file("infer.py",
         "import numpy, onnxruntime\n"
         "session = onnxruntime.InferenceSession('out/int8-ptq.onnx')\n"
         "numpy.save('y.npy', session.run(None, {'x': numpy.load('x.npy')})[0])\n");
    for (const std::string activation : {"relu", "gelu", "tanh"}) {
        ASSERT_EQ(run("train --data two.csv --policy int8-ptq --epochs 3 --out out --activation " + activation).status,
                  0);
        const test::Outcome outcome = test::shell("cd '" + folder.string() + "' && python3 infer.py");
        ASSERT_EQ(outcome.status, 0) << outcome.output;
        const Tensor found = read_tensor(folder / "y.npy");
        if (activation == "relu") {
            EXPECT_EQ(found, onnx::run(onnx::read_model(folder / "out/int8-ptq.onnx"), {rows.x})[0].tensor);
            continue;
        }
        const train::Numbers y = numbers(found);
        train::Numbers gradients(y.size());
        const auto loss = train::loss_of(train::Loss::CrossEntropy, y, rows.targets, 1, gradients);
        const auto json = nlohmann::json::parse(test::content(folder / "out/metrics.json"));
        EXPECT_NEAR(loss.mean, json["runs"][0]["epochs"][2]["test loss"].get<double>(), 0.02) << activation;
    }
}

TEST_F(TrainProgram, ThePageShowsWhatItPrints) {
    test::expect_current(HALFULP_SOURCE "/docs/training.md", 4, [](const std::string& arguments) {
        return test::shell("cd '" HALFULP_SOURCE "' && '" + std::string(HALFULP_PROGRAM) + "' " + arguments);
    });
}

}  // namespace
}  // namespace halfulp
