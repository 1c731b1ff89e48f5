// The kernels on many numbers: elements a second of one thread, in thread CPU time, on arrays that fit the first cache.
// Counters, from the best of many short runs, taken in turns: `G/s` of ours, `of read` as a share of the rate at which
// this thread merely reads the operands, and `of PEER` as a multiple of what a peer reaches. Each case first compares all
// results and flags with the exact engine's. Peers round to nearest even and have no flags. Operands of arithmetic are
// ordinary, within the 16 binades about one, but in the rows of subnormal numbers and of any codes, NaNs among them; numbers
// to be narrowed reach beyond both ends of binary16.

#include <benchmark/benchmark.h>

#include <algorithm>
#include <bit>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <halfulp/lib/kernel/arithmetic.hpp>
#include <halfulp/lib/kernel/convert.hpp>
#include <halfulp/softfloat/compute.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/integer.hpp>

#include <halfulp/lib/measure/timing.hpp>
#include "kernel_peers.hpp"

namespace {

using namespace halfulp;
using bench::Peer;
using measure::Work;

constexpr std::size_t count = 4096;

template <class Element>
Work reading(const std::vector<std::vector<Element>>& operands) {
    return {"read", [&operands] {
                std::uint64_t sum = 0;
                for (const auto& operand : operands) {
                    const auto* words = reinterpret_cast<const std::uint64_t*>(operand.data());
                    for (std::size_t i = 0; i < count * sizeof(Element) / 8; ++i) sum |= words[i];
                }
                benchmark::DoNotOptimize(sum);
            }};
}

/// Ours is the first.
void measure(benchmark::State& state, const std::vector<Work>& works) {
    for (auto _ : state) works.front().run();
    state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * static_cast<std::int64_t>(count));
    const std::vector<double> seconds = measure::best_seconds(works, 40, 8);
    state.counters["G/s"] = count / seconds[0] * 1e-9;
    for (std::size_t i = 1; i < works.size(); ++i) state.counters["of " + works[i].name] = seconds[i] / seconds[0];
}

/// Significands at random, exponents in the 16 binades about one.
std::uint64_t ordinary_code(const Format& f, std::mt19937_64& random) {
    const int reach = std::clamp(f.bias - 1, 1, 8);
    const int exponent = f.bias - reach + static_cast<int>(random() % static_cast<unsigned>(2 * reach));
    const std::uint64_t fraction = random() & ((std::uint64_t{1} << f.fraction_bits()) - 1);
    return (random() & f.sign_bit()) | static_cast<std::uint64_t>(exponent) << f.fraction_bits() | fraction;
}

std::uint64_t subnormal_code(const Format& f, std::mt19937_64& random) {
    return random() & (f.sign_bit() | (f.min_normal_code() - 1));
}

/// Infinities and NaNs among them.
std::uint64_t any_code(const Format& f, std::mt19937_64& random) { return random() & f.code_mask(); }

using Draw = std::uint64_t (*)(const Format&, std::mt19937_64&);

template <class Code>
std::vector<Code> codes_by(Draw draw, const Format& f, unsigned seed) {
    std::mt19937_64 random(seed);
    std::vector<Code> codes(count);
    for (Code& code : codes) code = static_cast<Code>(draw(f, random));
    return codes;
}

/// In the 44 binades from below the smallest subnormal binary16 number to beyond the largest one; of both signs if the
/// format has them: scales in e8m0 come from magnitudes.
std::vector<float> wide_numbers(const Format& to) {
    std::mt19937_64 random(7);
    const std::uint32_t kept = to.is_signed ? 0x807FFFFF : 0x007FFFFF;
    std::vector<float> numbers(count);
    for (float& x : numbers) {
        const auto field = static_cast<std::uint32_t>(127 - 26 + random() % 44);
        x = std::bit_cast<float>((static_cast<std::uint32_t>(random()) & kept) | field << 23);
    }
    return numbers;
}

/// Names of rows and their parts.
struct Case {
    Format format;
    Env env;
    bool each = false;
    Draw draw = ordinary_code;  ///< of the operands of arithmetic
};

std::string text(const Case& c) {
    return std::string(short_name(c.format)) + ' ' + std::string(name_of(c.env.rounding)) +
           (c.env.overflow == Overflow::Saturate ? " saturating" : "") + (c.each ? " flags of each" : "") +
           (c.draw == subnormal_code ? " of subnormal numbers"
            : c.draw == any_code     ? " of any codes"
                                     : "");
}

