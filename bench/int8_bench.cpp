// Products of square matrices of bytes, by one thread, in its CPU time: ours by AVX2 alone, and by all that this CPU has,
// beside our product in binary32, the rate of fused multiply-adds, and what others do with the same bytes.
// Counters, from the best of several runs, taken in turns: `Gop/s` of ours, 2 n^3 operations each; of every other by its
// name, `wrong` results of it, and `/` it: ours as a multiple of it. Ours are compared with the definition before. The label
// says which kernels took how many panels, and which instructions oneDNN takes.

#include <benchmark/benchmark.h>

#include <map>
#include <random>

#include <halfulp/lib/kernel/gemm.hpp>
#include <halfulp/lib/kernel/int8/int8_gemm.hpp>
#include <halfulp/lib/kernel/int8/targets.hpp>
#include <halfulp/lib/measure/loop.hpp>
#include <halfulp/lib/measure/timing.hpp>

// After the header that says which targets there are.
#include <hwy/highway.h>

#include "int8_peers.hpp"

namespace {

using namespace halfulp;
using bench::Int8Problem;
using measure::Work;

/// Numbers from least to most, all alike.
struct Data {
    const char* name;
    int a_least, a_most, b_least, b_most;
};
constexpr Data any_bytes{"any bytes", -128, 127, -128, 127};
constexpr Data seven_bits_by_eight{"7 bits by any bytes", -64, 63, -128, 127};
constexpr Data seven_bits{"7 bits", -64, 63, -64, 63};
constexpr Data all_greatest{"all 127", 127, 127, 127, 127};

std::vector<std::int8_t> numbers(std::size_t count, int least, int most, std::mt19937& random) {
    std::vector<std::int8_t> some(count);
    for (std::int8_t& x : some)
        x = static_cast<std::int8_t>(least + static_cast<int>(random() % static_cast<unsigned>(most - least + 1)));
    return some;
}

Int8Problem problem(std::size_t n, const Data& data) {
    std::mt19937 random(1);
    Int8Problem x{n, numbers(n * n, data.a_least, data.a_most, random),
                  numbers(n * n, data.b_least, data.b_most, random), std::vector<std::int64_t>(n * n)};
    for (std::size_t i = 0; i < n; ++i)
        for (std::size_t k = 0; k < n; ++k)
            for (std::size_t j = 0; j < n; ++j) x.product[i * n + j] += std::int64_t{x.a[i * n + k]} * x.b[k * n + j];
    return x;
}

std::string text(const kernel::Int8Census& census) {
    std::string line;
    for (const auto& row : kernel::int8_kernels)
        if (census.of(row.kernel) != 0)
            line += std::to_string(census.of(row.kernel)) + " by " + std::string(row.name) + "; ";
    return line;
}

/// For its lifetime kernels know of these targets only; 0: of all.
class Targets {
  public:
    explicit Targets(std::int64_t targets) {
        if (targets != 0) hwy::SetSupportedTargetsForTest(targets);
        hwy::GetChosenTarget().DeInit();
    }
    ~Targets() {
        hwy::SetSupportedTargetsForTest(0);
        hwy::GetChosenTarget().DeInit();
    }
    Targets(const Targets&) = delete;
    Targets& operator=(const Targets&) = delete;
};

void multiply(benchmark::State& state, std::size_t n, const Data& data, std::int64_t targets) {
    const Targets chosen(targets);
    const Int8Problem x = problem(n, data);
    std::vector<std::int32_t> c(n * n);
    std::vector<float> fa(x.a.begin(), x.a.end()), fb(x.b.begin(), x.b.end()), fc(n * n);
    const auto ours = [&] {
        return kernel::int8_gemm(kernel::row_major(x.a.data(), n, n), kernel::row_major(x.b.data(), n, n),
                                 kernel::row_major(c.data(), n, n));
    };
    const kernel::Int8Census census = ours();
    for (std::size_t i = 0; i < c.size(); ++i)
        if (c[i] != x.product[i]) return state.SkipWithError("wrong");
    // As many multiply-adds as the product has.
    const measure::Loop fma = measure::loops().front();
    const auto steps = static_cast<std::size_t>(static_cast<double>(n * n * n) * 2 / fma.operations);
    std::vector<Work> works{{"ours", [&] { ours(); }},
                            {"fp32",
                             [&] {
                                 kernel::gemm(kernel::gemm_policies[0], kernel::row_major<const float>(fa.data(), n, n),
                                              kernel::row_major<const float>(fb.data(), n, n),
                                              kernel::row_major(fc.data(), n, n));
                             }},
                            {"FMA", [&] { benchmark::DoNotOptimize(fma.run(nullptr, steps, 1)); }}};
    const auto peers = bench::int8_peers(x);
    for (const auto& peer : peers) works.push_back({peer.name, peer.run});
    for (auto _ : state) ours();
    const std::vector<double> seconds = measure::best_seconds(works, n > 512 ? 8 : 20, 1);
    const double operations = 2e-9 * static_cast<double>(n * n * n);
    state.counters["Gop/s"] = operations / seconds[0];
    for (std::size_t i = 1; i < works.size(); ++i) {
        state.counters[works[i].name] = operations / seconds[i];
        state.counters["/" + works[i].name] = seconds[i] / seconds[0];
    }
    for (const auto& peer : peers) state.counters[peer.name + " wrong"] = static_cast<double>(peer.wrong());
    state.SetLabel(text(census) + bench::int8_peers_text());
}

const bool registered = [] {
    for (const auto& [name, targets] : {std::pair("AVX2", std::int64_t{HWY_AVX2}), {"all", 0}})
        for (const Data* data : {&any_bytes, &seven_bits_by_eight, &seven_bits, &all_greatest})
            for (const std::size_t n : {std::size_t{512}, std::size_t{1024}})
                if (targets == 0 || (hwy::SupportedTargets() & targets) != 0)
                    benchmark::RegisterBenchmark(
                        (std::string(name) + '/' + data->name + '/' + std::to_string(n)).c_str(), multiply, n, *data,
                        targets);
    return true;
}();

}  // namespace
