// The largest errors that were found, beside the bounds that Gappa proves, whose folder is the argument: none may be larger,
// and none is far below. What is measured is the code that ships: matrix units, emulator, and this machine's binary32.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <random>
#include <regex>
#include <stdexcept>
#include <string>
#include <vector>

#include <halfulp/lib/io/text_file.hpp>
#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/float.hpp>

namespace {

using namespace halfulp;

using Draws = std::mt19937_64;

bool compare(const char* what, double measured, double bound, double least_share) {
    const bool holds = measured <= bound && measured >= least_share * bound;
    std::printf("%-32s measured %.8g of at most %.8g, %.1f %%%s\n", what, measured, bound, 100 * measured / bound,
                holds ? "" : ": REFUTED");
    return holds;
}

/// A bound in Gappa's words, 7b-11 for 7 * 2^-11, that the file states.
double bound(const std::string& file, const std::string& text) {
    const std::vector<std::string> lines = TextFile(file).lines();
    const auto states = [stated = std::regex("<= " + text + "(?![0-9.])")](const std::string& line) {
        return std::regex_search(line, stated);
    };
    if (std::ranges::none_of(lines, states)) throw std::runtime_error(file + " states no bound " + text);
    const std::size_t b = text.find('b');
    return std::ldexp(std::stod(text), b == std::string::npos ? 0 : std::stoi(text.substr(b + 1)));
}

/// |y - x| / s of codes q = rint(x / s) and y = q s, where x is one of the numbers around the middle between two codes.
double quantise_dequantise(Draws& draws) {
    double largest = 0;
    for (int i = 0; i < 1'000'000; ++i) {
        const float s = std::uniform_real_distribution<float>(0.5F, 1.0F)(draws);
        const float middle = (static_cast<float>(draws() % 127) + 0.5F) * s;
        for (const float x : {std::nextafter(middle, 0.0F), middle, std::nextafter(middle, 128.0F)}) {
            const float y = std::nearbyint(x / s) * s;
            largest = std::max(largest, std::abs(double{y} - double{x}) / double{s});
        }
    }
    return largest;
}

template <Format F>
double number(std::uint64_t code) {
    return std::bit_cast<double>(convert<binary64>(Float<F>::from_code(code)).value.code);
}

template <Format F>
Float<F> nearest(double x) {
    return convert<F>(Float<binary64>{std::bit_cast<std::uint64_t>(x)}).value;
}

/// The block 1 - 1 + small products, whose sum the accumulator holds exactly after the cuts.
double fused_dot(const MmaSpec& unit, Draws& draws) {
    double largest = 0;
    const auto from = [&](int exponent) { return static_cast<std::uint64_t>(exponent + 15) << 10 | draws() % 1024; };
    for (int i = 0; i < 20'000; ++i) {
        std::vector<std::uint64_t> a{0x3C00, 0xBC00}, b{0x3C00, 0x3C00};
        double exact = 0;
        for (int k = 2; k < unit.group; ++k) {
            a.push_back(from(-4 - static_cast<int>(draws() % 8)));
            b.push_back(from(-12));
            exact += number<binary16>(a.back()) * number<binary16>(b.back());
        }
        const std::uint64_t c = 0x38000000 | draws() % (1 << 23);  // from 2^-15 to 2^-14
        exact += number<binary32>(c);
        largest = std::max(largest, std::abs(number<binary32>(mma_dot(unit, a, b, c)) - exact));
    }
    return largest;
}

template <Format F>
double layer(Draws& draws) {
    double largest = 0;
    std::uniform_real_distribution<double> uniform(0.5, 1);
    for (int i = 0; i < 100'000; ++i) {
        Float<F> sum{};
        double exact = 0;
        for (int k = 0; k < 4; ++k) {
            const auto x = nearest<F>(uniform(draws)), w = nearest<F>(uniform(draws));
            sum = k == 0 ? x * w : sum + x * w;
            exact += number<F>(x.code) * number<F>(w.code);
        }
        largest = std::max(largest, std::abs(number<F>(sum.code) - exact));
    }
    return largest;
}

/// Numbers around the middle between the two greatest codes, whose errors all have one sign.
double layer_int8(Draws& draws) {
    double largest = 0;
    std::uniform_real_distribution<float> uniform(126.4F / 127, 126.6F / 127);
    for (int i = 0; i < 100'000; ++i) {
        std::int32_t sum = 0;
        double exact = 0;
        for (int k = 0; k < 4; ++k) {
            const float x = uniform(draws), w = uniform(draws);
            sum += static_cast<std::int32_t>(std::nearbyint(x * 127) * std::nearbyint(w * 127));
            exact += double{x} * double{w};
        }
        largest = std::max(largest, std::abs(double{static_cast<float>(sum) / 16129} - exact));
    }
    return largest;
}

struct Block {
    const char* unit;
    int group, fraction_bits;
};
constexpr Block blocks[] = {
    {"V100 mma.sync fp16->fp32", 4, 23}, {"A100 mma.sync fp16->fp32", 8, 24}, {"H100 mma.sync fp16->fp32", 16, 25}};

}  // namespace

int main(int, char** argv) {
    const std::string folder = argv[1];
    const auto bound_of = [&](const char* file, const std::string& text) { return bound(folder + file, text); };
    Draws draws(2026);
    const double error = quantise_dequantise(draws);
    bool all = compare("quantise-dequantise", error, bound_of("/quantise.g", "8388799b-24"), 0.99);
    if (error <= 0.5) std::puts("no error of more than half a step was found: REFUTED");
    all = all && error > 0.5;
    for (const Block& block : blocks) {
        const MmaSpec& unit = mma_unit(block.unit);
        const bool as_listed = unit.group == block.group && unit.fraction_bits == block.fraction_bits;
        if (!as_listed) std::printf("%s is not the row that Gappa's bound is for: REFUTED\n", block.unit);
        const std::string stated = std::to_string(block.group + 1) + "b-" + std::to_string(block.fraction_bits);
        all = compare(block.unit, fused_dot(unit, draws), bound_of("/fused_dot.g", stated), 0.3) && as_listed && all;
    }
    all = compare("layer-fp16", layer<binary16>(draws), bound_of("/layer.g", "7b-11"), 0.3) && all;
    all = compare("layer-bf16", layer<bfloat16>(draws), bound_of("/layer.g", "7b-8"), 0.3) && all;
    all = compare("layer-int8", layer_int8(draws), bound_of("/layer_int8.g", "0.0314965"), 0.9) && all;
    return all ? 0 : 1;
}
