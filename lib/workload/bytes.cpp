#include <memory>

#include <halfulp/lib/kernel/gemv.hpp>
#include <halfulp/lib/kernel/int8/int8_gemm.hpp>
#include <halfulp/lib/kernel/reduce.hpp>
#include <halfulp/lib/workload/computations.hpp>
#include <halfulp/lib/workload/stored.hpp>

namespace halfulp::workload {
namespace {

struct Bytes {
    Problem problem;  ///< for its shape, and its bias
    StoredBytes a, b;
    std::vector<std::int32_t> c;
    std::vector<float> results;
    unsigned threads;
};

void scale_all(Bytes& x) {
    for (std::size_t i = 0; i < x.c.size(); ++i)
        x.results[i] = scaled(x.problem, x.c[i], x.a.scale, x.b.scale, i % x.problem.n);
}

void run_product(Bytes& x) {
    const Problem& p = x.problem;
    const kernel::MatrixView<const std::int8_t> a = kernel::row_major<const std::int8_t>(x.a.bytes.data(), p.m, p.k);
    if (p.n == 1)
        kernel::gemv(a, x.b.bytes, x.c, x.threads);
    else
        static_cast<void>(kernel::int8_gemm(a, kernel::row_major<const std::int8_t>(x.b.bytes.data(), p.k, p.n),
                                            kernel::row_major(x.c.data(), p.m, p.n), {.threads = x.threads}));
    scale_all(x);
}

void run_reduction(Bytes& x) {
    const std::int64_t sum =
        x.problem.workload.has_b ? kernel::dot(x.a.bytes, x.b.bytes, x.threads) : kernel::sum(x.a.bytes, x.threads);
    x.results[0] = scaled(x.problem, sum, x.a.scale, x.b.scale, 0);
}

}  // namespace

std::optional<Computation> prepare_bytes(const Problem& p, const Policy&, unsigned threads) {
    const auto x = std::make_shared<Bytes>(Bytes{{p.workload, p.m, p.n, p.k, {}, {}, p.bias},
                                                 stored_bytes(p.a),
                                                 stored_bytes(p.b),
                                                 std::vector<std::int32_t>(p.m * p.n),
                                                 std::vector<float>(p.m * p.n),
                                                 threads});
    const auto run = p.workload.is_vector ? run_reduction : run_product;
    return Computation{[=] { run(*x); }, [x] { return std::vector<double>(x->results.begin(), x->results.end()); },
                       p.a.size() + p.b.size() + (x->results.size() + p.bias.size()) * sizeof(float), 0};
}

}  // namespace halfulp::workload
