// Claim: `halfulp quantize` writes the codes, scales and zero points that it reports, with every candidate, page and picture; and
// refuses what it cannot quantise in one line, with exit status 2 and nothing written.
// Oracle: the definition of ONNX's QuantizeLinear on what the files hold. Shared: readers and writers of tensors.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include <halfulp/lib/io/tensor.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/folder.hpp"
#include "support/html.hpp"
#include "support/program.hpp"
#include "support/tensor_files.hpp"

namespace halfulp {
namespace {

using test::content;
using testing::HasSubstr;
using testing::Not;

float number(std::uint64_t code) { return std::bit_cast<float>(static_cast<std::uint32_t>(code)); }

Tensor tensor_of(const std::vector<float>& numbers, const std::vector<std::size_t>& shape) {
    Tensor tensor{shape, binary32, {}};
    for (const float x : numbers) tensor.codes.push_back(std::bit_cast<std::uint32_t>(x));
    return tensor;
}

/// Most within [-1, 1], a few beyond.
std::vector<float> some_numbers(std::size_t count) {
    std::vector<float> numbers(count);
    for (std::size_t i = 0; i < count; ++i)
        numbers[i] = std::sin(static_cast<float>(i) * 0.37F) * (i % 97 == 0 ? 4.0F : 1.0F);
    return numbers;
}

class Quantize : public test::FolderTest {
  protected:
    std::string name(const std::string& file) const { return (folder / file).string(); }
    test::Outcome quantize(const std::string& arguments) const {
        return test::shell("cd '" + folder.string() + "' && '" HALFULP_PROGRAM "' quantize " + arguments);
    }
};

TEST_F(Quantize, WritesTheCodesOfItsScale) {
    const std::vector<float> numbers = some_numbers(3000);
    write_npy(name("in.npy"), tensor_of(numbers, {3, 1000}));
    for (const auto& [options, least, greatest] : {std::tuple("", -128, 127),
                                                   {"--unsigned --bits 4", 0, 15},
                                                   {"--symmetric --restricted --rule tensorrt", -127, 127},
                                                   {"--bits 12 --calibrate mse", -2048, 2047},
                                                   {"--rule tensorrt --bits 2 --calibrate minmax", -2, 1}}) {
        const auto outcome = quantize("in.npy " + std::string(options) + " --out out.safetensors");
        ASSERT_EQ(outcome.status, 0) << outcome.output;
        const Tensor codes = read_tensor(name("out.safetensors"), {.name = "tensor", .format = {}});
        const float scale =
            number(read_tensor(name("out.safetensors"), {.name = "tensor.scale", .format = {}}).codes.at(0));
        const auto type = std::get<IntegerType>(codes.type);
        const auto integer = [&](std::uint64_t code) {
            return static_cast<std::int64_t>(type.is_signed && code > type.greatest() ? code - type.code_mask() - 1
                                                                                      : code);
        };
        const auto zero =
            integer(read_tensor(name("out.safetensors"), {.name = "tensor.zero_point", .format = {}}).codes.at(0));
        EXPECT_EQ(codes.shape, (std::vector<std::size_t>{3, 1000}));
        for (std::size_t i = 0; i < numbers.size(); ++i)
            ASSERT_EQ(integer(codes.codes[i]),
                      std::clamp<std::int64_t>(std::llrint(numbers[i] / scale) + zero, least, greatest))
                << options << " element " << i;
    }
}

TEST_F(Quantize, GivesEachGroupItsScale) {
    std::vector<float> numbers = some_numbers(600);
    for (std::size_t i = 0; i < 200; ++i) numbers[i] *= 100;
    write_safetensors(name("in.safetensors"), {{"a", tensor_of({1, 2}, {2})}, {"w", tensor_of(numbers, {3, 200})}});
    const auto outcome = quantize(
        "in.safetensors#w --granularity channel --axis 0 --symmetric --rule tensorrt --calibrate minmax --out out.safetensors");
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    const Tensor scales = read_tensor(name("out.safetensors"), {.name = "w.scale", .format = {}});
    ASSERT_EQ(scales.shape, (std::vector<std::size_t>{3}));
    for (std::size_t channel = 0; channel < 3; ++channel) {
        float amax = 0;
        for (std::size_t i = 0; i < 200; ++i) amax = std::max(amax, std::abs(numbers[channel * 200 + i]));
        EXPECT_EQ(number(scales.codes[channel]), amax / 127);
    }
    EXPECT_EQ(quantize("in.safetensors#w --granularity block --block 32 --out out.safetensors").status, 0);
    EXPECT_EQ(read_tensor(name("out.safetensors"), {.name = "w.scale", .format = {}}).shape,
              (std::vector<std::size_t>{3, 7}));
}

TEST_F(Quantize, ReportsEveryCandidate) {
    write_npy(name("in.npy"), tensor_of(some_numbers(5000), {5000}));
    const auto outcome = quantize("in.npy --noise --json out.json --report page --out out.npy");
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    const auto json = nlohmann::json::parse(content(name("out.json")));
    ASSERT_EQ(json["candidates"].size(), 6U);
    double best = 0, chosen = 0;
    for (const auto& candidate : json["candidates"]) {
        for (const char* number : {"scale", "zero point", "clipped", "SQNR dB", "bits kept", "KL bits"})
            EXPECT_TRUE(candidate[number].is_number()) << number;
        const double sqnr = candidate["SQNR dB"];
        best = std::max(best, sqnr);
        if (!candidate["chosen"].get<bool>()) continue;
        chosen = sqnr;
        EXPECT_EQ(candidate["scale"], json["scale"][0]);
        EXPECT_EQ(candidate["zero point"], json["zero_point"][0]);
    }
    for (const auto& candidate : json["candidates"]) {
        EXPECT_THAT(outcome.output, HasSubstr(candidate["calibration"].get<std::string>()));
    }
    EXPECT_EQ(chosen, best);
    // By the definition, with 0 between them.
    const auto& minmax = json["candidates"][0];
    const auto [least, greatest] = std::ranges::minmax(some_numbers(5000));
    EXPECT_EQ(minmax["scale"].get<float>(), (greatest - least) / 255);
    EXPECT_EQ(json["least"].get<float>(), least);
    ASSERT_EQ(json["noise"].size(), 15U);
    for (const auto& row : json["noise"]) {
        for (const char* number : {"uniform model dB", "histogram dB", "measured dB"})
            EXPECT_TRUE(row[number].is_number()) << number;
        bool holds = true;  // within four standard deviations each
        for (const auto& deviation : row["deviations"]) holds = holds && std::abs(deviation.get<double>()) <= 4;
        EXPECT_EQ(row["uniform model"], holds);
    }
    const std::string html = content(name("page/quantise.html"));
    EXPECT_EQ(test::unbalanced(html), "");
    EXPECT_EQ(test::outside(html), "");
    EXPECT_THAT(html, HasSubstr("histogram_l2"));
    for (const char* part : {"histogram.svg", "histogram.png", "histogram.tsv"})
        EXPECT_NE(content(folder / "page" / part), "") << part;
    // A tooth a level.
    const std::string tsv = content(name("page/histogram.tsv"));
    std::size_t teeth = 0;
    for (std::size_t at = tsv.find("\nlevels\t"); at != std::string::npos; at = tsv.find("\nlevels\t", at + 1)) ++teeth;
    EXPECT_EQ(teeth, 3 * 256U);
}

/// One number of 97 is far: with 4 bits, clipping pays in large blocks. Small ones try minmax and mse, others all.
TEST_F(Quantize, AutoClipsBlocksToo) {
    write_npy(name("in.npy"), tensor_of(some_numbers(4096), {4096}));
    for (const auto& [block, tried] : {std::pair(32, 2U), {2047, 2U}, {2048, 6U}}) {
        const std::string of = "in.npy --granularity block --bits 4 --block " + std::to_string(block);
        const auto run = [&](const std::string& options) {
            const auto outcome = quantize(of + options + " --out out.safetensors --json out.json");
            EXPECT_EQ(outcome.status, 0) << outcome.output;
            return nlohmann::json::parse(content(name("out.json")))["candidates"];
        };
        const auto all = run(""), mse = run(" --calibrate mse"), minmax = run(" --calibrate minmax");
        EXPECT_EQ(all.size(), tried) << block;
        double best = 0;
        for (const auto& candidate : all)
            if (candidate["chosen"]) best = candidate["SQNR dB"];
        EXPECT_GE(best, mse[0]["SQNR dB"]) << block;
        EXPECT_GE(best, minmax[0]["SQNR dB"]) << block;
        if (block > 32) {
            EXPECT_GT(best, minmax[0]["SQNR dB"]) << block;
        }
    }
}

TEST_F(Quantize, WritesAllOrNothing) {
    write_npy(name("in.npy"), tensor_of(some_numbers(100), {100}));
    file("taken", "");
    for (const auto& [options, found] : {std::pair("--json /dev/full", "/dev/full: expected a file"),
                                         {"--json /dev/full --report page", "/dev/full: expected a file"},
                                         {"--json out.json --report taken", "taken: expected a folder"},
                                         {"--json out.json --report taken/page", "taken/page: expected a folder"},
                                         {"--json no/out.json --report page", "no/out.json: expected a file"}}) {
        const auto outcome = quantize("in.npy --noise --out out.npy " + std::string(options));
        EXPECT_EQ(outcome.status, 2) << options;
        EXPECT_THAT(outcome.output, testing::StartsWith("halfulp: " + std::string(found)));
        EXPECT_EQ(std::ranges::count(outcome.output, '\n'), 1) << outcome.output;
        for (const char* file : {"out.npy", "out.json", "page"})
            EXPECT_FALSE(std::filesystem::exists(name(file))) << options << ": " << file;
    }
}

/// The codes come last: a full disk leaves nothing of what came before.
TEST_F(Quantize, LeavesNothingWhereTheLastFileFails) {
    write_npy(name("in.npy"), tensor_of(some_numbers(100), {100}));
    std::filesystem::create_symlink("/dev/full", name("full.npy"));
    const auto outcome = quantize("in.npy --noise --json out.json --report a/b/page --out full.npy");
    EXPECT_EQ(outcome.status, 2);
    EXPECT_EQ(outcome.output, "halfulp: full.npy: expected a file that can be written\n");
    for (const char* file : {"out.json", "a"}) EXPECT_FALSE(std::filesystem::exists(name(file))) << file;
}

/// What was there is there again.
TEST_F(Quantize, KeepsEarlierFilesWhereTheLastOneFails) {
    write_npy(name("in.npy"), tensor_of(some_numbers(100), {100}));
    std::filesystem::create_symlink("/dev/full", name("full.npy"));
    std::filesystem::create_directory(name("page"));
    file("page/mine", "mine");
    file("out.json", "precious");
    file("out.json.old", "the user's");
    file("page/quantise.html", "old");
    EXPECT_EQ(quantize("in.npy --json out.json --report page --out full.npy").status, 2);
    EXPECT_EQ(content(name("page/mine")), "mine");
    EXPECT_EQ(content(name("out.json")), "precious");
    EXPECT_EQ(content(name("page/quantise.html")), "old");
    EXPECT_FALSE(std::filesystem::exists(name("page/histogram.svg")));
    EXPECT_EQ(content(name("out.json.old")), "the user's");
    EXPECT_FALSE(std::filesystem::exists(name("out.json.old.old")));
    EXPECT_FALSE(std::filesystem::exists(name("page/quantise.html.old")));
    EXPECT_EQ(quantize("in.npy --json /dev/null --report page --out full.npy").status, 2);
    EXPECT_TRUE(std::filesystem::exists("/dev/null"));
    EXPECT_EQ(quantize("in.npy --json out.json --report page --out out.npy").status, 0);
    EXPECT_THAT(content(name("out.json")), HasSubstr("candidates"));
    EXPECT_EQ(content(name("out.json.old")), "the user's");
    EXPECT_FALSE(std::filesystem::exists(name("out.json.old.old")));
}

/// As the file calls it, though the command line does not.
TEST_F(Quantize, KeepsTheNameOfTheOnlyTensor) {
    write_safetensors(name("in.safetensors"), {{"weights", tensor_of(some_numbers(100), {100})}});
    const auto outcome = quantize("in.safetensors --out out.safetensors --json out.json");
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    EXPECT_EQ(nlohmann::json::parse(content(name("out.json")))["tensor"], "weights");
    EXPECT_EQ(read_tensor(name("out.safetensors"), {.name = "weights.scale"}).codes.size(), 1U);
}

TEST_F(Quantize, SaysThatGroupsHaveNoPicture) {
    write_npy(name("in.npy"), tensor_of(some_numbers(300), {3, 100}));
    const auto outcome = quantize("in.npy --granularity channel --axis 0 --report page --out out.safetensors");
    ASSERT_EQ(outcome.status, 0) << outcome.output;
    EXPECT_THAT(content(name("page/quantise.html")), HasSubstr("No picture of the levels: 3 groups of numbers"));
    EXPECT_FALSE(std::filesystem::exists(name("page/histogram.svg")));
}

/// [0, 1e-34] has codes of 8 bits, and no normal scale for those of 14 bits and more.
TEST_F(Quantize, BitsWithoutAScaleAreNoFailure) {
    write_npy(name("in.npy"), tensor_of({0, 3e-35F, 1e-34F}, {3}));
    const auto outcome = quantize("in.npy --noise --out out.npy --json out.json --report page");
    EXPECT_EQ(outcome.status, 0) << outcome.output;
    EXPECT_THAT(outcome.output, HasSubstr("no scale: expected numbers whose scale is a normal number of fp32"));
    for (const char* file : {"out.npy", "out.json", "page/quantise.html"})
        EXPECT_TRUE(std::filesystem::exists(name(file))) << file;
    const auto json = nlohmann::json::parse(content(name("out.json")));
    for (const auto& row : json["noise"]) {
        EXPECT_EQ(row["measured dB"].is_number(), row["bits"] <= 13) << row;
        EXPECT_EQ(row.contains("why"), row["bits"] > 13) << row;
    }
}

TEST_F(Quantize, NeverWritesWhereItReadsOrTwice) {
    write_npy(name("in.npy"), tensor_of(some_numbers(100), {100}));
    const std::string before = content(name("in.npy"));
    std::filesystem::create_symlink("in.npy", name("link.npy"));
    std::filesystem::create_hard_link(name("in.npy"), name("hard.npy"));
    for (const char* options :
         {"--out in.npy", "--out ./in.npy", "--out no/../in.npy", "--out link.npy", "--out hard.npy",
          "--out out.npy --json in.npy", "--out out.npy --json out.npy", "--out out.npy --json out.npy/out.json",
          "--out out.npy --report page --json page/quantise.html", "--out out.npy --report out.npy",
          "--out out.npy --report out.npy/page"}) {
        const auto outcome = quantize("in.npy " + std::string(options));
        EXPECT_EQ(outcome.status, 2) << options;
        EXPECT_THAT(outcome.output, HasSubstr(" apart from the "));
        EXPECT_EQ(std::ranges::count(outcome.output, '\n'), 1) << outcome.output;
        EXPECT_EQ(content(name("in.npy")), before) << options;
        for (const char* file : {"out.npy", "page"})
            EXPECT_FALSE(std::filesystem::exists(name(file))) << options << ": " << file;
    }
}

TEST_F(Quantize, RefusesWhatCannotBe) {
    const float nan = std::nanf(""), infinity = std::numeric_limits<float>::infinity();
    const std::map<std::string, std::pair<std::vector<float>, std::string>> wrong = {
        {"empty.npy", {{}, "empty.npy: expected numbers to quantise, found none"}},
        {"constant.npy", {{3, 3, 3}, "constant.npy: expected numbers that differ, found 3 times 3"}},
        {"nan.npy", {{3, nan}, "nan.npy: element 1: expected a finite number, found nan"}},
        {"infinite.npy", {{-infinity, 1}, "infinite.npy: element 0: expected a finite number, found -inf"}},
        {"tiny.npy", {{1e-44F, 2e-44F}, "tiny.npy: expected numbers whose scale is a normal number of fp32"}},
        {"huge.npy", {{-3e38F, 3e38F}, "huge.npy: expected numbers whose scale is a normal number of fp32"}}};
    for (const auto& [file, what] : wrong) {
        write_npy(name(file), tensor_of(what.first, {what.first.size()}));
        const auto outcome = quantize(file + " --out out.npy --json out.json");
        EXPECT_EQ(outcome.status, 2) << file;
        EXPECT_THAT(outcome.output, HasSubstr("halfulp: " + what.second));
        EXPECT_EQ(std::ranges::count(outcome.output, '\n'), 1) << outcome.output;
        EXPECT_FALSE(std::filesystem::exists(name("out.npy")) || std::filesystem::exists(name("out.json"))) << file;
    }
}

TEST_F(Quantize, RefusesWrongFilesAndOptions) {
    write_npy(name("in.npy"), tensor_of(some_numbers(10), {10}));
    const std::string whole = content(name("in.npy"));
    file("cut.npy", whole.substr(0, whole.size() - 1));
    std::string lie = whole;
    lie.replace(lie.find("(10,)"), 18, "(10000000000000,) ");
    file("lie.npy", lie);
    file("cut.safetensors", std::string("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F{}", 10));
    write_npy(name("integers.npy"), {{2}, IntegerType{32, true}, {1, 2}});
    for (const char* arguments : {"cut.npy --out out.npy",
                                  "lie.npy --out out.npy",
                                  "cut.safetensors --out out.npy",
                                  "none.npy --out out.npy",
                                  "integers.npy --out out.npy",
                                  "in.npy --out out.bin",
                                  "in.npy --out no/out.npy",
                                  "in.npy --bits 17 --out out.npy",
                                  "in.npy --bits 1 --out out.npy",
                                  "in.npy --rule best --out out.npy",
                                  "in.npy --calibrate best --out out.npy",
                                  "in.npy --granularity channel --out out.npy",
                                  "in.npy --granularity channel --axis 3 --out out.safetensors",
                                  "in.npy --granularity block --block 0 --out out.safetensors",
                                  "in.npy --granularity block --block -1 --out out.safetensors",
                                  "in.npy --unsigned --restricted --out out.npy",
                                  "in.npy --percentile 0 --out out.npy",
                                  "in.npy --percentile nan --out out.npy",
                                  "in.npy --rounding stochastic --out out.npy",
                                  "in.npy"}) {
        const auto outcome = quantize(arguments);
        EXPECT_EQ(outcome.status, 2) << arguments;
        EXPECT_EQ(std::ranges::count(outcome.output, '\n'), 1) << outcome.output;
        EXPECT_THAT(outcome.output, Not(HasSubstr("bad_alloc")));
        EXPECT_FALSE(std::filesystem::exists(name("out.npy"))) << arguments;
    }
}

}  // namespace
}  // namespace halfulp
