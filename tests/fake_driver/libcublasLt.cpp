// A libcublasLt.so.13 for tests: each function calls what the program that loads the library puts in its place.
#include <halfulp/gpu/device/cublas_lt_functions.hpp>

extern "C" {

/// Defined by the program.
const halfulp::gpu::CublasLtFunctions* halfulp_fake_cublas_lt();

int cublasLtCreate(void** handle) { return halfulp_fake_cublas_lt()->create(handle); }
int cublasLtDestroy(void* handle) { return halfulp_fake_cublas_lt()->destroy(handle); }
const char* cublasLtGetStatusString(int status) { return halfulp_fake_cublas_lt()->status_string(status); }
std::size_t cublasLtGetVersion() { return halfulp_fake_cublas_lt()->version(); }
int cublasLtMatmulDescCreate(void** product, int compute_type, int scale_type) {
    return halfulp_fake_cublas_lt()->product_create(product, compute_type, scale_type);
}
int cublasLtMatmulDescDestroy(void* product) { return halfulp_fake_cublas_lt()->product_destroy(product); }
int cublasLtMatmulDescSetAttribute(void* product, int attribute, const void* value, std::size_t bytes) {
    return halfulp_fake_cublas_lt()->product_set(product, attribute, value, bytes);
}
int cublasLtMatrixLayoutCreate(void** layout, int type, std::uint64_t rows, std::uint64_t columns, std::int64_t pitch) {
    return halfulp_fake_cublas_lt()->layout_create(layout, type, rows, columns, pitch);
}
int cublasLtMatrixLayoutDestroy(void* layout) { return halfulp_fake_cublas_lt()->layout_destroy(layout); }
int cublasLtMatmulPreferenceCreate(void** preference) {
    return halfulp_fake_cublas_lt()->preference_create(preference);
}
int cublasLtMatmulPreferenceDestroy(void* preference) {
    return halfulp_fake_cublas_lt()->preference_destroy(preference);
}
int cublasLtMatmulPreferenceSetAttribute(void* preference, int attribute, const void* value, std::size_t bytes) {
    return halfulp_fake_cublas_lt()->preference_set(preference, attribute, value, bytes);
}
int cublasLtMatmulAlgoGetHeuristic(void* handle, void* product, void* a, void* b, void* c, void* d, void* preference,
                                   int wanted, halfulp::gpu::CublasLtAlgorithm* algorithms, int* found) {
    return halfulp_fake_cublas_lt()->find_algorithms(handle, product, a, b, c, d, preference, wanted, algorithms,
                                                     found);
}
int cublasLtMatmul(void* handle, void* product, const void* alpha, std::uint64_t a, void* a_layout, std::uint64_t b,
                   void* b_layout, const void* beta, std::uint64_t c, void* c_layout, std::uint64_t d, void* d_layout,
                   const halfulp::gpu::CublasLtAlgorithm* algorithm, std::uint64_t workspace,
                   std::size_t workspace_bytes, void* stream) {
    return halfulp_fake_cublas_lt()->multiply(handle, product, alpha, a, a_layout, b, b_layout, beta, c, c_layout, d,
                                              d_layout, algorithm, workspace, workspace_bytes, stream);
}
}
