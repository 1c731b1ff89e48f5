#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace halfulp::gpu {

/// cublasLtMatmulHeuristicResult_t, cublasLt.h: an algorithm, and what is known of it.
struct CublasLtAlgorithm {
    std::array<std::uint64_t, 8> data;
    std::size_t workspace_bytes;
    int status;  ///< 0 if it can be used
    float waves;
    std::array<int, 4> reserved;
};
static_assert(sizeof(CublasLtAlgorithm) == 96);

/// The functions of cublasLt that are used here, by cublasLt.h's signatures, which are the same in 12 and 13; each returns
/// 0 on success. What it hands out (handles, descriptions, layouts, preferences) are pointers that only it reads. Places in
/// a GPU's memory are numbers here, of the same size and passed in the same way as its pointers.
struct CublasLtFunctions {
    int (*create)(void** handle) = nullptr;
    int (*destroy)(void* handle) = nullptr;
    const char* (*status_string)(int status) = nullptr;
    std::size_t (*version)() = nullptr;
    int (*product_create)(void** product, int compute_type, int scale_type) = nullptr;
    int (*product_destroy)(void* product) = nullptr;
    int (*product_set)(void* product, int attribute, const void* value, std::size_t bytes) = nullptr;
    int (*layout_create)(void** layout, int type, std::uint64_t rows, std::uint64_t columns,
                         std::int64_t pitch) = nullptr;
    int (*layout_destroy)(void* layout) = nullptr;
    int (*preference_create)(void** preference) = nullptr;
    int (*preference_destroy)(void* preference) = nullptr;
    int (*preference_set)(void* preference, int attribute, const void* value, std::size_t bytes) = nullptr;
    int (*find_algorithms)(void* handle, void* product, void* a, void* b, void* c, void* d, void* preference,
                           int wanted, CublasLtAlgorithm* algorithms, int* found) = nullptr;
    int (*multiply)(void* handle, void* product, const void* alpha, std::uint64_t a, void* a_layout, std::uint64_t b,
                    void* b_layout, const void* beta, std::uint64_t c, void* c_layout, std::uint64_t d, void* d_layout,
                    const CublasLtAlgorithm* algorithm, std::uint64_t workspace, std::size_t workspace_bytes,
                    void* stream) = nullptr;
};

}  // namespace halfulp::gpu
