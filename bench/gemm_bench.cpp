// Products of square matrices by every policy, one thread, in thread CPU time, beside what others do with fp32 matrices of
// the same size. Counters, from the best of many runs, taken in turns: `G/s` of ours in operations, two for each product,
// `of fp32` as a share of our own fp32, `of PEER` as a multiple of what a peer reaches, and `PEER differs`, the share of
// its elements that are not the chain of fused multiply-adds: another order is no error, but it has no name. Each case
// first compares elements all over C with the definition by the emulator. `2 threads` is wall time: of one.
//
// HALFULP_TARGET=AVX2 in the environment keeps ours to that, and the peers too.

#include <benchmark/benchmark.h>

#include <bit>
#include <cstdint>
#include <cstdlib>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include <halfulp/lib/kernel/gemm.hpp>
#include <halfulp/lib/kernel/gemm_definition.hpp>
#include <halfulp/lib/kernel/targets.hpp>
#include <halfulp/lib/measure/timing.hpp>

#include <hwy/highway.h>

#include "gemm_peers.hpp"

namespace {

using namespace halfulp;
using kernel::GemmPolicy;
using measure::Work;

/// AVX-512, or what the environment or the CPU restricts the kernels to. Asking for what is supported chooses anew.
std::int64_t target() {
    const char* wanted = std::getenv("HALFULP_TARGET");
    const std::int64_t supported = hwy::SupportedTargets();
    if ((supported & HWY_AVX3) != 0 && (wanted == nullptr || std::string(wanted) != "AVX2")) return HWY_AVX3;
    return (supported & HWY_AVX2) != 0 ? HWY_AVX2 : HWY_SCALAR;
}

std::vector<bench::GemmPeer> peers;

template <class Element>
using Elements = std::vector<Element>;

/// In [-1, 1], as codes of a format or as floats.
template <class Element>
Elements<Element> random_elements(const Format& f, std::size_t count, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<float> uniform(-1, 1);
    Elements<Element> x(count);
    for (Element& element : x) {
        const float number = uniform(random);
        if constexpr (std::is_same_v<Element, float>) element = number;
        if constexpr (!std::is_same_v<Element, float>)
            element = static_cast<Element>(
                compute(Operation::Convert, f, std::array{Operand{binary32, std::bit_cast<std::uint32_t>(number)}})
                    .code);
    }
    return x;
}

std::uint64_t code_of(float x) { return std::bit_cast<std::uint32_t>(x); }
std::uint64_t code_of(std::uint16_t x) { return x; }

/// Matrices of a size, and a sample of what C must be.
template <class Element, class Result>
class Product {
  public:
    Product(const GemmPolicy& policy, std::size_t n)
        : policy_(policy),
          n_(n),
          a_(random_elements<Element>(policy.storage, n * n, 1)),
          b_(random_elements<Element>(policy.storage, n * n, 2)) {
        std::mt19937 random(3);
        const std::uint64_t one =
            compute(Operation::Convert, policy.accumulate, std::array{Operand{binary32, 0x3F800000}}).code;
        for (std::size_t i = 0; i < samples; ++i) {
            const std::size_t row = random() % n, column = random() % n;
            const auto a = [&](std::size_t k) { return code_of(a_[row * n + k]); };
            const auto b = [&](std::size_t k) { return code_of(b_[k * n + column]); };
            places_.push_back(row * n + column);
            expected_.push_back(kernel::gemm_element(policy, n, a, b, 0, one, 0));
        }
    }

    void multiply(Elements<Result>& c, unsigned threads = 1) const {
        kernel::gemm(policy_, kernel::row_major(a_.data(), n_, n_), kernel::row_major(b_.data(), n_, n_),
                     kernel::row_major(c.data(), n_, n_), {.threads = threads});
    }
    /// The share of the sample that is not as defined.
    double wrong(const Elements<Result>& c) const {
        std::size_t count = 0;
        for (std::size_t i = 0; i < samples; ++i)
            if (code_of(c[places_[i]]) != expected_[i]) ++count;
        return static_cast<double>(count) / static_cast<double>(samples);
    }
    const Elements<Element>& a() const { return a_; }
    const Elements<Element>& b() const { return b_; }

