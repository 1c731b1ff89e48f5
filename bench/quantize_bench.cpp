// Numbers of fp32 to codes and back by lib/quantize, by one thread, in its CPU time, beside reading the same numbers.
// Counters, from the best of several runs, taken in turns: `GB/s` of fp32 numbers that go in or come out, `read` of the loop that
// reads as many bytes, and `/read`, the one as a share of the other. Codes are compared with the definition before.

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstdlib>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include <halfulp/lib/measure/loop.hpp>
#include <halfulp/lib/measure/timing.hpp>
#include <halfulp/lib/quantize/affine.hpp>
#include <halfulp/lib/quantize/requantise.hpp>

namespace {

using namespace halfulp;
using namespace halfulp::quantize;

std::vector<float> some_numbers(std::size_t count) {
    std::mt19937 random(1);
    std::normal_distribution<float> normal(0, 1);
    std::vector<float> numbers(count);
    for (float& x : numbers) x = normal(random);
    return numbers;
}

const measure::Loop& reading() {
    static const std::vector<measure::Loop> loops = measure::loops();
    for (const measure::Loop& loop : loops)
        if (loop.kind == measure::Kind::Reading) return loop;
    std::abort();
}

/// Pre: bytes are a multiple of 4096.
void report(benchmark::State& state, std::vector<float>& numbers, const std::function<void()>& work) {
    const std::size_t bytes = numbers.size() * sizeof(float);
    const int repetitions = static_cast<int>(std::max<std::size_t>(1, (std::size_t{1} << 22) / bytes));
    for (auto _ : state) work();
    const auto seconds = measure::best_seconds(
        {{"ours", work}, {"read", [&] { benchmark::DoNotOptimize(reading().run(numbers.data(), bytes, 1)); }}}, 20,
        repetitions);
    const double gigabytes = 1e-9 * static_cast<double>(bytes);
    state.counters["GB/s"] = gigabytes / seconds[0];
    state.counters["read"] = gigabytes / seconds[1];
    state.counters["/read"] = seconds[1] / seconds[0];
}

template <class Code>
void to_codes(benchmark::State& state, Affine by) {
    std::vector<float> numbers = some_numbers(static_cast<std::size_t>(state.range(0)) / sizeof(float));
    by.range = full_range(integer_type<Code>);
    std::vector<Code> codes(numbers.size());
    quantise(by, numbers, codes);
    for (std::size_t i = 0; i < numbers.size(); i += 7)
        if (codes[i] != code_of(by, numbers[i])) return state.SkipWithError("wrong");
    report(state, numbers, [&] { quantise(by, numbers, codes); });
}

template <class Code>
void to_numbers(benchmark::State& state) {
    const Affine by{0.03F, 3, full_range(integer_type<Code>)};
    std::vector<float> numbers = some_numbers(static_cast<std::size_t>(state.range(0)) / sizeof(float));
    std::vector<Code> codes(numbers.size());
    quantise(by, numbers, codes);
    dequantise(by, codes, numbers);
    for (std::size_t i = 0; i < numbers.size(); i += 7)
        if (numbers[i] != number_of(by, codes[i])) return state.SkipWithError("wrong");
    report(state, numbers, [&] { dequantise(by, codes, numbers); });
}

void fake(benchmark::State& state) {
    std::vector<float> numbers = some_numbers(static_cast<std::size_t>(state.range(0)) / sizeof(float)),
                       levels(numbers.size());
    report(state, numbers, [&] { fake_quantise({0.03F}, numbers, levels); });
}

/// GB/s are of the sums, of 4 bytes too.
void requantised(benchmark::State& state, Requantisation mode) {
    std::vector<float> numbers = some_numbers(static_cast<std::size_t>(state.range(0)) / sizeof(float));
    std::vector<std::int32_t> sums(numbers.begin(), numbers.end());
    for (std::size_t i = 0; i < sums.size(); ++i) sums[i] = static_cast<std::int32_t>(numbers[i] * 10000);
    std::vector<std::int8_t> codes(sums.size());
    report(state, numbers, [&] { requantise({mode, 0.005, 0, {-128, 127}}, sums, codes); });
}

const bool registered = [] {
    const auto in_caches = [](auto* benchmark) { benchmark->Arg(1 << 14)->Arg(1 << 18)->Arg(1 << 26); };
    in_caches(benchmark::RegisterBenchmark("quantise/int8/divide", to_codes<std::int8_t>, Affine{0.03F, 3}));
    in_caches(benchmark::RegisterBenchmark("quantise/int8/reciprocal", to_codes<std::int8_t>,
                                           Affine{.scale = 0.03F, .quotient = Quotient::Reciprocal}));
    in_caches(benchmark::RegisterBenchmark("quantise/uint16/divide", to_codes<std::uint16_t>, Affine{1e-4F, 30000}));
    in_caches(benchmark::RegisterBenchmark("dequantise/int8", to_numbers<std::int8_t>));
    in_caches(benchmark::RegisterBenchmark("dequantise/uint16", to_numbers<std::uint16_t>));
    in_caches(benchmark::RegisterBenchmark("fake_quantise", fake));
    for (const RequantisationRow& row : requantisations)
        in_caches(
            benchmark::RegisterBenchmark(("requantise/" + std::string(row.name)).c_str(), requantised, row.value));
    return true;
}();

}  // namespace
