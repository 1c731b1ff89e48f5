// The narrow engine: operations a second of one thread, with all flags. Operands are random codes, and more of them than
// a branch predictor remembers; they are independent, so that this is throughput. The environment is read at run time, but
// for the last lines, where the compiler knows it. Before time is taken, every result is compared with the exact engine's.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <vector>

#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow/operation.hpp>

namespace {

using namespace halfulp;

constexpr std::size_t count = 1 << 14;

template <Format F>
std::vector<Operands> random_operands() {
    std::mt19937_64 random(7);
    std::vector<Operands> all(count);
    for (Operands& operands : all)
        for (std::uint64_t& code : operands) code = random() & F.code_mask();
    return all;
}

/// An environment that the compiler does not know.
Env env_at_run_time(Rounding rounding = Rounding::NearestEven) {
    const volatile Rounding unknown = rounding;
    const volatile bool no = false;
    const Env env{.rounding = unknown};
    return no ? Env{unknown, Overflow::Saturate, Tininess::BeforeRounding, 1, true, Flush::AfterRounding} : env;
}

template <class Computed, class Expected>
void time_operation(benchmark::State& state, const std::vector<Operands>& all, Computed computed, Expected expected) {
    for (const Operands& operands : all)
        if (computed(operands) != expected(operands)) return state.SkipWithError("differs from the exact engine");
    for (auto _ : state)
        for (const Operands& operands : all) benchmark::DoNotOptimize(computed(operands));
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(count));
}

/// narrow::compute of an operation that is known; inlined where it is timed, as its functions say of themselves.
template <Format F, Operation op>
[[gnu::always_inline]] inline Rounded compute_narrow(const Operands& o, const Env& env) {
    if constexpr (op == Operation::Add) return narrow::add<F>(o[0], o[1], env);
    if constexpr (op == Operation::Mul) return narrow::mul<F>(o[0], o[1], env);
    if constexpr (op == Operation::Div) return narrow::div<F>(o[0], o[1], env);
    if constexpr (op == Operation::Sqrt) return narrow::sqrt<F>(o[0], env);
    if constexpr (op == Operation::Fma) return narrow::fma<F>(o[0], o[1], o[2], env);
}

template <Format F, Operation op, Rounding rounding = Rounding::NearestEven>
void operation(benchmark::State& state) {
    const Env env = env_at_run_time(rounding);
    time_operation(
        state, random_operands<F>(),
        [env](const Operands& o) __attribute__((always_inline)) { return compute_narrow<F, op>(o, env); },
        [&](const Operands& o) { return compute(op, F, o, env); });
}

template <Format F, Operation op>
void operation_in_known_env(benchmark::State& state) {
    time_operation(
        state, random_operands<F>(),
        [](const Operands& o) __attribute__((always_inline)) { return compute_narrow<F, op>(o, {}); },
        [](const Operands& o) { return compute(op, F, o); });
}

template <Format To, Format From>
void conversion(benchmark::State& state) {
    const Env env = env_at_run_time();
    time_operation(
        state, random_operands<From>(),
        [env](const Operands& o) __attribute__((always_inline)) { return narrow::convert<To, From>(o[0], env); },
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
