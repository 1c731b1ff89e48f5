// Claim: halfulp train takes and writes what its help says; who is killed goes on to the same bits; docs/training.md shows what it
// prints.
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
#include <cmath>
#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <thread>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/lib/onnx/read.hpp>
#include <halfulp/lib/onnx/run.hpp>
#include <halfulp/lib/train/data.hpp>
#include <halfulp/lib/train/loss.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/train_program.hpp"
#include "support/transcripts.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

using TrainProgram = test::TrainProgramTest;

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

// JSON is UTF-8, names of files are bytes: what is none is the replacement character, and no result is lost.
TEST_F(TrainProgram, WritesMetricsOfDataWithAnyName) {
    file("\xFF.csv", test::content(folder / "two.csv"));
    const test::Outcome outcome = run("train --data '\xFF.csv' --epochs 1 --json m.json");
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    EXPECT_EQ(nlohmann::json::parse(test::content(folder / "m.json"))["data"], "\xEF\xBF\xBD.csv");
}

TEST_F(TrainProgram, TakesSizesInDecimal) {
    ASSERT_EQ(run("train --data two.csv --hidden 010,4 --threads 02 --epochs 1 --json m.json").status, 0);
    EXPECT_EQ(nlohmann::json::parse(test::content(folder / "m.json"))["runs"][0]["sizes"], (std::vector{2, 10, 4, 2}));
    expect_refused("--data two.csv --hidden 0x10", "--hidden: expected a whole number from 1 to 4096, found \"0x10\"");
}

// The numbers behind the pictures are those of the metrics, and the ranges are the formats'.
TEST_F(TrainProgram, DrawsTheMetrics) {
    ASSERT_EQ(
        run("train --data two.csv --policy fp32,fp16 --epochs 3 --loss-scale dynamic --scale-interval 2 --out out")
            .status,
        0);
    const auto drawn = [&](const std::string& name) { return test::content(folder / "out" / (name + ".tsv")); };
    const auto json = nlohmann::json::parse(test::content(folder / "out/metrics.json"));
    for (const auto& one : json["runs"]) {
        const auto policy = one["policy"].get<std::string>();
        const auto row = [&](std::size_t at, double height) {
            return HasSubstr(fmt::format("\n{}\t{}\t{}\t", policy, at, height));
        };
        for (std::size_t i = 0; i < 3; ++i) {
            EXPECT_THAT(drawn("loss"), row(i + 1, one["epochs"][i]["test loss"]));
            EXPECT_THAT(drawn("accuracy"), row(i + 1, one["epochs"][i]["right"]));
        }
        for (std::size_t i = 0; i < 9; ++i)
            EXPECT_THAT(drawn("scale"), row(i + 1, std::log2(one["loss scale of each step"][i].get<double>())));
    }
    EXPECT_THAT(drawn("loss"), StartsWith("series\tepoch\tloss of the test rows"));
    for (const char* range : {"\n\t-24\t1.2\tfp16: 2^-24 to 2^16\n\t16\t1.2\t", "\te5m2: 2^-16 to 2^16\n\t16\t",
                              "\te4m3: 2^-9 to 2^9\n\t9\t"})
        EXPECT_THAT(drawn("gradients"), HasSubstr(range));
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
