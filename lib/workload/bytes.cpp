#include <memory>

#include <halfulp/lib/workload/computations.h>
#include <halfulp/lib/kernel/gemv.hpp>
#include <halfulp/lib/kernel/int8/int8_gemm.hpp>
#include <halfulp/lib/kernel/layer.hpp>
#include <halfulp/lib/kernel/reduce.hpp>
#include <halfulp/lib/workload/stored.hpp>

namespace halfulp::workload {
namespace {

/// Sums are in 32 bits but for vectors, whose one sum is in 64.
struct Bytes {
    Problem problem;  ///< for its shape, and its bias
    StoredBytes a, b;
    std::vector<std::int32_t> c;
    std::int64_t sum = 0;
    std::vector<float> layer = {};
    unsigned threads;
};

void run_product(Bytes& x) {
    const Problem& p = x.problem;
    const auto a = kernel::row_major<const std::int8_t>(x.a.bytes.data(), p.m, p.k);
    if (p.n == 1 && p.k <= kernel::most_columns_of_bytes)  // int8_gemm looks at the bytes themselves
        kernel::gemv(a, x.b.bytes, x.c, x.threads);
    else
        static_cast<void>(kernel::int8_gemm(a, kernel::row_major<const std::int8_t>(x.b.bytes.data(), p.k, p.n),
                                            kernel::row_major(x.c.data(), p.m, p.n), {.threads = x.threads}));
}

void run_reduction(Bytes& x) {
    x.sum = x.problem.workload.has_b ? kernel::dot(x.a.bytes, x.b.bytes, x.threads) : kernel::sum(x.a.bytes, x.threads);
}

/// What follows the product in a layer is part of it.
void run_layer(Bytes& x) {
    run_product(x);
    kernel::finish_layer(x.c, x.a.scale * x.b.scale, x.problem.bias, x.layer);
}

std::vector<double> results(const Bytes& x) {
    const Problem& p = x.problem;
    if (p.workload.kind == Kind::Layer) return {x.layer.begin(), x.layer.end()};
    if (p.workload.is_vector) return {scaled(p, x.sum, x.a.scale, x.b.scale, 0)};
    std::vector<double> numbers;
    for (std::size_t i = 0; i < x.c.size(); ++i) numbers.push_back(scaled(p, x.c[i], x.a.scale, x.b.scale, i % p.n));
    return numbers;
}

}  // namespace

std::optional<Computation> prepare_bytes(const Problem& p, const Policy&, unsigned threads) {
    const auto x = std::make_shared<Bytes>(Bytes{.problem = {p.workload, p.m, p.n, p.k, {}, {}, p.bias},
                                                 .a = stored_bytes(p.a),
                                                 .b = stored_bytes(p.b),
                                                 .c = std::vector<std::int32_t>(p.workload.is_vector ? 0 : p.m * p.n),
                                                 .threads = threads});
    const bool is_layer = p.workload.kind == Kind::Layer;
    if (is_layer) x->layer.resize(x->c.size());
    const auto run = p.workload.is_vector ? run_reduction : is_layer ? run_layer : run_product;
    const std::size_t result_bytes = p.workload.is_vector ? sizeof(std::int64_t) : x->c.size() * sizeof(std::int32_t);
    return Computation{[=] { run(*x); }, [x] { return results(*x); },
                       p.a.size() + p.b.size() + result_bytes + p.bias.size() * sizeof(float), 0};
}

}  // namespace halfulp::workload
