#pragma once

#include <string_view>
#include <utility>

#include <halfulp/lib/workload/bench.hpp>

// Measurements that nobody made.

namespace halfulp::test {

inline workload::Measurement measured(std::string_view policy, double seconds, double error, std::size_t bytes = 1000) {
    workload::Measurement m{};
    m.computed_by = policy;
    m.policy = policy;
    m.seconds = seconds;
    m.operations = 2000;
    m.bytes = bytes;
    m.roof = {"L1", seconds / 2};
    m.against_truth.relative_norm = m.against_fp32.relative_norm = error;
    m.checked = 1;
    return m;
}

inline workload::Benched problem(std::string_view workload, std::size_t k, std::string_view data,
                                 std::vector<workload::Measurement> measurements) {
    const bool is_vector = workload == "sum" || workload == "dot", is_square = workload == "gemm";
    return {workload, data, 1, is_vector ? 1 : k, is_square ? k : 1, k, std::move(measurements)};
}

/// Of a core with two caches.
inline workload::Bench made_up_bench(std::vector<workload::Benched> problems) {
    workload::Bench bench{};
    bench.machine.processor = "a <made-up> machine";
    bench.machine.levels = {{"L1", 1000}, {"L2", 8000}, {"memory", 0}};
    bench.threads = 1;
    bench.ceilings = {{"fp32 fused multiply-add", measure::Kind::Arithmetic, 100e9, 0, 0},
                      {"int8 products", measure::Kind::Arithmetic, 200e9, 0, 0},
                      {"fp16 to fp32", measure::Kind::Conversion, 25e9, 0, 0},
                      {"s8 to fp32", measure::Kind::Conversion, 24e9, 0, 0},
                      {"L1", measure::Kind::Reading, 200e9, 500, 1000},
                      {"memory", measure::Kind::Reading, 20e9, 16000, ~std::size_t{0}}};
    bench.problems = std::move(problems);
    return bench;
}

}  // namespace halfulp::test
