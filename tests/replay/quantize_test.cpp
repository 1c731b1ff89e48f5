// Claim: the integer products with gemmlowp's requantisation give every byte of gemmlowp's recorded product of a real network;
// fake quantisation, its gradients and a quantised layer give PyTorch's bits.
// Oracle: the files of gemmlowp's test data and outputs of PyTorch 1.13. Shared: nothing.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <fstream>
#include <nlohmann/json.hpp>
#include <vector>

#include <halfulp/lib/io/binary_file.hpp>
#include <halfulp/lib/kernel/int8/int8_gemm.hpp>
#include <halfulp/lib/quantize/linear.hpp>
#include <halfulp/lib/quantize/training.hpp>

#include "support/vectors.hpp"

namespace halfulp::quantize {
namespace {

std::vector<std::uint8_t> bytes_of(const std::filesystem::path& path) {
    BinaryFile file(path);
    const std::string text = file.read(0, file.size(), "bytes");
    return {text.begin(), text.end()};
}

nlohmann::json golden() { return nlohmann::json::parse(std::ifstream(vectors_folder() / "torch" / "golden.json")); }

/// A number that was written in full.
float number(const nlohmann::json& x) { return static_cast<float>(x.get<double>()); }

std::vector<std::uint32_t> bits_of(const std::vector<float>& numbers) {
    std::vector<std::uint32_t> bits(numbers.size());
    std::ranges::transform(numbers, bits.begin(), [](float x) { return std::bit_cast<std::uint32_t>(x); });
    return bits;
}

std::vector<float> numbers(const nlohmann::json& list) {
    std::vector<float> all;
    for (const auto& x : list) all.push_back(number(x));
    return all;
}

std::vector<std::uint32_t> bits(const nlohmann::json& list) { return bits_of(numbers(list)); }

Affine affine(const nlohmann::json& q, const char* zero_point) {
    return {number(q["scale"]), q[zero_point], {q["qmin"], q["qmax"]}, Rounding::NearestEven, Quotient::Reciprocal};
}

TEST(Gemmlowp, EveryByteOfTheRecordedProduct) {
    REQUIRE_VECTORS();
    constexpr std::size_t rows = 192, columns = 256, inner = 1152;
    const auto folder = vectors_folder() / "gemmlowp";
    const auto a = bytes_of(folder / "a_data.u8"), b = bytes_of(folder / "b_data.u8");
    const auto expected = bytes_of(folder / "expected_c_data.u8");
    ASSERT_EQ(a.size(), rows * inner);
    ASSERT_EQ(b.size(), inner * columns);
    ASSERT_EQ(expected.size(), rows * columns);
    // int8_gemm takes signed weights: b - 128, whose zero point is then -128.
    std::vector<std::int8_t> weights(b.size());
    std::ranges::transform(b, weights.begin(), [](std::uint8_t x) { return static_cast<std::int8_t>(x - 128); });
    std::vector<std::int32_t> sums(rows * columns);
    kernel::int8_gemm(kernel::row_major(a.data(), rows, inner),
                      kernel::column_major(std::as_const(weights).data(), inner, columns),
                      kernel::column_major(sums.data(), rows, columns), {.a_zero = 84, .b_zero = -128});
    std::size_t mismatches = 0;
    for (std::size_t i = 0; i < sums.size(); ++i)
        if (quantise_down({74980, 3401, 21}, sums[i]) != expected[i]) ++mismatches;
    EXPECT_EQ(mismatches, 0U) << "of " << sums.size();
}

TEST(PyTorch, FakeQuantisationAndItsGradient) {
    REQUIRE_VECTORS();
    const auto all = golden()["fake_quant"];
    ASSERT_EQ(all.size(), 5U);
    for (const auto& recorded : all) {
        const Affine q = affine(recorded, "zero_point");
        const auto x = numbers(recorded["x"]), upstream = numbers(recorded["upstream"]);
        std::vector<float> y(x.size()), grad(x.size());
        fake_quantise(q, x, y);
        straight_through(q, x, upstream, grad);
        EXPECT_EQ(bits_of(y), bits(recorded["y"])) << q.scale;
        EXPECT_EQ(bits_of(grad), bits(recorded["grad"])) << q.scale;
    }
}

/// As PyTorch sums on AVX2: in four vectors of eight lanes, which are added to each other, and then their lanes.
float summed(const std::vector<float>& terms) {
    std::array<float, 32> lanes{};
    for (std::size_t i = 0; i < terms.size(); ++i) lanes[i % 32] += terms[i];
    float sum = 0;
    for (std::size_t i = 0; i < 8; ++i) sum += lanes[i] + lanes[i + 8] + lanes[i + 16] + lanes[i + 24];
    return sum;
}

TEST(PyTorch, LearnedStepSize) {
    REQUIRE_VECTORS();
    const auto recorded = golden()["lsq"];
    const Affine q = affine(recorded, "zp");
    const auto x = numbers(recorded["x"]);
    std::vector<float> y(x.size());
    fake_quantise(q, x, y);
    EXPECT_EQ(bits_of(y), bits(recorded["y"]));
    const StepGradients g = learned_step(q, x, numbers(recorded["upstream"]), number(recorded["grad_factor"]));
    EXPECT_EQ(bits_of(g.x), bits(recorded["gx"]));
    EXPECT_EQ(summed(g.scale), number(recorded["gs"][0]));
    EXPECT_EQ(summed(g.zero_point), number(recorded["gz"][0]));
}

/// QNNPACK: the sum times the factor in binary32, to nearest even.
TEST(PyTorch, QuantisedLayer) {
    REQUIRE_VECTORS();
    const auto r = golden()["qlinear_qnnpack"];
    const std::size_t rows = r["M"], inner = r["K"], columns = r["N"];
    const LinearScheme scheme{.input = {number(r["xs"]), r["xz"], {0, 255}},
                              .weights = {{number(r["ws"]), r["wz"]}},
                              .output = {number(r["ys"]), r["yz"], {0, 255}},
                              .mode = Requantisation::Fp32Magic};
    std::vector<float> x, weights(inner * columns);
    for (const std::int32_t code : r["x"]) x.push_back(number_of(scheme.input, code));
    for (std::size_t j = 0; j < columns; ++j)
        for (std::size_t k = 0; k < inner; ++k)
            weights[k * columns + j] = number_of(scheme.weights[0], r["w"][j * inner + k]);
    const auto codes = linear_codes(scheme, {rows, inner, columns, x, weights, numbers(r["bias"])});
    EXPECT_EQ(codes, r["y"].get<std::vector<std::int32_t>>());
}

}  // namespace
}  // namespace halfulp::quantize
