// The largest errors that were found, beside the bounds that Gappa proves, which are read from its files: none may be
// larger, and none is far below. What is measured is the code that ships: matrix units, emulator, and this machine's
// binary32. measured FOLDER: that of the files.

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <iterator>
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

/// A file of Gappa's, without comments and on one line.
std::string script(const std::string& file) {
    const TextFile lines(file);
    std::string text;
    for (const std::string& line : lines.lines()) text += line.substr(0, line.find('#')) + ' ';
    return std::regex_replace(text, std::regex(" +"), " ");
}

/// What the pattern's groups match.
std::smatch find(const std::string& text, const std::string& pattern) {
    std::smatch found;
    if (!std::regex_search(text, found, std::regex(pattern))) throw std::runtime_error("no " + pattern + " in " + text);
    return found;
}

/// The bound that the script states of |expression|, a decimal or MbE for M * 2^E. `expression` is a regular one.
double bound_of(const std::string& script, const std::string& expression) {
    const std::smatch found = find(script, "\\|" + expression + "\\| <= ([0-9.]+)(?:b(-[0-9]+))?");
    return std::ldexp(std::stod(found[1]), found[2].matched ? std::stoi(found[2]) : 0);
}

bool compare(const char* what, double measured, double bound, double least_share) {
    const bool holds = measured <= bound && measured >= least_share * bound;
    std::printf("%-32s measured %.8g of at most %.8g, %.1f %%%s\n", what, measured, bound, 100 * measured / bound,
                holds ? "" : ": REFUTED");
    return holds;
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

/// A sum of the script, as many products and c, all cut off at so many bits.
struct Block {
    int group = 0, fraction_bits = 0;
    explicit Block(const std::string& script, const std::string& name) {
        const std::string cut = find(script, name + " = (cut[0-9]+)")[1];
        const std::string sum = find(script, name + " = ((" + cut + "\\(p[0-9]+\\) \\+ )+)" + cut + "\\(c\\);")[1];
        group = static_cast<int>(std::count(sum.begin(), sum.end(), '+'));
        fraction_bits = std::stoi(find(script, "@" + cut + " = fixed<-([0-9]+),zr>")[1]);
    }
};

/// Whose block is which sum of fused_dot.g.
struct GpuSum {
    const char *gpu, *sum;
};
constexpr GpuSum units[] = {{"V100", "volta"}, {"T4", "ampere"},   {"A100", "ampere"},
                            {"Ada", "ampere"}, {"H100", "hopper"}, {"B200", "hopper"}};
static_assert(std::size(units) == gpus.size());

bool compare_unit(const GpuSum& named, const std::string& script, Draws& draws) {
    const MmaSpec& unit = mma_unit(named.gpu + std::string(" mma.sync fp16->fp32"));
    const Block block(script, named.sum);
    const bool is_block = unit.group == block.group && unit.fraction_bits == block.fraction_bits;
    if (!is_block) std::printf("the block of %s is not %s of fused_dot.g: REFUTED\n", named.gpu, named.sum);
    const double bound = bound_of(script, named.sum + std::string(" - ") + named.sum + "_exact");
    return compare(named.gpu, fused_dot(unit, draws), bound, 0.3) && is_block;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return std::fprintf(stderr, "usage: measured FOLDER\n"), 2;
    const auto read = [&](const char* file) { return script(std::string(argv[1]) + '/' + file); };
    const std::string quantise = read("quantise.g"), dot = read("fused_dot.g"), layers = read("layer.g"),
                      int8 = read("layer_int8.g");
    Draws draws(2026);
    const double error = quantise_dequantise(draws);
    bool all = compare("quantise-dequantise", error, bound_of(quantise, "\\(y - x\\) / s"), 0.99);
    if (error <= 0.5) std::puts("no error of more than half a step was found: REFUTED");
    all = all && error > 0.5;
    for (const GpuSum& unit : units) all = compare_unit(unit, dot, draws) && all;
    all = compare("layer-fp16", layer<binary16>(draws), bound_of(layers, "fp16_3 - fp16_exact"), 0.3) && all;
    all = compare("layer-bf16", layer<bfloat16>(draws), bound_of(layers, "bf16_3 - bf16_exact"), 0.3) && all;
    all = compare("layer-int8", layer_int8(draws), bound_of(int8, "y - exact"), 0.9) && all;
    return all ? 0 : 1;
}
