#pragma once

#if defined(__SSE2__)
// Not all of <immintrin.h>: Highway includes that where GCC does not warn of it.
#include <xmmintrin.h>
#else
#include <cfenv>
#endif

#include <halfulp/softfloat/env.hpp>

namespace halfulp::kernel {

/// For its lifetime the CPU rounds to nearest, keeps subnormal numbers and has raised no flag, whatever the caller has
/// set; afterwards that is set again. Kernels are called by pointer in between: no compiler moves such a call.
class DefaultEnvironment {
  public:
    DefaultEnvironment(const DefaultEnvironment&) = delete;
    DefaultEnvironment& operator=(const DefaultEnvironment&) = delete;

#if defined(__SSE2__)
    // MXCSR alone, an order of magnitude faster than <cfenv>, which looks after the x87 too.
    DefaultEnvironment() : saved_(_mm_getcsr()) { _mm_setcsr(all_masked); }
    ~DefaultEnvironment() { _mm_setcsr(saved_); }

    /// The flags that operations of the CPU have raised since it began.
    Status raised() const {
        const unsigned flags = _mm_getcsr();
        return {.invalid = (flags & _MM_EXCEPT_INVALID) != 0,
                .divide_by_zero = (flags & _MM_EXCEPT_DIV_ZERO) != 0,
                .overflow = (flags & _MM_EXCEPT_OVERFLOW) != 0,
                .underflow = (flags & _MM_EXCEPT_UNDERFLOW) != 0,
                .inexact = (flags & _MM_EXCEPT_INEXACT) != 0};
    }

  private:
    static constexpr unsigned all_masked = 0x1F80;
    unsigned saved_;
#else
    DefaultEnvironment() {
        std::fegetenv(&saved_);
        std::fesetenv(FE_DFL_ENV);
    }
    ~DefaultEnvironment() { std::fesetenv(&saved_); }

    /// The flags that operations of the CPU have raised since it began.
    Status raised() const {
        const int flags = std::fetestexcept(FE_ALL_EXCEPT);
        return {.invalid = (flags & FE_INVALID) != 0,
                .divide_by_zero = (flags & FE_DIVBYZERO) != 0,
                .overflow = (flags & FE_OVERFLOW) != 0,
                .underflow = (flags & FE_UNDERFLOW) != 0,
                .inexact = (flags & FE_INEXACT) != 0};
    }

  private:
    std::fenv_t saved_{};
#endif
};

}  // namespace halfulp::kernel
