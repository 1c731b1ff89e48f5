// Claim: predict's plain sums are what their names say.
// Oracle: textbook loops in this machine's arithmetic. Shared: the conversions of the operands; of fp16 the operations.
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <halfulp/lib/diagnose/predict.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/dot.hpp>

#include "support/gemm_data.hpp"
#include "support/predicted.hpp"

namespace halfulp {
namespace {

using test::code;
using test::plain;
using test::random_matrix;

/// A row and a column as floats, and their plain sums by loops.
struct Loops {
    std::vector<float> a, b;

    float lanes(std::size_t count, bool fused) const {
        std::vector<float> sums(count, 0);
        for (std::size_t k = 0; k < a.size(); ++k) {
            float& sum = sums[k % count];
            sum = fused ? std::fma(a[k], b[k], sum) : sum + a[k] * b[k];
        }
        for (std::size_t half = count / 2; half > 0; half /= 2) {
            std::vector<float> next;
            for (std::size_t i = 0; i < half; ++i) next.push_back(sums[2 * i] + sums[2 * i + 1]);
            sums = next;
        }
        return sums[0];
    }
    float pairwise(std::size_t first, std::size_t count) const {
        if (count == 1) return a[first] * b[first];
        const std::size_t half = (count + 1) / 2;
        return pairwise(first, half) + pairwise(first + half, count - half);
    }
    float kahan() const {
        float sum = 0, excess = 0;
        for (std::size_t k = 0; k < a.size(); ++k) {
            const float wanted = a[k] * b[k] - excess, next = sum + wanted;
            excess = (next - sum) - wanted;
            sum = next;
        }
        return sum;
    }
    float in_double() const {
        double sum = 0;
        for (std::size_t k = 0; k < a.size(); ++k) sum += static_cast<double>(a[k]) * static_cast<double>(b[k]);
        return static_cast<float>(sum);
    }
};

TEST(Predict, PlainSumsAreTextbookLoops) {
    const std::size_t k = 77;
    for (const Format& f : {binary32, binary16, bfloat16}) {
        const Matrix a = random_matrix(f, 1, k, 5, 4), b = random_matrix(f, k, 1, 6, 4);
        Loops loops;
        for (std::size_t i = 0; i < k; ++i) {
            loops.a.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(convert(binary32, f, a.codes[i]).code)));
            loops.b.push_back(std::bit_cast<float>(static_cast<std::uint32_t>(convert(binary32, f, b.codes[i]).code)));
        }
        std::map<std::string, std::uint64_t> expected = {
            {"fp32-pairwise", code(loops.pairwise(0, k))},
            {"fp32-kahan", code(loops.kahan())},
            {"fp64-fma", code(loops.in_double())},
            {"correctly-rounded", dot(binary32, {f, a.codes}, {f, b.codes}).code},
        };
        for (const std::size_t lanes : {1U, 4U, 8U, 16U})
            for (const bool fused : {true, false}) {
                const std::string name = fused ? "fp32-fma" : "fp32-mul-add";
                expected[lanes == 1 ? name : name + "-" + std::to_string(lanes) + "-lanes"] =
                    code(loops.lanes(lanes, fused));
            }
        for (const auto& [name, d] : expected)
            EXPECT_EQ(predict(plain(name), {.output = binary32}, {a, b}).codes[0], d) << name << ' ' << name_of(f);
        EXPECT_EQ(expected.size() + 2, plain_sums.size()) << "fp16 is below";
    }
    std::uint64_t fused = 0, rounded = 0;
    const Matrix a = random_matrix(binary16, 1, k, 5), b = random_matrix(binary16, k, 1, 6);
    for (std::size_t i = 0; i < k; ++i) {
        fused = compute(Operation::Fma, binary16, Operands{a.codes[i], b.codes[i], fused}).code;
        const std::uint64_t product = compute(Operation::Mul, binary16, Operands{a.codes[i], b.codes[i]}).code;
        rounded = compute(Operation::Add, binary16, Operands{rounded, product}).code;
    }
    EXPECT_EQ(predict(plain("fp16-fma"), {}, {a, b}).codes[0], fused);
    EXPECT_EQ(predict(plain("fp16-mul-add"), {}, {a, b}).codes[0], rounded);
}

}  // namespace
}  // namespace halfulp
