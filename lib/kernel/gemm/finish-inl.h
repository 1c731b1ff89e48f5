// From a tile of sums to elements of C.

#if defined(HALFULP_KERNEL_GEMM_FINISH) == defined(HWY_TARGET_TOGGLE)
#ifdef HALFULP_KERNEL_GEMM_FINISH
#undef HALFULP_KERNEL_GEMM_FINISH
#else
#define HALFULP_KERNEL_GEMM_FINISH
#endif

#include <halfulp/lib/kernel/gemm/tile-inl.h>
#include <halfulp/lib/kernel/matrix_view.hpp>

HWY_BEFORE_NAMESPACE();
namespace halfulp::kernel::HWY_NAMESPACE {

/// C = alpha * sum + beta * C in an arithmetic; or alpha * sum, and C is not read; or beta * C.
template <class Arithmetic, class Storage>
class Finish {
  public:
    using Result = typename Storage::Element;

    Finish(const Storage& storage, float alpha, float beta) : storage_(storage), alpha_(alpha), beta_(beta) {}

    /// Rows of sums lie `pitch` apart, and are whole vectors.
    void operator()(const float* sums, std::size_t pitch, const MatrixView<Result>& c) const {
        if (reads_c()) return rows<true>(sums, pitch, c);
        rows<false>(sums, pitch, c);
    }

    bool reads_c() const { return beta_ != 0; }
    template <bool reads_c>
    HWY_INLINE void vector(const typename Arithmetic::Sum& sum, Result* c) const {
        const auto alpha = Arithmetic::broadcast(&alpha_);
        if constexpr (reads_c) store(Arithmetic::multiply_add(alpha, sum, scaled(c)), c);
        if constexpr (!reads_c) store(Arithmetic::multiply(alpha, sum), c);
    }

    /// What is left where no product is: beta * C.
    void without_product(const MatrixView<Result>& c) const {
        for (std::size_t i = 0; i < c.rows; ++i)
            for (std::size_t j = 0; j < c.columns; j += lanes)
                in_buffer(block(c, i, 1, j, std::min(lanes, c.columns - j)), beta_ != 0,
                          [&](Result* x) HWY_ATTR { store(scaled(x), x); });
    }

  private:
    static HWY_INLINE typename Arithmetic::Sum sum(const float* x) { return Arithmetic::sum(hn::LoadU(FloatTag(), x)); }
    HWY_INLINE typename Arithmetic::Sum scaled(const Result* old) const {
        if (beta_ == 0) return Arithmetic::factor(hn::Zero(FloatTag()));
        return Arithmetic::multiply(Arithmetic::broadcast(&beta_), Arithmetic::factor(storage_.load(old)));
    }
    HWY_INLINE void store(typename Arithmetic::Sum x, Result* to) const { storage_.store(Arithmetic::floats(x), to); }

    template <bool reads_c>
    HWY_INLINE void rows(const float* sums, std::size_t pitch, const MatrixView<Result>& c) const {
        const std::size_t whole = c.column_stride == 1 ? c.columns - c.columns % lanes : 0;
        for (std::size_t i = 0; i < c.rows; ++i) {
            const float* row = sums + i * pitch;
            for (std::size_t j = 0; j < whole; j += lanes) vector<reads_c>(Arithmetic::load_sum(row + j), c.at(i, j));
            for (std::size_t j = whole; j < c.columns; j += lanes)
                in_buffer(block(c, i, 1, j, std::min(lanes, c.columns - j)), reads_c,
                          [&](Result* x) HWY_ATTR { vector<reads_c>(Arithmetic::load_sum(row + j), x); });
        }
    }

    /// Fewer elements than a vector has, or elements apart, by way of a whole vector of them.
    template <class Function>
    HWY_INLINE void in_buffer(const MatrixView<Result>& c, bool reads_c, const Function& function) const {
        Result buffer[lanes] = {};
        for (std::size_t j = 0; reads_c && j < c.columns; ++j) buffer[j] = c(0, j);
        function(buffer);
        for (std::size_t j = 0; j < c.columns; ++j) c(0, j) = buffer[j];
    }

    Storage storage_;
    float alpha_, beta_;
};

}  // namespace halfulp::kernel::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#endif
