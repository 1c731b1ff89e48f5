#include "fuzz/comparisons.hpp"

#include <array>

#include "fuzz/compare/draws.hpp"

namespace halfulp::fuzz {
namespace {

constexpr std::array table = {
    Comparison{"narrow", narrow},
    Comparison{"batch", batch},
    Comparison{"unit", unit},
    Comparison{"gemm", gemm},
    Comparison{"gemv", gemv},
    Comparison{"sum", sum},
    Comparison{"dot", dot},
    Comparison{"elementwise", elementwise},
    Comparison{"interpreter", interpreter},
};

}  // namespace

std::span<const Comparison> comparisons() { return table; }

}  // namespace halfulp::fuzz
