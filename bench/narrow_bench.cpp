// The narrow engine: operations a second of one thread, with all flags. Operands are random codes, so that branches are
// as unpredictable as in use; they are independent, so that this is throughput. The environment is read at run time,
// but for the last lines, where the compiler knows it. Before time is taken, every result is compared with the exact
// engine's.

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>
#include <random>

#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow/operation.hpp>

namespace {

using namespace halfulp;

constexpr std::size_t count = 4096;

template <Format F>
std::array<Operands, count> random_operands() {
    std::mt19937_64 random(7);
    std::array<Operands, count> all{};
    for (Operands& operands : all)
        for (std::uint64_t& code : operands) code = random() & F.code_mask();
    return all;
}

/// An environment that the compiler does not know.
Env env_at_run_time(Rounding rounding = Rounding::NearestEven) {
    const volatile Env env{.rounding = rounding};
    return {env.rounding, env.overflow, env.tininess};
}

/// Of what was delivered, all that must be kept alive: the code beside the flags.
void keep(const Rounded& r) { benchmark::DoNotOptimize(r); }

template <class Computed, class Expected>
void time_operation(benchmark::State& state, const std::array<Operands, count>& all, Computed computed,
                    Expected expected) {
    for (const Operands& operands : all)
        if (computed(operands) != expected(operands)) return state.SkipWithError("differs from the exact engine");
    for (auto _ : state)
        for (const Operands& operands : all) keep(computed(operands));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(count));
}

template <Format F, Operation op, Rounding rounding = Rounding::NearestEven>
void operation(benchmark::State& state) {
    const Env env = env_at_run_time(rounding);
    time_operation(
        state, random_operands<F>(), [&](const Operands& o) { return narrow::result<F>(op, o, env); },
        [&](const Operands& o) { return round_pack(F, result_of(op, F, o), env); });
}

template <Format F, Operation op>
void operation_in_known_env(benchmark::State& state) {
    time_operation(
        state, random_operands<F>(), [](const Operands& o) { return narrow::result<F>(op, o); },
        [](const Operands& o) { return round_pack(F, result_of(op, F, o)); });
}

template <Format To, Format From>
void conversion(benchmark::State& state) {
    const Env env = env_at_run_time();
    time_operation(
        state, random_operands<From>(), [&](const Operands& o) { return narrow::convert<To, From>(o[0], env); },
        [&](const Operands& o) { return convert(To, From, o[0], env); });
}

using enum Operation;
BENCHMARK(operation<binary16, Add>)->Name("fp16 add");
BENCHMARK(operation<binary16, Mul>)->Name("fp16 mul");
BENCHMARK(operation<binary16, Div>)->Name("fp16 div");
BENCHMARK(operation<binary16, Sqrt>)->Name("fp16 sqrt");
BENCHMARK(operation<binary16, Fma>)->Name("fp16 fma");
BENCHMARK(operation<binary16, Fma, Rounding::Down>)->Name("fp16 fma, Down");
BENCHMARK(operation<bfloat16, Add>)->Name("bf16 add");
BENCHMARK(operation<bfloat16, Mul>)->Name("bf16 mul");
BENCHMARK(operation<bfloat16, Div>)->Name("bf16 div");
BENCHMARK(operation<bfloat16, Sqrt>)->Name("bf16 sqrt");
BENCHMARK(operation<bfloat16, Fma>)->Name("bf16 fma");
BENCHMARK(conversion<binary16, binary32>)->Name("fp32 -> fp16");
BENCHMARK(conversion<bfloat16, binary32>)->Name("fp32 -> bf16");
BENCHMARK(conversion<e4m3fn, binary32>)->Name("fp32 -> e4m3");
BENCHMARK(conversion<binary32, binary16>)->Name("fp16 -> fp32");
BENCHMARK(operation_in_known_env<binary16, Add>)->Name("fp16 add, env known");
BENCHMARK(operation_in_known_env<binary16, Mul>)->Name("fp16 mul, env known");
BENCHMARK(operation_in_known_env<binary16, Div>)->Name("fp16 div, env known");
BENCHMARK(operation_in_known_env<binary16, Sqrt>)->Name("fp16 sqrt, env known");
BENCHMARK(operation_in_known_env<binary16, Fma>)->Name("fp16 fma, env known");

}  // namespace
