#include <memory>

#include <halfulp/lib/workload/computations.h>
#include <halfulp/lib/kernel/arithmetic.hpp>
#include <halfulp/lib/kernel/gemm.hpp>
#include <halfulp/lib/kernel/layer.hpp>
#include <halfulp/lib/workload/stored.hpp>

namespace halfulp::workload {
namespace {

/// Operands and results in memory: codes of 16 bits, or numbers of binary32.
template <class In, class Out>
struct Matrices {
    kernel::GemmPolicy gemm;
    std::size_t m, n, k;
    std::vector<In> a, b;
    std::vector<Out> c, bias;  ///< no bias where there is none; codes once for every row
    unsigned threads;
    Format result;
};

/// Negative numbers become 0. NaN stays, so that it is seen.
void cut_off(const Format& f, std::vector<std::uint16_t>& codes) {
    const auto least = static_cast<std::uint16_t>(f.sign_bit() + 1);  // from there to -infinity
    const auto count = static_cast<std::uint16_t>(f.inf_code());
    for (std::uint16_t& code : codes) {
        const bool is_negative = static_cast<std::uint16_t>(code - least) < count;  // one comparison, and no branch
        code = is_negative ? 0 : code;
    }
}

template <class In>
void finish_layer(Matrices<In, float>& x) {
    kernel::finish_layer(x.c, x.bias);
}
void finish_layer(Matrices<std::uint16_t, std::uint16_t>& x) {
    static_cast<void>(kernel::add(x.result, x.c, x.bias, x.c));
    cut_off(x.result, x.c);
}

template <class In, class Out>
void run(Matrices<In, Out>& x) {
    kernel::gemm(x.gemm, kernel::row_major<const In>(x.a.data(), x.m, x.k),
                 kernel::row_major<const In>(x.b.data(), x.k, x.n), kernel::row_major(x.c.data(), x.m, x.n),
                 {.threads = x.threads});
    if (!x.bias.empty()) finish_layer(x);
}

template <class In, class Out>
Computation computation(const Problem& p, const Policy& policy, unsigned threads) {
    auto x = std::make_shared<Matrices<In, Out>>(Matrices<In, Out>{*kernel::find_gemm_policy(policy.gemm),
                                                                   p.m,
                                                                   p.n,
                                                                   p.k,
                                                                   kept<In>(policy.storage.format, p.a),
                                                                   kept<In>(policy.storage.format, p.b),
                                                                   std::vector<Out>(p.m * p.n),
                                                                   {},
                                                                   threads,
                                                                   policy.result});
    if (p.workload.kind == Kind::Layer) {
        const std::vector<Out> bias = kept<Out>(policy.result, p.bias);
        for (std::size_t i = 0; i < (sizeof(Out) == 2 ? p.m : 1); ++i)
            x->bias.insert(x->bias.end(), bias.begin(), bias.end());
    }
    const std::size_t numbers = p.a.size() + p.b.size();
    return {[x] { run(*x); }, [x] { return numbers_of(x->result, x->c); },
            numbers * sizeof(In) + (x->c.size() + p.bias.size()) * sizeof(Out), sizeof(In) == 2 ? numbers : 0};
}

}  // namespace

std::optional<Computation> prepare_product(const Problem& problem, const Policy& policy, unsigned threads) {
    if (policy.gemm.empty()) return std::nullopt;
    if (policy.storage == binary32) return computation<float, float>(problem, policy, threads);
    if (policy.result == binary32) return computation<std::uint16_t, float>(problem, policy, threads);
    return computation<std::uint16_t, std::uint16_t>(problem, policy, threads);
}

}  // namespace halfulp::workload
