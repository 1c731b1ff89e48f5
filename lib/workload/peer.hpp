#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <halfulp/lib/workload/computation.hpp>

namespace halfulp::workload {

/// Another library that computes what a policy computes, but for the order of its sums; loaded from this machine at run time.
struct Peer {
    std::string name;         ///< with what it says of itself: OpenBLAS SkylakeX
    std::string_view policy;  ///< the row of `policies` whose results are asked of it
    /// Nothing where it does not compute that workload.
    std::function<std::optional<Computation>(const Problem&, unsigned threads)> prepare;
};

/// Those that are installed, and, in words, those that are not.
struct Peers {
    std::vector<Peer> installed;      ///< on this machine
    std::vector<std::string> absent;  ///< and why, a line each
};
/// Looks for every library that this one knows.
Peers find_peers();

}  // namespace halfulp::workload
