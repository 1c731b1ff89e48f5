// f32 to a narrow format in any rounding, by the emulator itself (softfloat/narrow.hpp) as it runs on a device:
// integers only. y[i] is x[i] converted, both as codes.
// Least target: compute_75
//
// rounding: the number of an enumerator of Rounding. saturate: 0, or 1 for what is too large, or infinite, to become
// the largest number. seed: of the random bits of Stochastic, random_bits(seed, i) for element i. NaN is that of PTX.
// Launch: a thread an element.
#include <halfulp/gpu/kernel/device/thread.cuh>
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>
#include <halfulp/softfloat/random.hpp>

using namespace halfulp;

namespace {

template <Format To, class Code>
__device__ void round_all(const std::uint32_t* x, Code* y, std::uint32_t n, std::uint32_t rounding,
                          std::uint32_t saturate, std::uint64_t seed) {
    device::for_each(n, [=](std::size_t i) {
        const Env env{.rounding = static_cast<Rounding>(rounding),
                      .overflow = saturate != 0 ? Overflow::Saturate : Overflow::ByRounding,
                      .random = random_bits(seed, i),
                      .nan = NanPolicy::Cuda};
        y[i] = static_cast<Code>(narrow::convert<To, binary32>(x[i], env).code);
    });
}

}  // namespace

extern "C" __global__ void soft_f32_to_f16(const std::uint32_t* x, std::uint16_t* y, std::uint32_t n,
                                           std::uint32_t rounding, std::uint32_t saturate, std::uint64_t seed) {
    round_all<binary16>(x, y, n, rounding, saturate, seed);
}

extern "C" __global__ void soft_f32_to_bf16(const std::uint32_t* x, std::uint16_t* y, std::uint32_t n,
                                            std::uint32_t rounding, std::uint32_t saturate, std::uint64_t seed) {
    round_all<bfloat16>(x, y, n, rounding, saturate, seed);
}

extern "C" __global__ void soft_f32_to_e4m3(const std::uint32_t* x, std::uint8_t* y, std::uint32_t n,
                                            std::uint32_t rounding, std::uint32_t saturate, std::uint64_t seed) {
    round_all<e4m3fn>(x, y, n, rounding, saturate, seed);
}

extern "C" __global__ void soft_f32_to_e5m2(const std::uint32_t* x, std::uint8_t* y, std::uint32_t n,
                                            std::uint32_t rounding, std::uint32_t saturate, std::uint64_t seed) {
    round_all<e5m2>(x, y, n, rounding, saturate, seed);
}
