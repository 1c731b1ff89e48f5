#include "reduce_peers.hpp"

#include <Eigen/Core>
#include <cstdlib>

#include <halfulp/lib/io/shared_library.hpp>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "reduce_peers.cpp"
#include <halfulp/lib/kernel/targets.hpp>

#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace halfulp::bench::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;

/// Pre: whole rows of eight vectors.
template <class Term>
HWY_INLINE float total(std::size_t count, const Term& term) {
    const hn::ScalableTag<float> d;
    const std::size_t n = hn::Lanes(d);
    auto s0 = hn::Zero(d), s1 = s0, s2 = s0, s3 = s0, s4 = s0, s5 = s0, s6 = s0, s7 = s0;
    for (std::size_t i = 0; i < count; i += 8 * n) {
        s0 = term(i, s0), s1 = term(i + n, s1), s2 = term(i + 2 * n, s2), s3 = term(i + 3 * n, s3);
        s4 = term(i + 4 * n, s4), s5 = term(i + 5 * n, s5), s6 = term(i + 6 * n, s6), s7 = term(i + 7 * n, s7);
    }
    const auto sum = hn::Add(hn::Add(hn::Add(s0, s1), hn::Add(s2, s3)), hn::Add(hn::Add(s4, s5), hn::Add(s6, s7)));
    return hn::GetLane(hn::SumOfLanes(d, sum));
}

float sum(const float* x, std::size_t count) {
    const hn::ScalableTag<float> d;
    return total(count, [&](std::size_t i, auto s) HWY_ATTR { return hn::Add(s, hn::LoadU(d, x + i)); });
}
float dot(const float* x, const float* y, std::size_t count) {
    const hn::ScalableTag<float> d;
    return total(
        count, [&](std::size_t i, auto s) HWY_ATTR { return hn::MulAdd(hn::LoadU(d, x + i), hn::LoadU(d, y + i), s); });
}

}  // namespace halfulp::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace halfulp::bench {

HWY_EXPORT(sum);
HWY_EXPORT(dot);

float plain_sum(const float* x, std::size_t count) { return HWY_DYNAMIC_DISPATCH(sum)(x, count); }
float plain_dot(const float* x, const float* y, std::size_t count) { return HWY_DYNAMIC_DISPATCH(dot)(x, y, count); }

namespace {

Eigen::Map<const Eigen::VectorXf> view(const float* x, std::size_t count) {
    return {x, static_cast<Eigen::Index>(count)};
}

/// It is told the CPU, as it knows none that is younger than it is. What the caller has set stays.
Blas load_openblas() {
    setenv("OPENBLAS_NUM_THREADS", "1", 0);
    if ((hwy::SupportedTargets() & HWY_AVX3) != 0) setenv("OPENBLAS_CORETYPE", "SkylakeX", 0);
    Blas blas;
    static const std::shared_ptr<void> library = open_library({"libopenblas.so.0"});
    if (library == nullptr) return {"OpenBLAS is not installed: skipped"};
    const char* (*core)() = nullptr;
    const std::string lacking = find_functions(library, [&](const auto& find) {
        find("sasum_", blas.asum);
        find("sdot_", blas.dot);
        find("sgemv_", blas.gemv);
        find("openblas_get_corename", core);
    });
    if (!lacking.empty()) return {"OpenBLAS lacks " + lacking + ": skipped"};
    blas.description = std::string("OpenBLAS for ") + core();
    return blas;
}

}  // namespace

float eigen_sum(const float* x, std::size_t count) { return view(x, count).sum(); }
float eigen_dot(const float* x, const float* y, std::size_t count) { return view(x, count).dot(view(y, count)); }

const Blas& openblas() {
    static const Blas blas = load_openblas();
    return blas;
}

}  // namespace halfulp::bench
#endif
