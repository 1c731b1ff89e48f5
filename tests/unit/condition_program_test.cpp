// Claim: `halfulp condition` prints of sums, products and systems what lib/condition and lib/solve find, refuses what
// it cannot judge in one line with exit status 2, and docs/conditioning.md shows it.
// Oracle: problems whose condition number is known, and mpmath's of real matrices. Shared: writers of .npy.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <halfulp/lib/condition/problems/cancelling.hpp>
#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/folder.hpp"
#include "support/program.hpp"
#include "support/tensor_files.hpp"
#include "support/transcripts.hpp"

namespace halfulp {
namespace {

using nlohmann::json;
using testing::HasSubstr;

constexpr double infinity = std::numeric_limits<double>::infinity();

class Condition : public test::FolderTest {
  protected:
    void SetUp() override {
        for (const char* name : {"bcsstk01.mtx", "west0067.mtx", "nos4.mtx"})
            std::filesystem::copy(std::filesystem::path(HALFULP_SOURCE "/tests/data/matrix_market") / name, folder);
    }

    void write(const std::string& name, const std::vector<std::size_t>& shape,
               const std::vector<double>& numbers) const {
        Tensor tensor{shape, binary64, {}};
        for (const double x : numbers) tensor.codes.push_back(std::bit_cast<std::uint64_t>(x));
        write_npy(folder / name, tensor);
    }
    test::Outcome program(const std::string& arguments) const {
        return test::shell("cd '" + folder.string() + "' && '" HALFULP_PROGRAM "' " + arguments);
    }
    json condition(const std::string& arguments) const {
        const test::Outcome outcome = program("condition --json " + arguments);
        EXPECT_EQ(outcome.status, 0) << outcome.output;
        return json::parse(outcome.output);
    }
    void expect_refusal(const std::string& arguments, const std::string& message) const {
        const test::Outcome outcome = program("condition " + arguments);
        EXPECT_EQ(outcome.status, 2) << arguments;
        EXPECT_EQ(outcome.output, "halfulp: " + message + "\n");
    }
};

TEST_F(Condition, OfSumsAndProducts) {
    write("x.npy", {3}, {1e6, 1, -1e6});
    write("y.npy", {3}, {1, 2, 3});
    const json sum = condition("x.npy");
    EXPECT_EQ(sum["kappa"], 2000001);
    EXPECT_EQ(sum["storage"].size(), 4);
    EXPECT_EQ(sum["storage"][3]["stored in"], "fp16");
    EXPECT_EQ(sum["storage"][3]["beyond range"], 2);
    EXPECT_EQ(sum["storage"][3]["viable"], false);
    EXPECT_EQ(sum["storage"][3]["digits"], 0);
    EXPECT_EQ(sum["storage"][1]["viable"], true);
    EXPECT_NEAR(sum["storage"][1]["digits"], 24 * std::log10(2.0) - std::log10(2000001.0), 1e-12);
    EXPECT_EQ(condition("x.npy --with y.npy")["kappa"], 2 * 4000002.0 / 1999998);

    write("a.npy", {2, 2}, {1, 1, 1, -1});
    write("b.npy", {2, 2}, {1, 1, 1, 3});
    const json product = condition("a.npy --with b.npy");  // |A| |B| = 2 4 2 4, A B = 2 4 0 -2
    EXPECT_EQ(product["condition numbers"][0]["value"], 4);
    EXPECT_EQ(product["kappa"], nullptr);  // an element is 0
}

TEST_F(Condition, OfSystemsWithKnownMatrices) {
    write("pascal.npy", {3, 3}, {1, 1, 1, 1, 2, 3, 1, 3, 6});
    const json pascal = condition("pascal.npy");
    EXPECT_NEAR(pascal["kappa"], 10 * 10, 1e-10);  // its inverse is [[3, -3, 1], [-3, 5, -2], [1, -2, 1]]
    EXPECT_EQ(pascal["condition numbers"].size(), 3);
    struct Row {
        const char* file;
        double kappa_2, kappa_1;  // by mpmath 1.3, in 50 digits
    };
    for (const Row& row :
         {Row{"bcsstk01.mtx", 882336.262703, 1597600.87587}, Row{"west0067.mtx", 130.217366746, 429.135685834},
          Row{"nos4.mtx", 1578.46139195, 2700.36740086}}) {
        const json numbers = condition(row.file)["condition numbers"];
        EXPECT_NEAR(numbers[0]["value"].get<double>() / row.kappa_2, 1, 1e-9) << row.file;
        EXPECT_NEAR(numbers[1]["value"].get<double>() / row.kappa_1, 1, 1e-9) << row.file;
        EXPECT_LE(numbers[2]["value"], row.kappa_1 * (1 + 1e-9));
        EXPECT_GE(numbers[2]["value"], row.kappa_1 / 3);
    }
    const json stiff = condition("bcsstk01.mtx");
    EXPECT_GT(stiff["storage"][3]["beyond range"], 100);
    EXPECT_EQ(stiff["storage"][4]["stored in"], "fp16, scaled");
    EXPECT_EQ(stiff["storage"][4]["beyond range"], 0);
}

TEST_F(Condition, SolvesInEveryFormatByEveryMethod) {
    const json solved = condition("nos4.mtx --solve")["solve"];
    ASSERT_EQ(solved.size(), 6);
    for (const json& trial : solved) {
        if (trial["promised"]) {
            EXPECT_TRUE(trial["converged"]);
        }
        if (trial["converged"]) {
            EXPECT_LE(trial["HPL-MxP"], 16);
        }
    }
    EXPECT_EQ(solved[0]["format"], "fp16");
    EXPECT_EQ(solved[0]["method"], "IR");
}

TEST_F(Condition, SaysThatAMatrixIsSingular) {
    write("singular.npy", {2, 2}, {1, 2, 2, 4});
    const test::Outcome outcome = program("condition singular.npy --solve");
    EXPECT_EQ(outcome.status, 0);
    EXPECT_THAT(outcome.output, HasSubstr("singular as far as fp64 can tell"));
    EXPECT_THAT(outcome.output, HasSubstr("zero pivot"));
    EXPECT_THAT(outcome.output, HasSubstr("not viable: kappa u = inf"));
    write("nearly.npy", {3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9.000000000000001});
    EXPECT_EQ(program("condition nearly.npy").status, 0);
    write("zero.npy", {1, 1}, {0});
    EXPECT_EQ(condition("zero.npy")["kappa"], nullptr);
}

TEST_F(Condition, RefusesWhatItCannotJudge) {
    write("wide.npy", {2, 3}, {1, 2, 3, 4, 5, 6});
    write("nan.npy", {2, 2}, {1, 2, std::nan(""), 4});
    write("infinite.npy", {2}, {1, infinity});
    write("empty.npy", {0}, {});
    write("none.npy", {0, 0}, {});
    write("cube.npy", {1, 1, 1}, {1});
    write("x.npy", {3}, {1, 2, 3});
    write("y.npy", {2}, {1, 2});
    expect_refusal("wide.npy", "wide.npy: expected a square matrix, found 2 x 3; the product with another is --with");
    expect_refusal("nan.npy", "nan.npy: row 1, column 0: expected a finite number, found nan");
    expect_refusal("infinite.npy", "infinite.npy: row 1, column 0: expected a finite number, found inf");
    expect_refusal("empty.npy", "empty.npy: expected numbers, found shape (0,)");
    expect_refusal("none.npy", "none.npy: expected numbers, found shape (0, 0)");
    expect_refusal("cube.npy", "cube.npy: expected a vector or a matrix, found shape (1, 1, 1)");
    expect_refusal("x.npy --with y.npy", "y.npy: expected 1 rows, as x.npy has columns, found 2 x 1");
    expect_refusal("wide.npy --with wide.npy", "wide.npy: expected 3 rows, as wide.npy has columns, found 2 x 3");
    expect_refusal("", "expected a file or --problems, found neither");
    expect_refusal("x.npy --problems", "expected a file or --problems, found both");
    expect_refusal("--problems --with x.npy", "--problems: expected no --with");
    expect_refusal("x.npy --solve", "--solve: expected a square matrix, found a sum");
    expect_refusal("x.npy --with x.npy --solve", "--solve: expected a matrix alone, found --with");
    expect_refusal("absent.mtx", "absent.mtx: expected a regular file that can be read, found none");
    file("complex.mtx", "%%MatrixMarket matrix coordinate complex general\n");
    expect_refusal("complex.mtx", R"(complex.mtx:1: expected one of real, integer, pattern, found "complex")");
}

TEST_F(Condition, PageIsCurrent) {
#if !defined(__x86_64__) || defined(__FMA__)
    GTEST_SKIP() << "Eigen rounds otherwise here";
#endif
    const auto dot = conditioning::gen_dot(100, 1e6, 1, binary32);
    write("x.npy", {100}, dot.x);
    write("y.npy", {100}, dot.y);
    test::expect_current(HALFULP_SOURCE "/docs/conditioning.md", 5,
                         [&](const std::string& arguments) { return program(arguments); });
}

}  // namespace
}  // namespace halfulp
