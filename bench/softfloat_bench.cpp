// The exact engine and the plain matrix-unit model: operations a second of one thread. Operands are random codes, so
// that branches are as unpredictable as in use. Each case first checks one known result.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <vector>

#include <halfulp/lib/matrix_unit/mma_dot.hpp>
#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/softfloat/float.hpp>

namespace {

using namespace halfulp;

constexpr std::size_t count = 4096;

std::vector<std::uint64_t> random_codes(const Format& f) {
    std::mt19937_64 random(7);
    std::vector<std::uint64_t> codes(count);
    for (std::uint64_t& code : codes) code = random() & f.code_mask();
    return codes;
}

void report(benchmark::State& state, std::size_t operations) {
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(operations));
}

template <Format To, Format From>
void convert_codes(benchmark::State& state) {
    if (convert(To, From, from_integer(From, 1).code).code != from_integer(To, 1).code) state.SkipWithError("wrong");
    const auto codes = random_codes(From);
    for (auto _ : state)
        for (const std::uint64_t code : codes) benchmark::DoNotOptimize(round_pack(To, decode(From, code)));
    report(state, count);
}
BENCHMARK(convert_codes<binary16, binary32>)->Name("convert fp32 -> fp16");
BENCHMARK(convert_codes<bfloat16, binary32>)->Name("convert fp32 -> bf16");
BENCHMARK(convert_codes<e4m3fn, binary32>)->Name("convert fp32 -> e4m3");
BENCHMARK(convert_codes<binary32, binary16>)->Name("convert fp16 -> fp32");

template <auto Operation>
void binary_operation(benchmark::State& state) {
    const Exact one = exact(1);
    if (round_pack(binary16, Operation(one, one)).code == 0x7E00) state.SkipWithError("wrong");
    const auto a = random_codes(binary16);
    for (auto _ : state)
        for (std::size_t i = 0; i < count; ++i) {
            const Exact x = decode(binary16, a[i]), y = decode(binary16, a[(i + 1) % count]);
            benchmark::DoNotOptimize(round_pack(binary16, Operation(x, y)));
        }
    report(state, count);
}
constexpr auto add_exact = [](const Exact& x, const Exact& y) { return add(x, y); };
constexpr auto mul_exact = [](const Exact& x, const Exact& y) { return Sticky(mul(x, y)); };
constexpr auto div_exact = [](const Exact& x, const Exact& y) { return div(x, y); };
constexpr auto sqrt_exact = [](const Exact& x, const Exact&) { return sqrt(x); };
constexpr auto fma_exact = [](const Exact& x, const Exact& y) { return fma(x, y, x); };
BENCHMARK(binary_operation<add_exact>)->Name("fp16 add");
BENCHMARK(binary_operation<mul_exact>)->Name("fp16 mul");
BENCHMARK(binary_operation<div_exact>)->Name("fp16 div");
BENCHMARK(binary_operation<sqrt_exact>)->Name("fp16 sqrt");
BENCHMARK(binary_operation<fma_exact>)->Name("fp16 fma");

/// Items are products.
void dot_product(benchmark::State& state, const char* gpu) {
    const MmaSpec& spec = *find_mma(gpu, "mma.sync", binary16, binary32);
    const std::vector<std::uint64_t> ones(count, 0x3C00);
    if (mma_dot(spec, ones, ones, 0) != 0x45800000) state.SkipWithError("wrong");
    auto a = random_codes(binary16);
    for (std::uint64_t& code : a) code &= 0xBFFF;  // finite
    for (auto _ : state) benchmark::DoNotOptimize(mma_dot(spec, a, a, 0));
    report(state, count);
}
BENCHMARK_CAPTURE(dot_product, V100, "V100")->Name("products V100 fp16->fp32");
BENCHMARK_CAPTURE(dot_product, H100, "H100")->Name("products H100 fp16->fp32");

}  // namespace
