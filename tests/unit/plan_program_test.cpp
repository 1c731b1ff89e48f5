// Claim: halfulp plan takes, prints and refuses what its help says, its exit status is the certificate's, and docs/planning.md
// shows it.
// Oracle: literals, and rules that the text states. Shared: nothing; the program runs as a process of its own.
// With HALFULP_UPDATE_README set, the page's transcripts are rewritten instead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/folder.hpp"
#include "support/program.hpp"
#include "support/transcripts.hpp"

namespace halfulp {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::StartsWith;

class PlanProgram : public test::FolderTest {
  protected:
    void SetUp() override {
        fs::copy(HALFULP_SOURCE "/tests/data/matrix_market/nos4.mtx", folder / "nos4.mtx");
        for (const char* name : {"images.npy", "layer.npy"})
            fs::copy(fs::path(HALFULP_SOURCE "/docs/examples/digits") / name, folder / name);
        std::vector<float> large;
        large.reserve(4096);
        for (int i = 0; i < 4096; ++i) large.push_back(std::sin(static_cast<float>(i)) * 70000);
        write("large.npy", {64, 64}, large);
        write("bias.npy", {32}, std::vector<float>(32, 0.5F));
        std::vector<float> spectra, response;  // positive, of 8 binades around 2^-30
        for (int i = 0; i < 32 * 2048; ++i) {
            spectra.push_back(std::exp2(4 * std::sin(0.37F * static_cast<float>(i)) - 30));
            response.push_back(std::exp2(4 * std::sin(0.53F * static_cast<float>(i)) - 30));
        }
        write("spectra.npy", {32, 2048}, spectra);
        write("response.npy", {2048, 32}, response);
    }

    void write(const char* name, const std::vector<std::size_t>& shape, const std::vector<float>& numbers) const {
        Tensor tensor{shape, binary32, std::vector<std::uint64_t>(numbers.size())};
        std::transform(numbers.begin(), numbers.end(), tensor.codes.begin(),
                       [](float x) { return std::bit_cast<std::uint32_t>(x); });
        write_npy(folder / name, tensor);
    }
    test::Outcome run(const std::string& arguments) const {
        return test::shell("cd '" + folder.string() + "' && '" + HALFULP_PROGRAM + "' " + arguments);
    }
    nlohmann::json json(const std::string& arguments, int status = 0) const {
        const test::Outcome outcome = run("plan " + arguments + " --json -");
        EXPECT_EQ(outcome.status, status) << outcome.output;
        return nlohmann::json::parse(outcome.output);
    }
    void expect_refused(const std::string& arguments, const std::string& message) const {
        const test::Outcome outcome = run("plan " + arguments);
        EXPECT_EQ(outcome.status, 2) << arguments;
        EXPECT_THAT(outcome.output, StartsWith("halfulp: "));
        EXPECT_THAT(outcome.output, HasSubstr(message));
        EXPECT_EQ(std::count(outcome.output.begin(), outcome.output.end(), '\n'), 1) << outcome.output;
    }
};

TEST_F(PlanProgram, ChoosesTheCheapestThatIsEnough) {
    for (const char* tolerance : {"1e-1", "1e-2", "1e-3", "1e-5"}) {
        const auto plan = json(std::string("--workload gemm --size 64 --unit H100 --tolerance ") + tolerance);
        double before = 0;
        bool chosen = false;
        for (const auto& p : plan["policies"]) {
            EXPECT_GE(p["least_seconds"], before);
            before = p["least_seconds"];
            const bool enough = p["predicted"].get<double>() * (1 + 1 / 16.0) <= std::stod(tolerance);
            EXPECT_EQ(p["verdict"], !enough ? "imprecise" : chosen ? "enough" : "chosen") << p;
            chosen = chosen || enough;
        }
        EXPECT_TRUE(chosen);
        const auto& c = plan["certificate"];
        EXPECT_EQ(c["verdict"], "holds");
        EXPECT_LE(c["measured"], std::stod(tolerance));
        EXPECT_LE(c["of_bound"], 1);
    }
}

TEST_F(PlanProgram, OnThisCpuPlansSumsAndDotProducts) {
    const auto exact = json("--workload dot --size 3000 --order-independent --tolerance 1e-6");
    EXPECT_EQ(exact["processor"], "one core of this CPU");
    EXPECT_EQ(exact["certificate"]["policy"], "fp32 exact");
    EXPECT_EQ(exact["certificate"]["results"]["of"], 1);
    EXPECT_GT(exact["time"]["seconds"], 0);
    for (const auto& p : exact["policies"]) EXPECT_EQ(p["verdict"] == "ordered", p["order"] != "exact") << p;
}

TEST_F(PlanProgram, CertifiesTheSameInputsByTheSameHashes) {
    const std::string ask = "--workload gemm images.npy layer.npy --unit Orin --tolerance 1e-2";
    const auto one = json(ask), other = json(ask + " --threads 3");
    EXPECT_EQ(one["inputs"][0]["shape"], (std::vector{128, 64}));
    EXPECT_EQ(one, other);
    std::vector<float> bits(4096, 1);
    write("one.npy", {64, 64}, bits);
    bits[77] = std::nextafter(1.0F, 2.0F);
    write("other.npy", {64, 64}, bits);
    const auto hash = [&](const std::string& file) {
        return json("--workload gemm " + file + " large.npy --unit Orin --tolerance 1")["inputs"][0]["hash"];
    };
    EXPECT_NE(hash("one.npy"), hash("other.npy"));
}

TEST_F(PlanProgram, SaysWhatIsAttainable) {
    const test::Outcome outcome = run("plan --workload gemm --size 32 --unit A100 --tolerance 1e-12");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.output, HasSubstr("no policy attains 1e-12: "));
    EXPECT_THAT(outcome.output, HasSubstr("is attainable"));
    EXPECT_THAT(outcome.output, testing::Not(HasSubstr("certificate")));
    const double attainable = json("--workload gemm --size 32 --unit A100 --tolerance 1e-12", 1)["attainable"];
    EXPECT_EQ(run("plan --workload gemm --size 32 --unit A100 --tolerance " + nlohmann::json(attainable * 1.01).dump())
                  .status,
              0);
}