template <class Code>
void narrow(benchmark::State& state, const Case& c) {
    const std::vector<std::vector<float>> numbers{wide_numbers(c.format)};
    std::vector<Code> codes(count);
    std::vector<Status> each(c.each ? count : 0);
    Status expected{};
    const Status got = kernel::narrow(c.format, numbers[0], codes, c.env, each);
    for (std::size_t i = 0; i < count; ++i) {
        Env env = c.env;
        env.random = kernel::draw({}, i);
        const Rounded r = convert(c.format, binary32, std::bit_cast<std::uint32_t>(numbers[0][i]), env);
        if (r.code != codes[i] || (c.each && !(r.status == each[i]))) state.SkipWithError("wrong code or flags");
        expected = expected | r.status;
    }
    if (!(got == expected)) state.SkipWithError("wrong flags");
    std::vector<Work> works{{"ours", [&] { kernel::narrow(c.format, numbers[0], codes, c.env, each); }},
                            reading(numbers)};
    std::vector<std::uint16_t> theirs(count);
    for (const Peer& peer : {bench::eigen, bench::libfp16, bench::f16c}) {
        const bench::Narrow f = c.format == binary16   ? peer.narrow_half
                                : c.format == bfloat16 ? peer.narrow_bfloat16
                                                       : nullptr;
        if (f != nullptr && bench::cpu_runs_peers())
            works.push_back({std::string(peer.name), [&numbers, &theirs, f] {
                                 f(numbers[0].data(), theirs.data(), count);
                                 benchmark::ClobberMemory();
                             }});
    }
    measure(state, works);
}

template <class Code>
void widen(benchmark::State& state, const Format& from) {
    const std::vector<std::vector<Code>> codes{codes_by<Code>(ordinary_code, from, 7)};
    std::vector<float> numbers(count), theirs(count);
    kernel::widen(from, codes[0], numbers);
    for (std::size_t i = 0; i < count; ++i)
        if (convert(binary32, from, codes[0][i]).code != std::bit_cast<std::uint32_t>(numbers[i]))
            state.SkipWithError("wrong");
    std::vector<Work> works{{"ours", [&] { kernel::widen(from, codes[0], numbers); }}, reading(codes)};
    if constexpr (sizeof(Code) == 2)
        for (const Peer& peer : {bench::eigen, bench::libfp16, bench::f16c}) {
            const bench::Widen f = from == binary16   ? peer.widen_half
                                   : from == bfloat16 ? peer.widen_bfloat16
                                                      : nullptr;
            if (f != nullptr && bench::cpu_runs_peers())
                works.push_back({std::string(peer.name), [&codes, &theirs, f] {
                                     f(codes[0].data(), theirs.data(), count);
                                     benchmark::ClobberMemory();
                                 }});
        }
    measure(state, works);
}

void narrow_to_int8(benchmark::State& state, Env env) {
    std::vector<std::vector<float>> numbers{wide_numbers(binary16)};
    for (float& x : numbers[0]) x *= 0x1p-4F;  // a part of them lies beyond int8
    std::vector<std::int8_t> integers(count);
    kernel::narrow(numbers[0], integers, env);
    for (std::size_t i = 0; i < count; ++i) {
        env.random = kernel::draw({}, i);
        const Operand x{binary32, std::bit_cast<std::uint32_t>(numbers[0][i])};
        if (to_integer(integer_type<std::int8_t>, x, env).code != static_cast<std::uint8_t>(integers[i]))
            state.SkipWithError("wrong");
    }
    measure(state, {{"ours", [&] { kernel::narrow(numbers[0], integers, env); }}, reading(numbers)});
}

void widen_int8(benchmark::State& state) {
    const std::vector<std::vector<std::uint8_t>> bytes{codes_by<std::uint8_t>(any_code, e4m3fn, 7)};
    const std::vector<std::int8_t> integers(bytes[0].begin(), bytes[0].end());
    std::vector<float> numbers(count);
    kernel::widen(integers, numbers);
    for (std::size_t i = 0; i < count; ++i)
        if (numbers[i] != static_cast<float>(integers[i])) state.SkipWithError("wrong");
    measure(state, {{"ours", [&] { kernel::widen(integers, numbers); }}, reading(bytes)});
}

