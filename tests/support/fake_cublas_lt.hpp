#pragma once

#include <bit>
#include <cstddef>
#include <numeric>
#include <optional>
#include <string>
#include <vector>

#include <halfulp/gpu/device/cublas_lt_functions.hpp>
#include <halfulp/softfloat/convert.hpp>
#include <halfulp/softfloat/formats.hpp>

#include "support/fake_driver.hpp"

// What a test puts behind fake_driver/libcublasLt.cpp: products as the manual of cuBLAS defines them, of fp16 in fp32, on
// the memory of the fake driver. The test defines halfulp_fake_cublas_lt().

namespace halfulp::test {

class FakeCublasLt {
  public:
    static FakeCublasLt& get() {
        static FakeCublasLt library;
        return library;
    }
    void reset() { *this = FakeCublasLt(); }

    std::string failing;    ///< a function that fails
    bool knows_one = true;  ///< an algorithm
    int alive = 0;          ///< handles and the like that were handed out and not given back
    int products = 0;       ///< that were computed

    const gpu::CublasLtFunctions& functions() const { return functions_; }

  private:
    static constexpr int unsupported = 15, f16 = 2, f32 = 0, f32_sums = 68;

    struct Product {
        bool transposes_a = false;
    };
    /// Column after column, `pitch` numbers apart.
    struct Layout {
        int type;
        std::uint64_t rows, columns;
        std::int64_t pitch;
    };
    struct Preference {
        std::size_t most_workspace = 0;
    };

    FakeCublasLt() {
        handles(functions_);
        descriptions(functions_);
        functions_.find_algorithms = [](void*, void*, void*, void*, void*, void*, void* preference, int wanted,
                                        gpu::CublasLtAlgorithm* algorithms, int* found) {
            *found = get().knows_one ? 1 : 0;
            if (wanted != 1) return unsupported;
            algorithms[0] = {.data = {7},
                             .workspace_bytes = static_cast<Preference*>(preference)->most_workspace,
                             .status = 0,
                             .waves = 1,
                             .reserved = {}};
            return get().status_of("cublasLtMatmulAlgoGetHeuristic");
        };
        functions_.multiply = [](void*, void* product, const void* alpha, std::uint64_t a, void* a_layout,
                                 std::uint64_t b, void* b_layout, const void* beta, std::uint64_t c, void* c_layout,
                                 std::uint64_t d, void* d_layout, const gpu::CublasLtAlgorithm* algorithm,
                                 std::uint64_t workspace, std::size_t workspace_bytes, void* stream) {
            const bool usual = c == d && c_layout == d_layout && stream == nullptr && workspace != 0 &&
                               algorithm->data[0] == 7 && algorithm->workspace_bytes <= workspace_bytes &&
                               algorithm->workspace_bytes > 0 && *static_cast<const float*>(alpha) == 1 &&
                               *static_cast<const float*>(beta) == 0;
            if (!usual) return unsupported;
            if (const int status = get().status_of("cublasLtMatmul"); status != 0) return status;
            return get().multiply(*static_cast<Product*>(product), a, *static_cast<Layout*>(a_layout), b,
                                  *static_cast<Layout*>(b_layout), d, *static_cast<Layout*>(d_layout));
        };
    }

    int status_of(const char* function) const { return failing == function ? unsupported : 0; }

    template <class T>
    static int hand_out(const char* function, void** opaque, const T& what) {
        if (const int status = get().status_of(function); status != 0) return status;
        *opaque = new T(what);
        ++get().alive;
        return 0;
    }
    template <class T>
    static int take_back(void* opaque) {
        delete static_cast<T*>(opaque);
        --get().alive;
        return 0;
    }

    static void handles(gpu::CublasLtFunctions& f) {
        f.create = [](void** handle) { return hand_out("cublasLtCreate", handle, 0); };
        f.destroy = take_back<int>;
        f.status_string = [](int) { return "as the fake library says"; };
        f.version = [] { return std::size_t{130100}; };
    }

    static void descriptions(gpu::CublasLtFunctions& f) {
        f.product_create = [](void** product, int compute_type, int scale_type) {
            if (compute_type != f32_sums || scale_type != f32) return unsupported;
            return hand_out("cublasLtMatmulDescCreate", product, Product{});
        };
        f.product_destroy = take_back<Product>;
        f.product_set = [](void* product, int attribute, const void* value, std::size_t bytes) {
            if (attribute != 3 || bytes != 4) return unsupported;
            static_cast<Product*>(product)->transposes_a = *static_cast<const std::int32_t*>(value) == 1;
            return get().status_of("cublasLtMatmulDescSetAttribute");
        };
        f.layout_create = [](void** layout, int type, std::uint64_t rows, std::uint64_t columns, std::int64_t pitch) {
            return hand_out("cublasLtMatrixLayoutCreate", layout, Layout{type, rows, columns, pitch});
        };
        f.layout_destroy = take_back<Layout>;
        f.preference_create = [](void** preference) {
            return hand_out("cublasLtMatmulPreferenceCreate", preference, Preference{});
        };
        f.preference_destroy = take_back<Preference>;
        f.preference_set = [](void* preference, int attribute, const void* value, std::size_t bytes) {
            if (attribute != 1 || bytes != sizeof(std::size_t)) return unsupported;
            static_cast<Preference*>(preference)->most_workspace = *static_cast<const std::size_t*>(value);
            return get().status_of("cublasLtMatmulPreferenceSetAttribute");
        };
    }

    using Columns = std::vector<std::vector<double>>;

    /// Nothing where the memory is not there.
    static std::optional<Columns> columns(std::uint64_t start, const Layout& layout) {
        Columns all;
        std::vector<std::uint16_t> codes(layout.rows);
        for (std::uint64_t j = 0; j < layout.columns; ++j) {
            const std::uint64_t place = start + 2 * j * static_cast<std::uint64_t>(layout.pitch);
            if (FakeDriver::get().functions().copy_to_host(codes.data(), place, 2 * codes.size()) != 0)
                return std::nullopt;
            all.emplace_back();
            for (const std::uint16_t code : codes)
                all.back().push_back(std::bit_cast<double>(convert(binary64, binary16, code).code));
        }
        return all;
    }

    /// D = A^T B.
    int multiply(const Product& product, std::uint64_t a, const Layout& a_layout, std::uint64_t b,
                 const Layout& b_layout, std::uint64_t d, const Layout& d_layout) {
        if (!product.transposes_a || a_layout.type != f16 || b_layout.type != f16 || d_layout.type != f32 ||
            a_layout.rows != b_layout.rows || a_layout.columns != d_layout.rows || b_layout.columns != d_layout.columns)
            return unsupported;
        const auto left = columns(a, a_layout), right = columns(b, b_layout);
        if (!left || !right) return unsupported;
        for (std::uint64_t j = 0; j < d_layout.columns; ++j) {
            std::vector<float> sums;
            for (const auto& row : *left)
                sums.push_back(
                    static_cast<float>(std::inner_product(row.begin(), row.end(), (*right)[j].begin(), 0.0)));
            const std::uint64_t place = d + 4 * j * static_cast<std::uint64_t>(d_layout.pitch);
            FakeDriver::get().functions().copy_to_device(place, sums.data(), 4 * sums.size());
        }
        ++products;
        ++FakeDriver::get().clock.launches;
        return 0;
    }

    gpu::CublasLtFunctions functions_;
};

}  // namespace halfulp::test