TEST_F(PlanProgram, SaysWhenResultsAreZero) {
    write("row.npy", {1, 5}, {1e8F, 1.1F, -5e7F, -5e7F, -1.1F});
    write("ones.npy", {5, 1}, std::vector<float>(5, 1));
    const test::Outcome outcome = run("plan --workload gemm row.npy ones.npy --tolerance 1");
    EXPECT_EQ(outcome.status, 1);
    EXPECT_THAT(outcome.output, HasSubstr("no policy attains 1: the results are 0, and no error is small beside them"));
    EXPECT_EQ(run("plan --workload gemv row.npy ones.npy --tolerance 1").status, 0);  // exact sums
}

TEST_F(PlanProgram, RefusesOrScalesWhatFp16DoesNotHold) {
    const auto plan = json("--workload gemm large.npy layer.npy --unit A100 --tolerance 1e-2");
    int refused = 0;
    for (const auto& p : plan["policies"])
        if (p["storage"] == "fp16") {
            const bool scaled = p["scaled_by_2_to"][0] != 0;
            EXPECT_EQ(p["verdict"] == "refused", !scaled) << p;
            refused += scaled ? 0 : 1;
            if (scaled) continue;
            EXPECT_THAT(p["flags"][0]["why"], HasSubstr("numbers are too large"));
        }
    EXPECT_EQ(refused, 2);
}

TEST_F(PlanProgram, TakesMatricesWithVectorsAndBiases) {
    write("vector.npy", {64}, std::vector<float>(64, 0.5F));
    write("column.npy", {64, 1}, std::vector<float>(64, 0.5F));
    const auto gemv = json("--workload gemv images.npy vector.npy --unit A100 --tolerance 1e-6");
    EXPECT_EQ(gemv["certificate"]["verdict"], "holds");
    EXPECT_EQ(gemv["m"], 128);
    EXPECT_EQ(gemv["n"], 1);
    EXPECT_EQ(json("--workload gemv images.npy column.npy --unit A100 --tolerance 1e-6")["certificate"]["hash"],
              gemv["certificate"]["hash"]);
    const auto layer = json("--workload layer images.npy layer.npy bias.npy --unit sm_87 --tolerance 1e-2");
    EXPECT_EQ(layer["certificate"]["verdict"], "holds");
    EXPECT_EQ(layer["inputs"].size(), 3);
    EXPECT_EQ(layer["policies"][0]["bytes"], 128 * 64 + 64 * 32 + 4 * (128 * 32 + 32));
}

TEST_F(PlanProgram, ReadsMatrixMarket) {
    const test::Outcome text = run("plan --workload gemm nos4.mtx nos4.mtx --unit A100 --tolerance 1e-3");
    EXPECT_EQ(text.status, 0);
    EXPECT_THAT(text.output, HasSubstr("nos4.mtx (594 numbers rounded to fp32), 100 x 100, hash "));
    const auto squared = json("--workload gemm nos4.mtx nos4.mtx --unit V100 --tolerance 1e-6");
    EXPECT_EQ(squared["certificate"]["verdict"], "holds");
    std::ofstream(folder / "large.mtx") << "%%MatrixMarket matrix array real general\n2 1\n1\n1e39\n";
    std::ofstream(folder / "small.mtx") << "%%MatrixMarket matrix array real general\n2 1\n1e-46\n1\n";
    std::ofstream(folder / "integers.mtx") << "%%MatrixMarket matrix array integer general\n2 1\n1\n-7\n";
    const std::string sum = "--workload sum --tolerance 1e-3 ";
    expect_refused(sum + "large.mtx", "large.mtx: element 1: expected a number of fp32");
    expect_refused(sum + "small.mtx", "small.mtx: element 0: expected a number of fp32");
    EXPECT_EQ(json(sum + "integers.mtx")["certificate"]["measured"], 0);
}

