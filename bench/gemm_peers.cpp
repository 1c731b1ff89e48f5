#include "gemm_peers.hpp"

#include <array>
#include <cstdlib>

#include <halfulp/lib/io/shared_library.hpp>

#if HALFULP_HAS_LIBXSMM
#include <libxsmm.h>
#endif

namespace halfulp::bench {

namespace {

using BlasSgemm = void (*)(const char*, const char*, const int*, const int*, const int*, const float*, const float*,
                           const int*, const float*, const int*, const float*, float*, const int*);
using Text = const char* (*)();

template <class Function>
Function function(const std::shared_ptr<void>& library, const char* name) {
    return reinterpret_cast<Function>(address_of(library, name));
}

/// BLAS has columns: C^T = B^T A^T.
GemmPeer blas(const std::string& name, const char* file, const std::vector<const char*>& descriptions) {
    const std::shared_ptr<void> library = open_library({file});
    const auto sgemm = library == nullptr ? nullptr : function<BlasSgemm>(library, "sgemm_");
    if (sgemm == nullptr) return {name, std::string(file) + " is not installed: skipped", nullptr};
    std::string state;
    for (const char* description : descriptions)
        if (const auto text = function<Text>(library, description))
            state += (state.empty() ? "" : ", ") + std::string(text());
    return {name, state, [library, sgemm](int n) -> Sgemm {
                return [library, sgemm, n](const float* a, const float* b, float* c) {
                    const float one = 1, zero = 0;
                    sgemm("N", "N", &n, &n, &n, &one, b, &n, a, &n, &zero, c, &n);
                };
            }};
}

#if HALFULP_HAS_LIBXSMM
Sgemm xsmm_for_size(int n) {
    constexpr int most = 128;  // beyond, it packs nothing and is no peer
    const float one = 1, zero = 0;
    const auto kernel =
        n > most ? nullptr : libxsmm_smmdispatch(n, n, n, nullptr, nullptr, nullptr, &one, &zero, nullptr, nullptr);
    if (kernel == nullptr) return nullptr;
    return [kernel](const float* a, const float* b, float* c) { kernel(b, a, c); };
}
GemmPeer xsmm() {
    libxsmm_init();
    return {"libxsmm", std::string(LIBXSMM_VERSION) + ", " + libxsmm_get_target_arch(), xsmm_for_size};
}
#else
GemmPeer xsmm() { return {"libxsmm", "was not found when this was built: skipped", nullptr}; }
#endif

}  // namespace

std::vector<GemmPeer> gemm_peers(bool avx2) {
    // Read when the libraries are loaded or first used; what the caller has set stays. They are told the CPU, as they know
    // none that is younger than they are: then OpenBLAS takes it for one of 2004, and BLIS for one without AVX-512.
    constexpr std::array<std::array<const char*, 3>, 5> settings{{{"OPENBLAS_NUM_THREADS", "1", "1"},
                                                                  {"BLIS_NUM_THREADS", "1", "1"},
                                                                  {"OPENBLAS_CORETYPE", "SkylakeX", "Haswell"},
                                                                  {"BLIS_ARCH_TYPE", "0", "3"},  // skx, haswell
                                                                  {"LIBXSMM_TARGET", "skx", "hsw"}}};
    for (const auto& [variable, avx512, haswell] : settings) setenv(variable, avx2 ? haswell : avx512, 0);
    return {blas("OpenBLAS", "libopenblas.so.0", {"openblas_get_config", "openblas_get_corename"}),
            blas("BLIS", "libblis.so.4", {"bli_info_get_version_str"}), xsmm()};
}

}  // namespace halfulp::bench
