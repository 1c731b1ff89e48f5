// Whole matrices by the twins of matrix units: products a second, packing included, for each way to compute that has a
// twin. Counters, in thread CPU time, from the best of many runs taken in turns: `G/s` of one thread, `of mma_dot` as a
// multiple of its rate, `of fma` as a share of the rate at which this thread merely computes fused multiply-adds of
// binary32. Each case first compares elements with mma_dot. Some rows follow on operands that are not ordinary: zeros of
// both signs among them, subnormal, tiny and huge ones, any, and some that are infinite or NaN. Of the last cases, on large
// matrices, `Time` and `G/s` are by the clock on the wall. Scales, where a row has them, are from 1/4 to 4.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <vector>

#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/mma_matrix.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>

#include <halfulp/lib/measure/loop.hpp>
#include <halfulp/lib/measure/timing.hpp>

namespace {

using namespace halfulp;
using Codes = std::vector<std::uint64_t>;

/// Any sign and significand, in the eight binades about one; any integer of at most 20 bits.
std::uint64_t ordinary_code(const Element& e, std::mt19937_64& random) {
    if (e.integer) return random() & e.code_mask() & 0xFFFFF;
    const Format& f = e.format;
    const int exponent = std::clamp(static_cast<int>(random() % 8) - 4, f.emin(), f.emax() - 1);
    const auto field = static_cast<std::uint64_t>(exponent + f.bias) << f.fraction_bits();
    return (random() & (f.sign_bit() | (f.min_normal_code() - 1))) | field;
}

using Draw = std::uint64_t (*)(const Element&, std::mt19937_64&);

/// A binade between two, or the nearest that the format has, and any significand.
template <int low, int high>
std::uint64_t in_binades(const Element& e, std::mt19937_64& random) {
    const Format& f = e.format;
    const int drawn = low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1));
    const auto field = static_cast<std::uint64_t>(std::clamp(drawn, f.emin(), f.emax() - 1) + f.bias);
    return (random() & (f.sign_bit() | (f.min_normal_code() - 1))) | field << f.fraction_bits();
}

template <int one_in>
std::uint64_t with_zeros(const Element& e, std::mt19937_64& random) {
    return random() % one_in == 0 ? random() & e.format.sign_bit() : ordinary_code(e, random);
}

template <int one_in>
std::uint64_t with_specials(const Element& e, std::mt19937_64& random) {
    if (random() % one_in != 0) return ordinary_code(e, random);
    return e.format.has_inf ? e.format.inf_code() + random() % 2 : e.format.nan_code();
}

std::uint64_t subnormal_code(const Element& e, std::mt19937_64& random) {
    return random() & (e.format.sign_bit() | (e.format.min_normal_code() - 1));
}

std::uint64_t any_number(const Element& e, std::mt19937_64& random) {
    return (random() & e.format.sign_bit()) | random() % (e.format.max_code() + 1);
}

struct Operands {
    std::string_view name;
    Draw draw;
};

constexpr std::array hard_operands = {
    Operands{"a third zeros", with_zeros<3>},
    Operands{"subnormal", subnormal_code},
    Operands{"tiny", in_binades<-66, -58>},
    Operands{"least", in_binades<-100, -90>},
    Operands{"huge", in_binades<58, 66>},
    Operands{"any", any_number},
    Operands{"special, 1 in 1000", with_specials<1000>},
};

/// Square matrices.
struct Problem {
    const MmaSpec& spec;
    std::size_t size;
    Codes a, b, c, d, a_scales = {}, b_scales = {};

    Problem(const MmaSpec& row, std::size_t n, Draw draw = ordinary_code)
        : spec(row), size(n), a(n * n), b(n * n), c(n * n), d(n * n) {
        std::mt19937_64 random(7);
        std::generate(a.begin(), a.end(), [&] { return draw(spec.a, random); });
        std::generate(b.begin(), b.end(), [&] { return draw(spec.b, random); });
        if (draw == ordinary_code)  // else it stays 0: an ordinary c would hide what is tiny
            std::generate(c.begin(), c.end(), [&] { return ordinary_code(spec.accumulator, random); });
        if (spec.scaling) draw_scales(random);
    }

    void draw_scales(std::mt19937_64& random) {
        const Format& f = spec.scaling->format;
        const std::size_t blocks = size / static_cast<std::size_t>(spec.scaling->block);
        for (Codes* scales : {&a_scales, &b_scales}) {
            scales->resize(size * blocks);
            std::generate(scales->begin(), scales->end(), [&] {
                return (static_cast<std::uint64_t>(f.bias - 2) << f.fraction_bits()) +
                       random() % (4U << f.fraction_bits());
            });
        }
    }