TEST_F(PlanProgram, AnswersToZerosAndOnes) {
    write("zeros.npy", {4, 4}, std::vector<float>(16, 0));
    write("one.npy", {1}, {3});
    const auto zeros = json("--workload gemm zeros.npy zeros.npy --unit A100 --tolerance 1e-9");
    EXPECT_EQ(zeros["certificate"]["measured"], 0);
    EXPECT_EQ(zeros["certificate"]["policy"], zeros["policies"][0]["policy"]);
    EXPECT_EQ(json("--workload sum one.npy --tolerance 1e-9")["certificate"]["verdict"], "holds");
}

TEST_F(PlanProgram, RefusesWhatCannotBe) {
    write("nan.npy", {2, 2}, {1, 2, NAN, 4});
    write("infinite.npy", {2, 2}, {1, INFINITY, 3, 4});
    write("none.npy", {0, 4}, {});
    write_npy(folder / "wide.npy", {{1}, binary64, {0x3FF0000000000001}});
    const std::string gemm = "--workload gemm --tolerance 1e-3 ";
    expect_refused("--tolerance 1e-3 large.npy large.npy", "expected --workload of sum, dot, gemv, gemm, layer");
    expect_refused("--workload conv --tolerance 1e-3",
                   "expected a workload of sum, dot, gemv, gemm, layer, found \"conv\"");
    expect_refused("--workload layer-gradients --size 8 --tolerance 1e-3",
                   "expected a workload of sum, dot, gemv, gemm, layer, found \"layer-gradients\"");
    const std::string gemv = "--workload gemv --tolerance 1e-3 ", layer = "--workload layer --tolerance 1e-3 ";
    write("five.npy", {5}, {1, 2, 3, 4, 5});
    expect_refused(layer + "large.npy layer.npy nan.npy", "nan.npy: element 2: expected a finite number, found a NaN");
    expect_refused(gemv + "large.npy none.npy", "none.npy: expected numbers, found none");
    expect_refused(gemv + "five.npy large.npy", "five.npy: expected a matrix, and a vector, found 5 and 64 x 64");
    expect_refused(gemv + "large.npy five.npy", "five.npy: expected 64 numbers, as large.npy has columns, found 5");
    expect_refused(gemv + "large.npy", "expected two files for gemv");
    expect_refused(layer + "large.npy layer.npy", "expected three files for layer, or --size, found 2 files");
    expect_refused(layer + "large.npy images.npy five.npy", "images.npy: expected a matrix of 64 rows");
    expect_refused(layer + "large.npy layer.npy five.npy", "five.npy: expected 32 numbers, as layer.npy has columns");
    expect_refused("--workload gemm large.npy large.npy", "expected --tolerance, a number above 0");
    expect_refused("--workload gemm --tolerance nan large.npy large.npy", "expected --tolerance");
    expect_refused(gemm + "large.npy", "expected two files for gemm, or --size, found 1 files");
    expect_refused(gemm + "large.npy images.npy",
                   "images.npy: expected a matrix of 64 rows, as large.npy is 64 x 64, found 128 x 64");
    expect_refused(gemm + "nan.npy nan.npy", "nan.npy: element 2: expected a finite number, found a NaN");
    expect_refused(gemm + "infinite.npy nan.npy",
                   "infinite.npy: element 1: expected a finite number, found an infinity");
    expect_refused(gemm + "none.npy none.npy", "none.npy: expected numbers, found none");
    expect_refused(gemm + "nowhere.npy none.npy", "nowhere.npy");
    expect_refused("--workload sum --tolerance 1e-3 wide.npy", "wide.npy: element 0: expected a number of fp32");
    expect_refused("--workload dot --tolerance 1e-3 large.npy nan.npy", "nan.npy: element 2");
    expect_refused("--workload dot --tolerance 1e-3 large.npy images.npy",
                   "images.npy: expected 4096 numbers, as large.npy has, found 8192");
    expect_refused(gemm + "--size 8 --unit K80", "expected a processor with published rates of V100, T4, A100");
    expect_refused("--workload sum --size 8 --tolerance 1 --unit A100",
                   "--unit: expected a workload of matrices, found sum");
    expect_refused(gemm + "--size 8 large.npy", "--size: expected no files, found \"large.npy\"");
    expect_refused(gemm + "--size 8 --data odd", "expected a kind of data of normal, uniform");
    expect_refused(gemm + "--size 8 --unit A100 --json /nowhere/at/all.json", "expected a file that can be written");
    expect_refused("--calibrate --size 8", "excludes");
    expect_refused("--plot x.svg", "requires");
}

TEST_F(PlanProgram, TranscriptsAreCurrent) {
    test::expect_current(HALFULP_SOURCE "/docs/planning.md", 6,
                         [&](const std::string& arguments) { return run(arguments); });
}

}  // namespace
}  // namespace halfulp
