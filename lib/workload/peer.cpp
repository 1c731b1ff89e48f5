#include <halfulp/lib/workload/peer.hpp>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <memory>

#include <halfulp/lib/io/shared_library.hpp>
#include <halfulp/lib/measure/loop.hpp>
#include <halfulp/lib/workload/stored.hpp>

namespace halfulp::workload {
namespace {

/// What is used of CBLAS, and of what OpenBLAS adds to it. Its integers are of 32 bits.
struct OpenBlas {
    std::shared_ptr<void> library;
    float (*sdot)(int, const float*, int, const float*, int) = nullptr;
    void (*sgemv)(int, int, int, int, float, const float*, int, const float*, int, float, float*, int) = nullptr;
    void (*sgemm)(int, int, int, int, int, int, float, const float*, int, const float*, int, float, float*,
                  int) = nullptr;
    void (*set_threads)(int) = nullptr;
    char* (*core)() = nullptr;
};
constexpr int row_major = 101, not_transposed = 111;  // cblas.h

/// What is used of oneDNN: row by row, C = A * B in 32 bits.
struct OneDnn {
    std::shared_ptr<void> library, openmp;
    void (*set_threads)(int) = nullptr;  ///< of the OpenMP that Debian's is built with
    int (*gemm_s8s8s32)(char, char, char, std::int64_t, std::int64_t, std::int64_t, float, const std::int8_t*,
                        std::int64_t, std::int8_t, const std::int8_t*, std::int64_t, std::int8_t, float, std::int32_t*,
                        std::int64_t, const std::int32_t*) = nullptr;
};

std::optional<Computation> by_openblas(const std::shared_ptr<OpenBlas>& blas, const Problem& p, unsigned threads) {
    if (p.k > std::numeric_limits<int>::max()) return std::nullopt;
    const int m = static_cast<int>(p.m), n = static_cast<int>(p.n), k = static_cast<int>(p.k);
    struct Operands {
        std::vector<float> a, b, c;
    };
    const auto x = std::make_shared<Operands>(Operands{p.a, p.b, std::vector<float>(p.m * p.n)});
    std::function<void()> run;
    switch (p.workload.kind) {
        case Kind::Dot: run = [=] { x->c[0] = blas->sdot(k, x->a.data(), 1, x->b.data(), 1); }; break;
        case Kind::Gemv:
            run = [=] {
                blas->sgemv(row_major, not_transposed, m, k, 1, x->a.data(), k, x->b.data(), 1, 0, x->c.data(), 1);
            };
            break;
        case Kind::Gemm:
            run = [=] {
                blas->sgemm(row_major, not_transposed, not_transposed, m, n, k, 1, x->a.data(), k, x->b.data(), n, 0,
                            x->c.data(), n);
            };
            break;
        default: return std::nullopt;
    }
    blas->set_threads(static_cast<int>(threads));
    return Computation{run, [x] { return std::vector<double>(x->c.begin(), x->c.end()); },
                       (x->a.size() + x->b.size() + x->c.size()) * sizeof(float), 0};
}

std::optional<Computation> by_onednn(const std::shared_ptr<OneDnn>& dnn, const Problem& p, unsigned threads) {
    if (p.workload.kind != Kind::Gemm) return std::nullopt;
    struct Operands {
        StoredBytes a, b;
        std::vector<std::int32_t> c;
    };
    const auto x = std::make_shared<Operands>(
        Operands{stored_bytes(p.a), stored_bytes(p.b), std::vector<std::int32_t>(p.m * p.n)});
    const auto m = static_cast<std::int64_t>(p.m), n = static_cast<std::int64_t>(p.n),
               k = static_cast<std::int64_t>(p.k);
    const auto run = [=] {
        const std::int32_t offset = 0;
        dnn->set_threads(static_cast<int>(threads));
        dnn->gemm_s8s8s32('N', 'N', 'F', m, n, k, 1, x->a.bytes.data(), k, 0, x->b.bytes.data(), n, 0, 0, x->c.data(),
                          n, &offset);
    };
    const auto results = [x, p] {
        std::vector<double> numbers;
        for (std::size_t i = 0; i < x->c.size(); ++i)
            numbers.push_back(scaled(p, x->c[i], x->a.scale, x->b.scale, i % p.n));
        return numbers;
    };
    return Computation{run, results, p.a.size() + p.b.size() + x->c.size() * sizeof(std::int32_t), 0};
}

/// OpenBLAS looks for names of processors, and takes new ones for the oldest: it is told which kernels suit the target that
/// ours choose, unless the user has told it.
void name_core() {
    constexpr int keep = 0;
    const std::string_view target = measure::target();
    if (target.starts_with("AVX3")) setenv("OPENBLAS_CORETYPE", "SkylakeX", keep);
    if (target == "AVX2") setenv("OPENBLAS_CORETYPE", "Haswell", keep);
}

void add_openblas(Peers& peers) {
    name_core();
    const auto blas = std::make_shared<OpenBlas>();
    blas->library = open_library({"libopenblas.so.0", "libopenblas.so"});
    if (!blas->library) {
        peers.absent.emplace_back("OpenBLAS (libopenblas0-pthread): no libopenblas.so.0");
        return;
    }
    const std::string lacking = find_functions(blas->library, [&](const auto& find) {
        find("cblas_sdot", blas->sdot);
        find("cblas_sgemv", blas->sgemv);
        find("cblas_sgemm", blas->sgemm);
        find("openblas_set_num_threads", blas->set_threads);
        find("openblas_get_corename", blas->core);
    });
    if (!lacking.empty()) {
        peers.absent.push_back("OpenBLAS: its library lacks " + lacking);
        return;
    }
    peers.installed.push_back({std::string("OpenBLAS ") + blas->core(), "fp32",
                               [blas](const Problem& p, unsigned threads) { return by_openblas(blas, p, threads); }});
}

void add_onednn(Peers& peers) {
    const auto dnn = std::make_shared<OneDnn>();
    dnn->library = open_library({"libdnnl.so.3", "libdnnl.so.2"});
    dnn->openmp = open_library({"libgomp.so.1"});
    if (!dnn->library || !dnn->openmp) {
        peers.absent.emplace_back("oneDNN (libdnnl2): no libdnnl.so.2, or no libgomp.so.1 that it works with");
        return;
    }
    const std::string lacking =
        find_functions(dnn->library, [&](const auto& find) { find("dnnl_gemm_s8s8s32", dnn->gemm_s8s8s32); }) +
        find_functions(dnn->openmp, [&](const auto& find) { find("omp_set_num_threads", dnn->set_threads); });
    if (!lacking.empty()) {
        peers.absent.push_back("oneDNN: its libraries lack " + lacking);
        return;
    }
    peers.installed.push_back(
        {"oneDNN", "int8", [dnn](const Problem& p, unsigned threads) { return by_onednn(dnn, p, threads); }});
}

}  // namespace

Peers find_peers() {
    Peers peers;
    add_openblas(peers);
    add_onednn(peers);
    return peers;
}

}  // namespace halfulp::workload
