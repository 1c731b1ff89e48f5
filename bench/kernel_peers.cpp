#include "kernel_peers.hpp"

#include <Eigen/Core>

#if defined(__F16C__)
#include <immintrin.h>
#endif

#if __has_include(<fp16.h>)
#include <fp16.h>
#define HALFULP_HAS_LIBFP16 1
#else
#define HALFULP_HAS_LIBFP16 0
#endif

namespace halfulp::bench {

namespace {

template <class Number>
using Array = Eigen::Array<Number, Eigen::Dynamic, 1>;

template <class Number, class Code>
Eigen::Map<const Array<Number>> view(const Code* codes, std::size_t count) {
    static_assert(sizeof(Number) == sizeof(Code));
    return {reinterpret_cast<const Number*>(codes), static_cast<Eigen::Index>(count)};
}
template <class Number, class Code>
Eigen::Map<Array<Number>> view(Code* codes, std::size_t count) {
    return {reinterpret_cast<Number*>(codes), static_cast<Eigen::Index>(count)};
}

template <class Number>
void narrow(const float* from, std::uint16_t* to, std::size_t count) {
    view<Number>(to, count) = view<float>(from, count).template cast<Number>();
}
template <class Number>
void widen(const std::uint16_t* from, float* to, std::size_t count) {
    view<float>(to, count) = view<Number>(from, count).template cast<float>();
}
template <class Number>
void add(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* to, std::size_t count) {
    view<Number>(to, count) = view<Number>(a, count) + view<Number>(b, count);
}
template <class Number>
void mul(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* to, std::size_t count) {
    view<Number>(to, count) = view<Number>(a, count) * view<Number>(b, count);
}
template <class Number>
void div(const std::uint16_t* a, const std::uint16_t* b, std::uint16_t* to, std::size_t count) {
    view<Number>(to, count) = view<Number>(a, count) / view<Number>(b, count);
}
template <class Number>
void sqrt(const std::uint16_t* a, const std::uint16_t*, std::uint16_t* to, std::size_t count) {
    view<Number>(to, count) = view<Number>(a, count).sqrt();
}

#if HALFULP_HAS_LIBFP16
void narrow_each(const float* from, std::uint16_t* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) to[i] = fp16_ieee_from_fp32_value(from[i]);
}
void widen_each(const std::uint16_t* from, float* to, std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) to[i] = fp16_ieee_to_fp32_value(from[i]);
}
#else
constexpr Narrow narrow_each = nullptr;
constexpr Widen widen_each = nullptr;
#endif

#if defined(__F16C__)
void narrow_by_f16c(const float* from, std::uint16_t* to, std::size_t count) {
    for (std::size_t i = 0; i + 8 <= count; i += 8)
        _mm_storeu_si128(reinterpret_cast<__m128i*>(to + i), _mm256_cvtps_ph(_mm256_loadu_ps(from + i), 0));
}
void widen_by_f16c(const std::uint16_t* from, float* to, std::size_t count) {
    for (std::size_t i = 0; i + 8 <= count; i += 8)
        _mm256_storeu_ps(to + i, _mm256_cvtph_ps(_mm_loadu_si128(reinterpret_cast<const __m128i*>(from + i))));
}
#else
constexpr Narrow narrow_by_f16c = nullptr;
constexpr Widen widen_by_f16c = nullptr;
#endif

using Eigen::bfloat16;
using Eigen::half;

}  // namespace

const Peer eigen{"Eigen",   narrow<half>, narrow<bfloat16>, widen<half>,   widen<bfloat16>, add<half>,     mul<half>,
                 div<half>, sqrt<half>,   add<bfloat16>,    mul<bfloat16>, div<bfloat16>,   sqrt<bfloat16>};
const Peer libfp16{"libfp16", narrow_each, nullptr, widen_each, nullptr, nullptr, nullptr,
                   nullptr,   nullptr,     nullptr, nullptr,    nullptr, nullptr};

const Peer f16c{"F16C",  narrow_by_f16c, nullptr, widen_by_f16c, nullptr, nullptr, nullptr,
                nullptr, nullptr,        nullptr, nullptr,       nullptr, nullptr};

bool cpu_runs_peers() {
#if defined(__x86_64__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return true;
#endif
}

}  // namespace halfulp::bench
