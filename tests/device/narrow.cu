// The narrow engine on a device: each operation and conversion in two environments, one known only at run time. Compiled
// to PTX by narrow_ptx.sh, which reads what nvcc made of it; not run.
#include <halfulp/softfloat/formats.hpp>
#include <halfulp/softfloat/narrow.hpp>

using namespace halfulp;

// Takes an Env by value, as a kernel's parameter, and writes code and flags of one operation of each kind.
template <Format F>
__device__ void compute_all(const std::uint16_t* in, Rounded* out, Env env) {
    const std::uint64_t a = in[0], b = in[1], c = in[2];
    out[0] = narrow::add<F>(a, b, env);
    out[1] = narrow::sub<F>(a, b, env);
    out[2] = narrow::mul<F>(a, b, env);
    out[3] = narrow::div<F>(a, b, env);
    out[4] = narrow::sqrt<F>(a, env);
    out[5] = narrow::fma<F>(a, b, c, env);
    out[6] = narrow::convert<binary32, F>(a, env);
    out[7] = narrow::convert<F, binary32>(out[6].code, env);
    out[8] = narrow::convert<e4m3fn, F>(b, env);
    out[9] = narrow::convert<F, e5m2fnuz>(c & 0xFF, env);
}

__global__ void binary16_any(const std::uint16_t* in, Rounded* out, Env env) { compute_all<binary16>(in, out, env); }
__global__ void binary16_default(const std::uint16_t* in, Rounded* out) { compute_all<binary16>(in, out, {}); }
__global__ void bfloat16_any(const std::uint16_t* in, Rounded* out, Env env) { compute_all<bfloat16>(in, out, env); }
__global__ void bfloat16_default(const std::uint16_t* in, Rounded* out) { compute_all<bfloat16>(in, out, {}); }
__global__ void e4m3fn_any(const std::uint16_t* in, Rounded* out, Env env) { compute_all<e4m3fn>(in, out, env); }
__global__ void e5m2_any(const std::uint16_t* in, Rounded* out, Env env) { compute_all<e5m2>(in, out, env); }
__global__ void e8m0_any(const std::uint16_t* in, Rounded* out, Env env) { compute_all<e8m0>(in, out, env); }
