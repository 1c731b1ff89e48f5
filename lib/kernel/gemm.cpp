#include <halfulp/lib/kernel/gemm.hpp>

#include <fmt/format.h>

#include <bit>
#include <stdexcept>

#include <halfulp/lib/kernel/default_environment.h>
#include <halfulp/lib/kernel/gemm/bounded.h>
#include <halfulp/lib/kernel/gemm/problem.h>
#include <halfulp/lib/kernel/parallel.hpp>
#include <halfulp/softfloat/convert.hpp>

namespace halfulp::kernel {

namespace {

void require_policy(const GemmPolicy& policy) {
    for (const GemmPolicy& row : gemm_policies)
        if (row.storage == policy.storage && row.accumulate == policy.accumulate && row.result == policy.result &&
            row.fused == policy.fused)
            return;
    throw std::invalid_argument(
        fmt::format("gemm: expected the formats of one of {}, got policy {}", known_names(gemm_policies), policy.name));
}

template <class Element>
bool holds(const Format& f) {
    return f.width == static_cast<int>(8 * sizeof(Element));
}

template <class Element, class Result>
void require_types(const GemmPolicy& policy) {
    if (!holds<Element>(policy.storage) || !holds<Result>(policy.result))
        throw std::invalid_argument(
            fmt::format("gemm: policy {} has elements of {} bits and results of {}, got {} and {}", policy.name,
                        policy.storage.width, policy.result.width, 8 * sizeof(Element), 8 * sizeof(Result)));
}

template <class Element, class Result>
void require_views(const MatrixView<const Element>& a, const MatrixView<const Element>& b,
                   const MatrixView<Result>& c) {
    if (a.columns != b.rows || c.rows != a.rows || c.columns != b.columns)
        throw std::invalid_argument(
            fmt::format("gemm: expected m x k times k x n to m x n, got {} x {} times {} x {} to {} x {}", a.rows,
                        a.columns, b.rows, b.columns, c.rows, c.columns));
    require_product("gemm", place(a), place(b), place(c));
}

/// Threads that have something to do: each at least the work of a product of 128 x 128 matrices.
std::size_t useful_threads(std::size_t m, std::size_t n, std::size_t k, unsigned threads) {
    if (threads <= 1) return 1;
    constexpr double least = 128.0 * 128 * 128;
    const double work = static_cast<double>(m) * static_cast<double>(n) * static_cast<double>(k) / least;
    return work < threads ? static_cast<std::size_t>(work) + 1 : threads;
}

/// A number of binary32 rounded to one of f.
float rounded(const Format& f, float x) {
    if (f == binary32) return x;
    const std::uint64_t code = convert(f, binary32, std::bit_cast<std::uint32_t>(x)).code;
    return std::bit_cast<float>(static_cast<std::uint32_t>(convert(binary32, f, code).code));
}

template <class Element, class Result>
bool bounded(const Problem<Element, Result>& x) {
    // What looks at every element and every step once is little beside the product.
    if constexpr (sizeof(Element) == 2 && sizeof(Result) == 2)
        return x.policy->accumulate == x.policy->storage && !x.policy->fused && is_bounded(*x.policy, x.a, x.b);
    return false;
}

template <class Element, class Result>
void multiply(const GemmPolicy& policy, const MatrixView<const Element>& a, const MatrixView<const Element>& b,
              const MatrixView<Result>& c, const GemmOptions& options) {
    require_policy(policy);
    require_types<Element, Result>(policy);
    require_views(a, b, c);
    if (c.empty()) return;
    const float alpha = rounded(policy.accumulate, options.alpha), beta = rounded(policy.accumulate, options.beta);
    Problem<Element, Result> x{&policy, a, b, c, alpha, beta};
    if (c.row_stride < c.column_stride) x = {&policy, transposed(b), transposed(a), transposed(c), alpha, beta};
    x.bounded = bounded(x);
    const auto part = [&x](const Range& rows, const Range& columns) {
        const DefaultEnvironment environment;
        multiply_part(x, rows, columns);
    };
    const std::size_t threads = useful_threads(c.rows, c.columns, a.columns, options.threads);
    if (threads == 1 && Grid::is_one_part(x.c.rows, x.c.columns)) return part({0, x.c.rows}, {0, x.c.columns});
    const Grid grid(x.c.rows, x.c.columns, threads);
    for_each_part(grid.parts(), options.threads, [&](std::size_t i) { part(grid.rows(i), grid.columns(i)); });
}

}  // namespace

void gemm(const GemmPolicy& policy, const MatrixView<const float>& a, const MatrixView<const float>& b,
          const MatrixView<float>& c, const GemmOptions& options) {
    multiply(policy, a, b, c, options);
}
void gemm(const GemmPolicy& policy, const MatrixView<const std::uint16_t>& a, const MatrixView<const std::uint16_t>& b,
          const MatrixView<float>& c, const GemmOptions& options) {
    multiply(policy, a, b, c, options);
}
void gemm(const GemmPolicy& policy, const MatrixView<const std::uint16_t>& a, const MatrixView<const std::uint16_t>& b,
          const MatrixView<std::uint16_t>& c, const GemmOptions& options) {
    multiply(policy, a, b, c, options);
}

}  // namespace halfulp::kernel
