#pragma once

#include <functional>
#include <string>
#include <vector>

// What others do with fp32 matrices: OpenBLAS and BLIS, loaded at run time, and libxsmm's kernels for one small size, which
// is a static library and taken where it was found. Each with one thread.

namespace halfulp::bench {

/// C = A B of square matrices in row-major order.
using Sgemm = std::function<void(const float* a, const float* b, float* c)>;

struct GemmPeer {
    std::string name;
    std::string state;                     ///< its version and what it runs on, or why it is not there
    std::function<Sgemm(int n)> for_size;  ///< may deliver nothing; empty if the peer is not there
};

/// They are told that the CPU has AVX-512, or that it has AVX2 and no more.
std::vector<GemmPeer> gemm_peers(bool avx2);

}  // namespace halfulp::bench