    double products() const { return static_cast<double>(size * size * size); }

    void multiply(unsigned threads) { mma_matrix(spec, {size, size, size}, a, b, c, d, threads, {a_scales, b_scales}); }

    std::uint64_t by_mma_dot(std::size_t i, std::size_t j) const {
        const auto column = [&](const Codes& matrix) {
            Codes codes;
            for (std::size_t at = j; at < matrix.size(); at += size) codes.push_back(matrix[at]);
            return codes;
        };
        const std::size_t blocks = a_scales.size() / size;
        const Codes of_b = column(b), scales_of_b = column(b_scales);
        return mma_dot(spec, {.a = std::span(a).subspan(i * size, size),
                              .b = of_b,
                              .c = c[i * size + j],
                              .a_scales = std::span(a_scales).subspan(i * blocks, blocks),
                              .b_scales = scales_of_b});
    }

    /// Elements of a diagonal, which meets every row and column.
    bool is_right() const {
        for (std::size_t i = 0; i < size; ++i)
            if (const std::size_t j = i * 5 % size; by_mma_dot(i, j) != d[i * size + j]) return false;
        return true;
    }
};

void row(benchmark::State& state, const MmaSpec& spec, Draw draw) {
    Problem problem(spec, 256, draw);
    problem.multiply(1);
    if (!problem.is_right()) return state.SkipWithError("differs from mma_dot");
    for (auto _ : state) problem.multiply(1);
    const measure::Loop fma = measure::loops().front();
    constexpr std::size_t steps = 1 << 13;
    const std::vector<measure::Work> works{{"ours", [&] { problem.multiply(1); }},
                                           {"mma_dot", [&] { benchmark::DoNotOptimize(problem.by_mma_dot(3, 5)); }},
                                           {"fma", [&] { benchmark::DoNotOptimize(fma.run(nullptr, steps, 1)); }}};
    const std::vector<double> seconds = measure::best_seconds(works, 7, 1);
    const double rate = problem.products() / seconds[0];
    state.counters["G/s"] = rate * 1e-9;
    state.counters["of mma_dot"] = rate / (static_cast<double>(problem.size) / seconds[1]);
    state.counters["of fma"] = rate / (fma.operations / 2 * steps / seconds[2]);
}

void large(benchmark::State& state, const MmaSpec& spec, unsigned threads) {
    Problem problem(spec, 1024);
    for (auto _ : state) problem.multiply(threads);
    if (!problem.is_right()) state.SkipWithError("differs from mma_dot");
    state.counters["G/s"] =
        benchmark::Counter(problem.products() * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
}

/// What the time of a row depends on: one format stands for all of at most 8 bits, and one integer.
MmaSpec essence(MmaSpec spec) {
    if (spec.a.width() <= 8) spec.a = spec.b = spec.a.integer ? Element(s8) : Element(e4m3fn);
    spec.processor = spec.instruction = "";
    spec.evidence = {};
    spec.exponent_floor = 0;
    spec.km_floor = {};
    return spec;
}

void register_rows() {
    std::vector<MmaSpec> seen;
    for (const MmaSpec& spec : mma_specs()) {
        if (!has_twin(spec) || std::count(seen.begin(), seen.end(), essence(spec)) != 0) continue;
        seen.push_back(essence(spec));
        benchmark::RegisterBenchmark(name_of(spec).c_str(), row, std::cref(spec), ordinary_code);
    }
}

void register_hard() {
    for (const char* name : {"H100 wgmma fp16->fp32", "H100 wgmma bf16->fp32"})
        for (const Operands& operands : hard_operands)
            benchmark::RegisterBenchmark(fmt::format("{}, {}", name, operands.name).c_str(), row,
                                         std::cref(mma_unit(name)), operands.draw);
}

void register_large() {
    for (const char* name : {"H100 wgmma fp16->fp32", "H100 wgmma s8->s32"})
        for (const unsigned threads : {1U, 2U})
            benchmark::RegisterBenchmark(fmt::format("1024^3 {}, threads: {}", name, threads).c_str(), large,
                                         std::cref(mma_unit(name)), threads)
                ->UseRealTime()
                ->Unit(benchmark::kMillisecond);
}

const bool registered = [] {
    register_rows();
    register_hard();
    register_large();
    return true;
}();

}  // namespace