  private:
    static constexpr std::size_t samples = 256;
    const GemmPolicy& policy_;
    std::size_t n_;
    Elements<Element> a_, b_;
    std::vector<std::size_t> places_;
    std::vector<std::uint64_t> expected_;
};

/// Runs of about 10 ms, and turns of them for about a second, with these operations a run.
struct Effort {
    int turns, repetitions;
    explicit Effort(double operations)
        : turns(operations > 1e8 ? 7 : 20), repetitions(std::max(1, static_cast<int>(2e8 / operations))) {}
};

template <class Element, class Result>
void multiply(benchmark::State& state, const GemmPolicy& policy) {
    const auto n = static_cast<std::size_t>(state.range(0));
    const double operations = 2.0 * static_cast<double>(n) * static_cast<double>(n) * static_cast<double>(n);
    const Product<Element, Result> product(policy, n);
    const Product<float, float> in_fp32(kernel::gemm_policies[0], n);
    Elements<Result> c(n * n);
    Elements<float> numbers(n * n);
    product.multiply(c);
    if (product.wrong(c) != 0) state.SkipWithError("not as defined");
    for (auto _ : state) product.multiply(c);
    std::vector<Work> works{{"ours", [&] { product.multiply(c); }}};
    if (policy.storage != binary32) works.push_back({"fp32", [&] { in_fp32.multiply(numbers); }});
    if (policy.storage == binary32)
        for (const bench::GemmPeer& peer : peers) {
            const bench::Sgemm sgemm = peer.for_size ? peer.for_size(static_cast<int>(n)) : nullptr;
            if (!sgemm) continue;
            sgemm(in_fp32.a().data(), in_fp32.b().data(), numbers.data());
            state.counters[peer.name + " differs"] = in_fp32.wrong(numbers);
            works.push_back({peer.name, [&, sgemm] { sgemm(in_fp32.a().data(), in_fp32.b().data(), numbers.data()); }});
        }
    const Effort effort(operations);
    const std::vector<double> seconds = measure::best_seconds(works, effort.turns, effort.repetitions);
    state.counters["G/s"] = operations / seconds[0] * 1e-9;
    for (std::size_t i = 1; i < works.size(); ++i) state.counters["of " + works[i].name] = seconds[i] / seconds[0];
}

void share(benchmark::State& state) {
    const auto n = static_cast<std::size_t>(state.range(0));
    const Product<float, float> product(kernel::gemm_policies[0], n);
    Elements<float> c(n * n), one(n * n);
    product.multiply(one);
    product.multiply(c, 2);
    if (c != one) state.SkipWithError("two threads differ from one");
    for (auto _ : state) product.multiply(c, 2);
    const std::vector<Work> works{{"two", [&] { product.multiply(c, 2); }}, {"one", [&] { product.multiply(one); }}};
    const std::vector<double> seconds = measure::best_seconds(works, 20, 1, measure::wall_seconds);
    state.counters["of one"] = seconds[1] / seconds[0];
}

void register_policy(const GemmPolicy& policy) {
    const auto function = policy.storage.width == 32  ? multiply<float, float>
                          : policy.result.width == 32 ? multiply<std::uint16_t, float>
                                                      : multiply<std::uint16_t, std::uint16_t>;
    auto* row = benchmark::RegisterBenchmark(std::string(policy.name).c_str(), function, policy);
    if (policy.storage == binary32) row->Arg(32)->Arg(48)->Arg(64)->Arg(128)->Arg(256);
    row->Arg(512);
    if (policy.accumulate == binary32) row->Arg(1024);
}

const bool registered = [] {
    const std::int64_t chosen = target();
    hwy::GetChosenTarget().Update(chosen);
    benchmark::AddCustomContext("target", hwy::TargetName(chosen));
    peers = bench::gemm_peers(chosen != HWY_AVX3);
    for (const bench::GemmPeer& peer : peers) benchmark::AddCustomContext(peer.name, peer.state);
    for (const GemmPolicy& policy : kernel::gemm_policies) register_policy(policy);
    benchmark::RegisterBenchmark("fp32, 2 threads", share)->Arg(512)->Arg(1024)->UseRealTime();
    return true;
}();

}  // namespace
