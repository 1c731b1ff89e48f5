// The elementary functions, decoded, computed and rounded: results a second of one thread. Operands are random codes, and
// beside them those between -8 and 8, as activations are: no overflow and no special operands to be quick about. Each
// case first checks a known result.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <halfulp/softfloat/elementary.hpp>
#include <halfulp/softfloat/formats.hpp>

namespace {

using namespace halfulp;

constexpr std::size_t count = 4096;

/// A multiple of 2^-10 from -8 on and below 8, rounded.
std::uint64_t activation(const Format& f, std::uint64_t random) {
    Exact x = exact(static_cast<std::int64_t>(random % (1 << 14)) - (1 << 13));
    x.exp -= 10;
    return round_pack(f, x).code;
}

std::vector<std::uint64_t> operands(const Format& f, bool activations) {
    std::mt19937_64 random(7);
    std::vector<std::uint64_t> codes(count);
    for (std::uint64_t& code : codes) code = activations ? activation(f, random()) : random() & f.code_mask();
    return codes;
}

void evaluate(benchmark::State& state, Elementary function, const Format& f, bool activations) {
    const std::uint64_t four = round_pack(f, exact(4)).code, half = round_pack(f, Exact::finite(false, -1, 1)).code;
    if (round_pack(f, result_of(Elementary::Rsqrt, decode(f, four))).code != half) state.SkipWithError("wrong");
    const auto codes = operands(f, activations);
    for (auto _ : state)
        for (const std::uint64_t code : codes)
            benchmark::DoNotOptimize(round_pack(f, result_of(function, decode(f, code))));
    state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}

const bool registered = [] {
    for (const auto& row : elementary_functions)
        for (const Format& f : {binary16, bfloat16})
            for (const bool activations : {false, true}) {
                const auto name = std::string{short_name(f)}.append(" ").append(row.name);
                benchmark::RegisterBenchmark((name + (activations ? " in [-8, 8)" : "")).c_str(), evaluate,
                                             row.function, f, activations);
            }
    return true;
}();

}  // namespace