bench::Compute peer_function(const Peer& peer, Operation operation, const Format& f) {
    const bool half = f == binary16;
    switch (operation) {
        case Operation::Add: return half ? peer.add_half : peer.add_bfloat16;
        case Operation::Mul: return half ? peer.mul_half : peer.mul_bfloat16;
        case Operation::Div: return half ? peer.div_half : peer.div_bfloat16;
        case Operation::Sqrt: return half ? peer.sqrt_half : peer.sqrt_bfloat16;
        default: return nullptr;
    }
}

void compute(benchmark::State& state, Operation operation, const Case& c) {
    using Column = std::vector<std::uint16_t>;
    std::vector<Column> x;
    for (unsigned i = 0; i < row_of(operation).operands; ++i) x.push_back(codes_by<std::uint16_t>(c.draw, c.format, i));
    const Column none, &b = x.size() > 1 ? x[1] : none, &third = x.size() > 2 ? x[2] : none;
    Column results(count), theirs(count);
    std::vector<Status> each(c.each ? count : 0);
    Status expected{};
    const Status got = kernel::compute(operation, c.format, x[0], b, third, results, c.env, each);
    for (std::size_t i = 0; i < count; ++i) {
        Env env = c.env;
        env.random = kernel::draw({}, i);
        const Rounded r = halfulp::compute(
            operation, c.format, Operands{x[0][i], x.size() > 1 ? b[i] : 0U, x.size() > 2 ? third[i] : 0U}, env);
        if (r.code != results[i] || (c.each && !(r.status == each[i]))) state.SkipWithError("wrong code or flags");
        expected = expected | r.status;
    }
    if (!(got == expected)) state.SkipWithError("wrong flags");
    std::vector<Work> works{
        {"ours", [&] { kernel::compute(operation, c.format, x[0], b, third, results, c.env, each); }}, reading(x)};
    const bench::Compute f = peer_function(bench::eigen, operation, c.format);
    if (f != nullptr && bench::cpu_runs_peers())
        works.push_back({"Eigen", [&x, &b, &theirs, f] {
                             f(x[0].data(), b.data(), theirs.data(), count);
                             benchmark::ClobberMemory();
                         }});
    measure(state, works);
}

void register_conversions() {
    for (const auto& row : formats) {
        if (row.format.width >= 32) continue;
        std::vector<Case> cases;
        cases.reserve(roundings.size() + 2);
        for (const auto& r : roundings) cases.push_back({row.format, {.rounding = r.rounding}});
        cases.push_back({row.format, {.overflow = Overflow::Saturate}});
        cases.push_back({row.format, {}, true});
        for (const Case& c : cases) {
            const auto function = c.format.width <= 8    ? narrow<std::uint8_t>
                                  : c.format.width <= 16 ? narrow<std::uint16_t>
                                                         : narrow<std::uint32_t>;
            benchmark::RegisterBenchmark(("fp32 -> " + text(c)).c_str(), function, c);
        }
        const auto function = row.format.width <= 8    ? widen<std::uint8_t>
                              : row.format.width <= 16 ? widen<std::uint16_t>
                                                       : widen<std::uint32_t>;
        benchmark::RegisterBenchmark((std::string(short_name(row.format)) + " -> fp32").c_str(), function, row.format);
    }
}

void register_int8() {
    for (const auto& row : roundings)
        benchmark::RegisterBenchmark(("fp32 -> int8 " + std::string(row.name)).c_str(), narrow_to_int8,
                                     Env{.rounding = row.rounding});
    benchmark::RegisterBenchmark("int8 -> fp32", widen_int8);
}

void register_arithmetic() {
    for (const Format& f : {binary16, bfloat16})
        for (const NamedOperation& row : arithmetic_operations) {
            std::vector<Case> cases;
            cases.reserve(roundings.size() + 3);
            for (const auto& r : roundings) cases.push_back({f, {.rounding = r.rounding}});
            cases.push_back({f, {}, true});
            for (const Draw draw : {subnormal_code, any_code}) cases.push_back({f, {}, false, draw});
            for (const Case& c : cases)
                benchmark::RegisterBenchmark((std::string(row.name) + ' ' + text(c)).c_str(), compute, row.operation,
                                             c);
        }
}

const bool registered = [] {
    register_conversions();
    register_int8();
    register_arithmetic();
    return true;
}();

}  // namespace
