#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

// What others do with bytes, where Debian's packages libdnnl-dev (oneDNN) and libxnnpack-dev were installed when this was
// built. oneDNN chooses its instructions once; DNNL_MAX_CPU_ISA=AVX2 in the environment forbids it the later ones.
// XNNPACK has no such switch; its weights are packed beforehand, and its results are bytes.

namespace halfulp::bench {

/// Square, row after row, and the exact product.
struct Int8Problem {
    std::size_t n;
    std::vector<std::int8_t> a, b;
    std::vector<std::int64_t> product;
};

struct Int8Peer {
    std::string name;
    std::function<void()> run;
    std::function<std::size_t()> wrong;  ///< results, after a run
};

/// Those that are there. They refer to the problem.
std::vector<Int8Peer> int8_peers(const Int8Problem& problem);

/// The instructions that oneDNN takes, and what is not installed.
std::string int8_peers_text();

}  // namespace halfulp::bench
