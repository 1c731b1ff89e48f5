// Sums, dot products and gemv of the kernels: elements read a second by one thread, in thread CPU time, from arrays that
// fit the first cache, the second, the third and none. A dot product reads the first half of the elements times the second.
//
//   bytes/...    the order "lanes" in fp32, GB/s, and the elements a second of fp16, bf16 and int8 over fp32's
//   orders/...   fp32 in every order, G/s; and of "lanes", which share of the rate of others: of the best of our orders, of
//                plain vector loops, of OpenBLAS (sasum for a sum), of Eigen (compiled for AVX2)
//   half/...     the order "lanes" accumulated in fp16, G/s, over fp16 accumulated in fp32
//
// From the best of several runs, taken in turns. Each case first holds every result of ours against the definition, or where
// that would take minutes against binary64 and the bound of rounding errors.

#include <benchmark/benchmark.h>
#include <hwy/aligned_allocator.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <functional>
#include <numeric>
#include <string>
#include <vector>

#include <halfulp/lib/accumulate/reduction.hpp>
#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/lib/kernel/gemv.hpp>
#include <halfulp/lib/kernel/reduce.hpp>
#include <halfulp/lib/measure/timing.hpp>
#include <halfulp/lib/property/operands.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "reduce_peers.hpp"

namespace {

using namespace halfulp;
using measure::Work;

const Reduction& order(std::string_view name) {
    return *std::find_if(reductions.begin(), reductions.end(), [&](const Reduction& r) { return r.name == name; });
}

/// At the begin of a cache line, as loads that cross one take two reads.
template <class T>
class AlignedArray {
  public:
    explicit AlignedArray(std::size_t count) : elements_(hwy::AllocateAligned<T>(count)), count_(count) {}
    std::span<T> all() { return {elements_.get(), count_}; }
    std::span<const T> all() const { return {elements_.get(), count_}; }

  private:
    hwy::AlignedFreeUniquePtr<T[]> elements_;
    std::size_t count_;
};

/// Numbers between -1 and 1, the same in every format but for rounding.
struct Data {
    AlignedArray<float> singles;
    AlignedArray<std::uint16_t> halves, brains;
    AlignedArray<std::int8_t> eights;

    explicit Data(std::size_t count) : singles(count), halves(count), brains(count), eights(count) {
        property::SplitMix bits(count);
        for (std::size_t i = 0; i < count; ++i) {
            const auto random = static_cast<std::int32_t>(bits());
            singles.all()[i] = std::ldexp(static_cast<float>(random), -31);
            eights.all()[i] = static_cast<std::int8_t>(random >> 24);
        }
        (void)kernel::narrow(binary16, singles.all(), halves.all());
        (void)kernel::narrow(bfloat16, singles.all(), brains.all());
    }

