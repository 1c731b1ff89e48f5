#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include <halfulp/lib/matrix_unit/table.hpp>
#include <halfulp/lib/plan/prediction.hpp>

// Problems to predict.

namespace halfulp::plan {

using workload::Kind;
using workload::Problem;

inline Problem problem(Kind kind, std::vector<float> a, std::vector<float> b = {}, std::size_t m = 1, std::size_t n = 1,
                       std::vector<float> bias = {}) {
    const std::size_t k = a.size() / m;
    return {workload::workloads[static_cast<std::size_t>(kind)], m, n, k, std::move(a), std::move(b), std::move(bias)};
}

inline Problem made(Kind kind, std::size_t size, workload::Data data, std::uint64_t seed = 1) {
    return make_problem(workload::workloads[static_cast<std::size_t>(kind)], size, data, seed);
}

inline Prediction predicted_everywhere(const Problem& p, const Policy& policy) {
    return predicted(p, policy, places_among(p.m * p.n, p.m * p.n));
}

/// Bytes that are codes already: the scale is 1.
inline Problem of_bytes(Kind kind, std::vector<float> a, std::vector<float> b, std::size_t m = 1, std::size_t n = 1) {
    return problem(kind, std::move(a), std::move(b), m, n);
}

inline const MmaSpec& row(const char* processor, const char* instruction, const Element& in, const Element& out) {
    return *find_mma(processor, instruction, in, out);
}

}  // namespace halfulp::plan
