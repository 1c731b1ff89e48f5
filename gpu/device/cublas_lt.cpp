#include <halfulp/gpu/device/cublas_lt.hpp>

#include <fmt/format.h>

#include <halfulp/gpu/device/clock.h>
#include <halfulp/lib/io/shared_library.hpp>

namespace halfulp::gpu {
namespace {

// cublasComputeType_t, cudaDataType_t and the attributes of cublasLt.h.
constexpr int compute_in_f32 = 68, f32 = 0, f16 = 2;
constexpr int transposes_a = 3, most_workspace = 1;
/// What NVIDIA's manual of cuBLAS recommends for Hopper, and enough for the others.
constexpr std::size_t workspace_bytes = std::size_t{32} << 20;

template <class Visit>
void for_each_function(CublasLtFunctions& f, Visit visit) {
    visit("cublasLtCreate", f.create);
    visit("cublasLtDestroy", f.destroy);
    visit("cublasLtGetStatusString", f.status_string);
    visit("cublasLtGetVersion", f.version);
    visit("cublasLtMatmulDescCreate", f.product_create);
    visit("cublasLtMatmulDescDestroy", f.product_destroy);
    visit("cublasLtMatmulDescSetAttribute", f.product_set);
    visit("cublasLtMatrixLayoutCreate", f.layout_create);
    visit("cublasLtMatrixLayoutDestroy", f.layout_destroy);
    visit("cublasLtMatmulPreferenceCreate", f.preference_create);
    visit("cublasLtMatmulPreferenceDestroy", f.preference_destroy);
    visit("cublasLtMatmulPreferenceSetAttribute", f.preference_set);
    visit("cublasLtMatmulAlgoGetHeuristic", f.find_algorithms);
    visit("cublasLtMatmul", f.multiply);
}

/// What the library has handed out, given back in the end.
using Opaque = std::unique_ptr<void, int (*)(void*)>;

/// A product as cublasLt wants it. It knows columns of numbers where this library has rows, so that D comes out as
/// D^T = B^T A^T: b, whose columns are those of B, is its first matrix and is transposed; a is its second one.
class Setup {
  public:
    Setup(const CublasLtFunctions& f, std::string device, const HalfProduct& p)
        : f_(&f),
          device_(std::move(device)),
          p_(p),
          handle_(made("cublasLtCreate", f.destroy, f.create)),
          product_(made("cublasLtMatmulDescCreate", f.product_destroy, f.product_create, compute_in_f32, f32)),
          first_(layout(f16, p.k, p.n, p.ldb)),
          second_(layout(f16, p.k, p.m, p.lda)),
          result_(layout(f32, p.n, p.m, p.n)) {
        const std::int32_t transposed = 1;
        check("cublasLtMatmulDescSetAttribute",
              f.product_set(product_.get(), transposes_a, &transposed, sizeof transposed));
        find_algorithm();
    }

    void multiply(Address workspace) const {
        const float one = 1, zero = 0;
        check("cublasLtMatmul",
              f_->multiply(handle_.get(), product_.get(), &one, p_.b, first_.get(), p_.a, second_.get(), &zero, p_.d,
                           result_.get(), p_.d, result_.get(), &algorithm_, workspace, workspace_bytes, nullptr));
    }

  private:
    void check(const char* call, int status) const {
        if (status != 0)
            throw DeviceError(DeviceError::Kind::Refused,
                              fmt::format("{}: {}: {} ({})", device_, call, f_->status_string(status), status));
    }

    template <class Create, class... Arguments>
    Opaque made(const char* call, int (*destroy)(void*), Create create, Arguments... arguments) const {
        void* opaque = nullptr;
        check(call, create(&opaque, arguments...));
        return {opaque, destroy};
    }

    Opaque layout(int type, std::uint64_t rows, std::uint64_t columns, std::int64_t pitch) const {
        return made("cublasLtMatrixLayoutCreate", f_->layout_destroy, f_->layout_create, type, rows, columns, pitch);
    }

    void find_algorithm() {
        const Opaque preference = made("cublasLtMatmulPreferenceCreate", f_->preference_destroy, f_->preference_create);
        check("cublasLtMatmulPreferenceSetAttribute",
              f_->preference_set(preference.get(), most_workspace, &workspace_bytes, sizeof workspace_bytes));
        int found = 0;
        check("cublasLtMatmulAlgoGetHeuristic",
              f_->find_algorithms(handle_.get(), product_.get(), first_.get(), second_.get(), result_.get(),
                                  result_.get(), preference.get(), 1, &algorithm_, &found));
        if (found == 0)
            throw DeviceError(DeviceError::Kind::Refused, device_ + ": cublasLt has no algorithm for this product");
        check("cublasLtMatmulAlgoGetHeuristic", algorithm_.status);
    }

    const CublasLtFunctions* f_;
    std::string device_;
    HalfProduct p_;
    Opaque handle_, product_, first_, second_, result_;
    CublasLtAlgorithm algorithm_{};
};

}  // namespace

std::unique_ptr<const CublasLt> CublasLt::load(std::string& absence) {
    auto loaded = std::make_unique<CublasLt>();
    loaded->library_ = open_library({"libcublasLt.so.13", "libcublasLt.so.12"});
    absence = "no cublasLt (neither libcublasLt.so.13 nor .12 is there)";
    if (!loaded->library_) return nullptr;
    const std::string lacking =
        find_functions(loaded->library_, [&](const auto& visit) { for_each_function(loaded->functions_, visit); });
    absence = lacking.empty() ? "" : "libcublasLt lacks " + lacking;
    return lacking.empty() ? std::move(loaded) : nullptr;
}

std::string CublasLt::version() const {
    const std::size_t number = functions_.version();  // 130100 for 13.1.0
    return fmt::format("{}.{}.{}", number / 10000, number / 100 % 100, number % 100);
}

double CublasLt::seconds(const DriverApi& api, Device& device, const HalfProduct& product, unsigned times) const {
    const Setup setup(functions_, device.name(), product);
    const DeviceArray<std::byte> workspace(device, workspace_bytes);
    setup.multiply(workspace.address());
    return seconds_of(api, device.name(), "cublasLtMatmul", [&] {
        for (unsigned i = 0; i < times; ++i) setup.multiply(workspace.address());
    });
}

}  // namespace halfulp::gpu