    std::span<const float> single() const { return singles.all(); }
    std::span<const std::uint16_t> half() const { return halves.all(); }
    std::span<const std::uint16_t> brain() const { return brains.all(); }
    std::span<const std::int8_t> bytes() const { return eights.all(); }
};

/// The last one asked for: at most one is in memory.
const Data& data(std::size_t count) {
    static Data held(64);
    if (held.single().size() != count) {
        held = Data(64);
        held = Data(count);
    }
    return held;
}

template <class T>
std::span<const T> first_half(std::span<const T> x) {
    return x.first(x.size() / 2);
}
template <class T>
std::span<const T> second_half(std::span<const T> x) {
    return x.last(x.size() / 2);
}

struct Level {
    std::string name;
    std::size_t elements;
    int turns, repetitions;
};

/// The last one is four times the last cache, if half the memory holds it in all formats: 9 bytes an element.
std::vector<Level> levels() {
    const auto cache = static_cast<std::size_t>(std::max(sysconf(_SC_LEVEL3_CACHE_SIZE), 1L << 25));
    const std::size_t memory =
        static_cast<std::size_t>(sysconf(_SC_PHYS_PAGES)) * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    return {{"L1", 8192, 100, 256},
            {"L2", 131072, 50, 16},
            {"L3", 2097152, 20, 2},
            {"DRAM", std::bit_floor(std::min(cache, memory / 18)), 5, 1}};
}

enum class Workload : std::uint8_t { Sum, Dot, Gemv };
std::string_view name_of(Workload w) { return w == Workload::Sum ? "sum" : w == Workload::Dot ? "dot" : "gemv"; }

/// Of a matrix with as many elements.
std::size_t columns(std::size_t elements) { return std::clamp<std::size_t>(elements / 16, 512, 4096); }

float computed(Workload w, const Reduction& r, std::span<const float> x) {
    return w == Workload::Sum ? kernel::sum(r, x) : kernel::dot(r, first_half(x), second_half(x));
}
float computed(Workload w, const Reduction& r, const Format& f, std::span<const std::uint16_t> x) {
    return w == Workload::Sum ? kernel::sum(r, f, x) : kernel::dot(r, f, first_half(x), second_half(x));
}
std::int64_t computed(Workload w, std::span<const std::int8_t> x) {
    return w == Workload::Sum ? kernel::sum(x) : kernel::dot(first_half(x), second_half(x));
}

/// In binary64: it errs by less than 2^-20 of binary32's bound.
double in_binary64(Workload w, std::span<const float> x) {
    if (w == Workload::Sum) return std::accumulate(x.begin(), x.end(), 0.0);
    const std::span<const float> y = second_half(x);
    return std::inner_product(y.begin(), y.end(), x.begin(), 0.0, std::plus<>(),
                              [](double a, double b) { return a * b; });
}

std::int64_t in_integers(Workload w, std::span<const std::int8_t> x) {
    if (w == Workload::Sum) return std::accumulate(x.begin(), x.end(), std::int64_t{0});
    const std::span<const std::int8_t> y = second_half(x);
    return std::inner_product(y.begin(), y.end(), x.begin(), std::int64_t{0});
}

/// Wrong if more than (terms of a chain) * 2^-24 * (sum of magnitudes, at most one a term) from the truth.
bool is_wrong(const Reduction& r, std::size_t terms, float sum, double truth) {
    const std::size_t chain = r.within.count == 1 ? terms : 1024 + terms / r.block;
    const double bound = static_cast<double>(chain) * 0x1p-24 * static_cast<double>(terms);
    return r.exact ? std::abs(sum - truth) > 0x1p-23 * std::abs(truth) : !(std::abs(sum - truth) <= bound);
}

bool is_defined(Workload w, const Reduction& r, std::span<const float> x) {
    if (r.exact || x.size() > 131072) return !is_wrong(r, x.size(), computed(w, r, x), in_binary64(w, x));
    std::vector<std::uint64_t> codes;
    for (const float element : x) codes.push_back(std::bit_cast<std::uint32_t>(element));
    std::vector<Product> products;
    for (std::size_t i = 0; i < x.size() / 2; ++i) products.push_back({codes[i], codes[x.size() / 2 + i]});
    const SoftAdder adder{binary32};
    const std::uint64_t defined = w == Workload::Sum ? sum(r, adder, codes) : sum(r, adder, products);
    return std::bit_cast<std::uint32_t>(computed(w, r, x)) == defined;
}

template <class Function>
Work work(std::string name, Function function) {
    return {std::move(name), [function]() mutable {
                auto result = function();
                benchmark::DoNotOptimize(result);
            }};
}

std::vector<double> measure(benchmark::State& state, const std::vector<Work>& works, const Level& level) {
    for (auto _ : state) works.front().run();
    return measure::best_seconds(works, level.turns, level.repetitions);
}

template <class A, class Y>
void multiply(std::string_view policy, std::span<const A> a, std::vector<Y>& y) {
    const std::size_t n = columns(a.size());
    kernel::gemv(*kernel::find_gemm_policy(policy), order("lanes"), kernel::row_major(a.data(), a.size() / n, n),
                 a.first(n), std::span<Y>(y));
}

std::vector<Work> gemv_works(const Data& d) {
    const std::size_t n = columns(d.single().size()), rows = d.single().size() / n;
    return {
        work("fp32", [&d, y = std::vector<float>(rows)]() mutable { return multiply("fp32", d.single(), y), y[0]; }),
        work("fp16", [&d, y = std::vector<float>(rows)]() mutable { return multiply("fp16/fp32", d.half(), y), y[0]; }),
        work("bf16",
             [&d, y = std::vector<float>(rows)]() mutable { return multiply("bf16/fp32", d.brain(), y), y[0]; }),
        work("int8", [&d, n, rows, y = std::vector<std::int32_t>(rows)]() mutable {
            kernel::gemv(kernel::row_major(d.bytes().data(), rows, n), d.bytes().first(n), y);
            return y[0];
        })};
}

bool gemv_is_wrong(const Data& d) {
    const std::size_t n = columns(d.single().size()), rows = d.single().size() / n;
    std::vector<float> y(rows);
    multiply("fp32", d.single(), y);
    for (const std::size_t i : {std::size_t{0}, rows / 2, rows - 1})
        if (y[i] != kernel::dot(order("lanes"), d.single().subspan(i * n, n), d.single().first(n))) return true;
    return false;
}

void bytes(benchmark::State& state, Workload w, const Level& level) {
    const Data& d = data(level.elements);
    const Reduction &lanes = order("lanes"), &exact = order("exact");
    std::vector<Work> works;
    if (w == Workload::Gemv) {
        if (gemv_is_wrong(d)) return state.SkipWithError("wrong");
        works = gemv_works(d);
    } else {
        if (!is_defined(w, lanes, d.single()) || computed(w, d.bytes()) != in_integers(w, d.bytes()))
            return state.SkipWithError("wrong");
        for (const auto& [f, x] : {std::pair{binary16, d.half()}, std::pair{bfloat16, d.brain()}})
            if (is_wrong(lanes, x.size(), computed(w, lanes, f, x), computed(w, exact, f, x)))
                return state.SkipWithError("wrong");
        works = {work("fp32", [&, w] { return computed(w, lanes, d.single()); }),
                 work("fp16", [&, w] { return computed(w, lanes, binary16, d.half()); }),
                 work("bf16", [&, w] { return computed(w, lanes, bfloat16, d.brain()); }),
                 work("int8", [&, w] { return computed(w, d.bytes()); })};
    }
    const std::vector<double> seconds = measure(state, works, level);
    state.counters["elements"] = static_cast<double>(level.elements);
    state.counters["GB/s"] = 4e-9 * static_cast<double>(level.elements) / seconds[0];
    for (std::size_t i = 1; i < works.size(); ++i) state.counters[works[i].name + " x"] = seconds[0] / seconds[i];
}

std::vector<Work> peer_works(Workload w, std::span<const float> x) {
    const float *a = x.data(), *b = a + x.size() / 2;
    const std::size_t half = x.size() / 2;
    const int count = static_cast<int>(w == Workload::Sum ? x.size() : half);
    std::vector<Work> works;
    if (w == Workload::Sum) {
        works = {work("plain", [=] { return bench::plain_sum(a, x.size()); }),
                 work("Eigen", [=] { return bench::eigen_sum(a, x.size()); })};
        if (const auto asum = bench::openblas().asum)
            works.push_back(work("OpenBLAS", [=, one = 1] { return asum(&count, a, &one); }));
    } else {
        works = {work("plain", [=] { return bench::plain_dot(a, b, half); }),
                 work("Eigen", [=] { return bench::eigen_dot(a, b, half); })};
        if (const auto dot = bench::openblas().dot)
            works.push_back(work("OpenBLAS", [=, one = 1] { return dot(&count, a, &one, b, &one); }));
    }
    return works;
}

void orders(benchmark::State& state, Workload w, const Level& level) {
    std::span<const float> x = data(level.elements).single();
    std::vector<Work> works;
    for (const Reduction& r : reductions) {
        if (r.name == "sequential" && level.name == "DRAM") continue;
        if (!is_defined(w, r, x)) return state.SkipWithError("wrong");
        works.push_back(work(std::string(r.name), [&r, x, w] { return computed(w, r, x); }));
    }
    const std::size_t ours = works.size();
    for (Work& peer : peer_works(w, x)) works.push_back(std::move(peer));
    const std::vector<double> seconds = measure(state, works, level);
    double lanes = 0;
    for (std::size_t i = 0; i < ours; ++i) {
        state.counters[works[i].name] = 1e-9 * static_cast<double>(level.elements) / seconds[i];
        if (works[i].name == "lanes") lanes = seconds[i];
    }
    state.counters["of best"] =
        *std::min_element(seconds.begin(), seconds.begin() + static_cast<std::ptrdiff_t>(ours)) / lanes;
    for (std::size_t i = ours; i < works.size(); ++i) state.counters["of " + works[i].name] = seconds[i] / lanes;
    state.SetLabel(bench::openblas().description);
}

void in_half(benchmark::State& state, const Level& level) {
    std::span<const std::uint16_t> x = data(level.elements).half();
    const Reduction& lanes = order("lanes");
    const std::vector<std::uint64_t> codes(x.begin(), x.end());
    if (kernel::sum_in_half(lanes, x) != sum(lanes, SoftAdder{binary16}, codes)) return state.SkipWithError("wrong");
    const std::vector<double> seconds =
        measure(state,
                {work("sum", [&] { return kernel::sum_in_half(lanes, x); }),
                 work("fused dot", [&] { return kernel::dot_in_half(lanes, first_half(x), second_half(x)); }),
                 work("dot", [&] { return kernel::dot_in_half(lanes, first_half(x), second_half(x), false); }),
                 work("sum in fp32", [&] { return kernel::sum(lanes, binary16, x); }),
                 work("dot in fp32", [&] { return kernel::dot(lanes, binary16, first_half(x), second_half(x)); })},
                level);
    state.counters["G/s"] = 1e-9 * static_cast<double>(level.elements) / seconds[0];
    state.counters["sum of fp32"] = seconds[3] / seconds[0];
    state.counters["fused dot of fp32"] = seconds[4] / seconds[1];
    state.counters["dot of fp32"] = seconds[4] / seconds[2];
}

const bool registered = [] {
    for (const Level& level : levels()) {
        for (const Workload w : {Workload::Sum, Workload::Dot, Workload::Gemv})
            benchmark::RegisterBenchmark(("bytes/" + std::string(name_of(w)) + '/' + level.name).c_str(), bytes, w,
                                         level);
        for (const Workload w : {Workload::Sum, Workload::Dot})
            benchmark::RegisterBenchmark(("orders/" + std::string(name_of(w)) + '/' + level.name).c_str(), orders, w,
                                         level);
        if (level.name == "L2") benchmark::RegisterBenchmark("half/L2", in_half, level);
    }
    return true;
}();

}  // namespace
