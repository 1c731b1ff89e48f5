#include "int8_peers.hpp"

#include <algorithm>
#include <cmath>
#include <memory>

#if __has_include(<oneapi/dnnl/dnnl.h>)
#include <omp.h>
#include <oneapi/dnnl/dnnl.h>
#endif
#if __has_include(<xnnpack.h>)
#include <xnnpack.h>
#endif

namespace halfulp::bench {

namespace {

#if __has_include(<oneapi/dnnl/dnnl.h>)

using Sums = std::vector<std::int32_t>;

std::size_t wrong_sums(const Sums& got, const std::vector<std::int64_t>& expected) {
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < got.size(); ++i) wrong += got[i] != expected[i] ? 1U : 0U;
    return wrong;
}

void add_onednn(const Int8Problem& x, std::vector<Int8Peer>& peers) {
    omp_set_num_threads(1);  // or it takes all
    const auto n = static_cast<dnnl_dim_t>(x.n);
    const auto c = std::make_shared<Sums>(x.n * x.n);
    peers.push_back({"oneDNN s8s8",
                     [&x, n, c] {
                         const std::int32_t offset = 0;
                         dnnl_gemm_s8s8s32('N', 'N', 'F', n, n, n, 1, x.a.data(), n, 0, x.b.data(), n, 0, 0, c->data(),
                                           n, &offset);
                     },
                     [&x, c] { return wrong_sums(*c, x.product); }});
    // The same numbers by A + 128, which its zero point takes off again.
    const auto a = std::make_shared<std::vector<std::uint8_t>>(x.a.size());
    std::transform(x.a.begin(), x.a.end(), a->begin(),
                   [](int number) { return static_cast<std::uint8_t>(number + 128); });
    const auto d = std::make_shared<Sums>(x.n * x.n);
    peers.push_back({"oneDNN u8s8",
                     [&x, n, a, d] {
                         const std::int32_t offset = 0;
                         dnnl_gemm_u8s8s32('N', 'N', 'F', n, n, n, 1, a->data(), n, 128, x.b.data(), n, 0, 0, d->data(),
                                           n, &offset);
                     },
                     [&x, d] { return wrong_sums(*d, x.product); }});
}

std::string onednn_text() {
    const dnnl_cpu_isa_t isa = dnnl_get_effective_cpu_isa();
    const char* name = isa == dnnl_cpu_isa_avx2          ? "AVX2"
                       : isa == dnnl_cpu_isa_avx512_core ? "AVX-512"
                       : (isa & dnnl_cpu_isa_avx512_core_vnni) == dnnl_cpu_isa_avx512_core_vnni
                           ? "AVX-512 with VNNI"
                           : "another instruction set";
    return std::string("oneDNN takes ") + name;
}

#else
void add_onednn(const Int8Problem&, std::vector<Int8Peer>&) {}
std::string onednn_text() { return "no oneDNN (libdnnl-dev)"; }
#endif

#if __has_include(<xnnpack.h>)

/// A fully connected layer, whose results are rounded to bytes: here to multiples of 2^16, halves to even.
void add_xnnpack(const Int8Problem& x, std::vector<Int8Peer>& peers) {
    constexpr float unit = 65536;
    const std::size_t n = x.n;
    std::vector<std::int8_t> weights(n * n);  // a row for each output
    for (std::size_t k = 0; k < n; ++k)
        for (std::size_t j = 0; j < n; ++j) weights[j * n + k] = x.b[k * n + j];
    xnn_operator_t layer = nullptr;
    if (xnn_initialize(nullptr) != xnn_status_success ||
        xnn_create_fully_connected_nc_qs8(n, n, n, n, 0, 1, 1, weights.data(), nullptr, 0, unit, INT8_MIN, INT8_MAX, 0,
                                          &layer) != xnn_status_success)
        return;
    const std::shared_ptr<xnn_operator> kept(layer, xnn_delete_operator);
    // It reads a little beyond its operands.
    const auto a = std::make_shared<std::vector<std::int8_t>>(x.a);
    a->resize(a->size() + XNN_EXTRA_BYTES);
    const auto c = std::make_shared<std::vector<std::int8_t>>(n * n + XNN_EXTRA_BYTES);
    xnn_setup_fully_connected_nc_qs8(layer, n, a->data(), c->data(), nullptr);
    peers.push_back({"XNNPACK qs8", [kept, a, c] { xnn_run_operator(kept.get(), nullptr); },
                     [&x, c] {
                         std::size_t wrong = 0;
                         for (std::size_t i = 0; i < x.product.size(); ++i) {
                             const double exact = std::nearbyint(static_cast<double>(x.product[i]) / unit);
                             wrong += (*c)[i] != std::clamp(exact, -128.0, 127.0) ? 1U : 0U;
                         }
                         return wrong;
                     }});
}
std::string xnnpack_text() { return "XNNPACK takes what it finds"; }

#else
void add_xnnpack(const Int8Problem&, std::vector<Int8Peer>&) {}
std::string xnnpack_text() { return "no XNNPACK (libxnnpack-dev)"; }
#endif

}  // namespace

std::vector<Int8Peer> int8_peers(const Int8Problem& problem) {
    std::vector<Int8Peer> peers;
    add_onednn(problem, peers);
    add_xnnpack(problem, peers);
    return peers;
}

std::string int8_peers_text() { return onednn_text() + "; " + xnnpack_text(); }

}  // namespace halfulp::bench
